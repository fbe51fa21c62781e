// Keys: "g" and a letter goes somewhere, "/" searches, "?" explains.

import { useEffect, useRef } from 'preact/hooks';
import { t, type Key } from '../i18n';
import { go, to } from '../router';
import { Dialog } from './dialog';

const places: Record<string, { name: Key; to: string }> = {
  o: { name: 'nav.overview', to: to.overview },
  r: { name: 'nav.runs', to: to.runs },
  a: { name: 'nav.applications', to: to.applications },
  p: { name: 'nav.projects', to: to.projects },
};
const second_key_ms = 1500;

function is_typing(target: EventTarget | null) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export function use_shortcuts(show_help: () => void) {
  const g_at = useRef(0);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (is_typing(event.target) || document.querySelector('dialog[open]')) {
        return;
      }
      const place = places[event.key];
      if (place && event.timeStamp - g_at.current < second_key_ms) {
        g_at.current = 0;
        go(place.to);
      } else if (event.key === 'g') {
        g_at.current = event.timeStamp;
      } else if (event.key === '?') {
        show_help();
      } else if (event.key === '/') {
        const field = document.querySelector<HTMLElement>('[data-search]');
        if (!field) return;
        event.preventDefault();
        field.focus();
      }
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [show_help]);
}

export function Help(props: { close: () => void }) {
  return (
    <Dialog title={t('keys.title')} close={props.close}>
      <dl class="keys dialog-body">
        {Object.entries(places).map(([key, place]) => (
          <div key={key}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{t(place.name)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>{t('keys.search')}</dd>
        </div>
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>{t('keys.title')}</dd>
        </div>
      </dl>
    </Dialog>
  );
}
