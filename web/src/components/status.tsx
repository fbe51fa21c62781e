// A state as a shape, a colour and a word: never by colour alone.

import { t_name } from '../i18n';
import { Icon, type IconName } from './icons';

export type Tone = 'ok' | 'warn' | 'bad' | 'busy' | 'none';

const looks: Record<string, [Tone, IconName]> = {
  SUCCESS: ['ok', 'ok'],
  UNSTABLE: ['warn', 'warn'],
  FAILURE: ['bad', 'bad'],
  NOT_BUILT: ['none', 'none'],
  ABORTED: ['none', 'stop'],
  queued: ['none', 'wait'],
  running: ['busy', 'run'],
  Synced: ['ok', 'ok'],
  OutOfSync: ['warn', 'sync'],
  Healthy: ['ok', 'ok'],
  Progressing: ['busy', 'run'],
  Suspended: ['none', 'stop'],
  Missing: ['warn', 'question'],
  Degraded: ['bad', 'bad'],
  Succeeded: ['ok', 'ok'],
  Failed: ['bad', 'bad'],
  Error: ['bad', 'bad'],
  Running: ['busy', 'run'],
  Terminating: ['busy', 'run'],
  passed: ['ok', 'ok'],
  failed: ['bad', 'bad'],
  error: ['bad', 'bad'],
  skipped: ['none', 'none'],
  healthy: ['ok', 'ok'],
  degraded: ['bad', 'warn'],
  delivered: ['ok', 'ok'],
  delivering: ['busy', 'run'],
  failing: ['bad', 'bad'],
  disabled: ['none', 'stop'],
  unused: ['none', 'wait'],
};

export function tone_of(name: string): Tone {
  return looks[name]?.[0] ?? 'none';
}

export function StatusIcon(props: { name: string; label?: boolean }) {
  const [tone, icon] = looks[props.name] ?? (['none', 'question'] as const);
  const word = t_name('status', props.name);
  const spin = icon === 'run' ? 'spin' : '';
  return (
    <span class={`status-icon tone-${tone}`} title={word}>
      <Icon name={icon} class={spin} />
      {!props.label && <span class="sr-only">{word}</span>}
    </span>
  );
}

export function Status(props: { name: string; prefix?: string }) {
  return (
    <span class={`status tone-${tone_of(props.name)}`}>
      <StatusIcon name={props.name} label />
      <span>
        {props.prefix && <span class="sr-only">{props.prefix} </span>}
        {t_name('status', props.name)}
      </span>
    </span>
  );
}
