// Short messages about what an action did.

import { useCallback, useEffect, useState } from 'preact/hooks';
import { as_api_error } from '../api_error';
import { t } from '../i18n';
import { explain } from '../lib/explain';
import { IconButton } from './buttons';
import { Icon } from './icons';

interface Message {
  id: number;
  tone: 'ok' | 'bad';
  text: string;
}

let show: (tone: Message['tone'], text: string) => void = () => {};
let last_id = 0;

export function toast(tone: Message['tone'], text: string) {
  show(tone, text);
}

export function Toasts() {
  const [messages, set_messages] = useState<Message[]>([]);
  const drop = (id: number) =>
    set_messages((all) => all.filter((message) => message.id !== id));
  useEffect(() => {
    show = (tone, text) => {
      const id = ++last_id;
      set_messages((all) => [...all.slice(-3), { id, tone, text }]);
      setTimeout(() => drop(id), tone === 'ok' ? 4_000 : 12_000);
    };
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {messages.map(({ id, tone, text }) => (
        <div key={id} class={`toast tone-${tone}`}>
          <Icon name={tone} />
          <span class="grow">{text}</span>
          <IconButton
            icon="close"
            label={t('action.close')}
            press={() => drop(id)}
          />
        </div>
      ))}
    </div>
  );
}

// Runs an action of a button: says when it is done or why not.
export function use_action() {
  const [busy, set_busy] = useState(false);
  const act = useCallback(
    async (action: () => Promise<unknown>, done?: string) => {
      set_busy(true);
      try {
        await action();
        if (done) toast('ok', done);
      } catch (reason) {
        toast('bad', explain(as_api_error(reason)));
      }
      set_busy(false);
    },
    [],
  );
  return { busy, act };
}
