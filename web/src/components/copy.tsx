import { useState } from 'preact/hooks';
import { t } from '../i18n';
import { Icon } from './icons';

// The clipboard API exists on https and localhost only; elsewhere an old way.
async function copy_text(text: string) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  // Inside an open dialog nothing outside of it can take the focus.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('the browser did not copy');
}

export function Copy(props: { text: string; label?: string }) {
  const [done, set_done] = useState(false);
  const copy = () =>
    copy_text(props.text).then(
      () => {
        set_done(true);
        setTimeout(() => set_done(false), 1500);
      },
      () => set_done(false),
    );
  return (
    <span class="copy">
      <button
        type="button"
        class="button icon-only small"
        aria-label={props.label ?? t('action.copy')}
        title={props.label ?? t('action.copy')}
        onClick={copy}
      >
        <Icon name={done ? 'ok' : 'copy'} />
      </button>
      <span class="sr-only" role="status">
        {done ? t('state.copied') : ''}
      </span>
    </span>
  );
}

export function CopyLine(props: { text: string; label?: string }) {
  return (
    <span class="copy-line">
      <code>{props.text}</code>
      <Copy text={props.text} label={props.label} />
    </span>
  );
}
