import { useState } from 'preact/hooks';
import { t } from '../i18n';
import type { LogLines } from '../lib/log_lines';
import { IconButton } from './buttons';

// Finds text in a log and goes from hit to hit: Enter, Shift+Enter, Escape.
export function LogSearch(props: {
  lines: LogLines;
  show: (line: number) => void;
  search: (text: string) => void;
}) {
  const { lines, show, search } = props;
  const [text, set_text] = useState('');
  const [at, set_at] = useState(0);
  const hits = text ? lines.find(text) : [];
  const current = Math.min(at, Math.max(0, hits.length - 1));

  const change = (next: string) => {
    set_text(next);
    search(next);
    set_at(0);
    const first = next ? lines.find(next, 1)[0] : undefined;
    if (first) show(first);
  };
  const move = (by: number) => {
    if (!hits.length) return;
    const next = (current + by + hits.length) % hits.length;
    set_at(next);
    show(hits[next]!);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      move(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      change('');
    }
  };
  return (
    <div class="log-search" role="search">
      <input
        type="search"
        class="input search"
        data-search
        aria-label={t('log.search')}
        placeholder={t('log.search')}
        value={text}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={pressed}
      />
      {text && (
        <>
          <span class="num faint" role="status">
            {hits.length
              ? t('log.hit', { number: current + 1, count: hits.length })
              : t('log.no_hit')}
          </span>
          <IconButton
            icon="up"
            label={t('log.previous')}
            press={() => move(-1)}
          />
          <IconButton
            icon="down"
            label={t('log.next')}
            press={() => move(1)}
          />
        </>
      )}
    </div>
  );
}
