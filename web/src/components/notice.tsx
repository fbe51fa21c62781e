// What stands in a list's place while it is not there.

import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api_error';
import { t } from '../i18n';
import { explain } from '../lib/explain';
import { Icon, type IconName } from './icons';

export function Loading(props: { rows?: number }) {
  return (
    <div class="loading" role="status" aria-busy="true">
      <span class="sr-only">{t('state.loading')}</span>
      {Array.from({ length: props.rows ?? 4 }, (_, row) => (
        <span key={row} class="bone" />
      ))}
    </div>
  );
}

export function Empty(props: {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <p class="empty-title">{props.title}</p>
      {props.children && <div class="empty-body">{props.children}</div>}
    </div>
  );
}

export function Failure(props: { error: ApiError; retry?: () => void }) {
  return (
    <div class="notice tone-bad" role="alert">
      <Icon name="bad" />
      <p>{explain(props.error)}</p>
      {props.retry && (
        <button type="button" class="button small" onClick={props.retry}>
          {t('action.retry')}
        </button>
      )}
    </div>
  );
}

export function Notice(props: {
  tone: 'bad' | 'warn' | 'ok' | 'busy' | 'none';
  children: ComponentChildren;
}) {
  const icon = props.tone === 'busy' ? 'run' : props.tone;
  return (
    <div class={`notice tone-${props.tone}`}>
      <Icon name={icon} class={props.tone === 'busy' ? 'spin' : ''} />
      <div class="grow">{props.children}</div>
    </div>
  );
}

interface ListState<R> {
  data: R[] | undefined;
  error: ApiError | undefined;
  reload: () => void;
}

// A list in each of its states. An error keeps what was there before.
export function Listing<R>(props: {
  of: ListState<R>;
  empty: ComponentChildren;
  children: (items: R[]) => ComponentChildren;
  rows?: number;
}) {
  const { data, error, reload } = props.of;
  return (
    <>
      {error && <Failure error={error} retry={reload} />}
      {!data && !error && <Loading rows={props.rows} />}
      {data && (data.length ? props.children(data) : props.empty)}
    </>
  );
}
