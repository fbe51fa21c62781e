// One stream of events for the whole page. What is on screen listens for the
// topics it shows and reads its state again; an event carries no state.
//
// A hidden tab gives its connection back after a while (browsers allow six to
// one server) and reads everything again when it is looked at.

import { events_url } from './api';
import type { ServerEvent } from './types';

type Listener = (event: ServerEvent | 'reconnected') => void;

const topics = [
  'RefUpdated',
  'RunQueued',
  'RunFinished',
  'ImagePushed',
  'TagDeleted',
  'ManifestDeleted',
  'ImageMirrored',
  'ChartPublished',
  'RepositoryDeleted',
  'ApplicationChanged',
  'SyncFinished',
  'SettingChanged',
] as const;
export type Topic = (typeof topics)[number];

const hidden_for_ms = 20_000;
const retry_ms = 3_000;

const listeners = new Set<Listener>();
const status_listeners = new Set<(connected: boolean) => void>();
let source: EventSource | null = null;
let connected = true;
let wanted = false;
let hide_timer: ReturnType<typeof setTimeout> | undefined;
let retry_timer: ReturnType<typeof setTimeout> | undefined;

function set_connected(now: boolean) {
  if (connected === now) return;
  connected = now;
  status_listeners.forEach((listener) => listener(now));
}

function tell(event: ServerEvent | 'reconnected') {
  listeners.forEach((listener) => listener(event));
}

function receive(message: MessageEvent<string>) {
  try {
    tell(JSON.parse(message.data) as ServerEvent);
  } catch {
    // A line that is no event is nothing to act on.
  }
}

function open() {
  if (source || !wanted) return;
  let opened_before = false;
  source = new EventSource(events_url);
  source.onopen = () => {
    if (opened_before || !connected) tell('reconnected');
    opened_before = true;
    set_connected(true);
  };
  source.onerror = () => {
    set_connected(false);
    // The browser tries again by itself unless the answer was no stream.
    if (source?.readyState === EventSource.CLOSED) {
      close();
      clearTimeout(retry_timer);
      retry_timer = setTimeout(open, retry_ms);
    }
  };
  topics.forEach((topic) => source?.addEventListener(topic, receive));
}

function close() {
  source?.close();
  source = null;
}

function visibility_changed() {
  clearTimeout(hide_timer);
  if (document.visibilityState === 'hidden') {
    hide_timer = setTimeout(close, hidden_for_ms);
  } else if (wanted && !source) {
    open();
    tell('reconnected');
  }
}

export function start_events() {
  if (wanted) return;
  wanted = true;
  document.addEventListener('visibilitychange', visibility_changed);
  open();
}

export function stop_events() {
  wanted = false;
  document.removeEventListener('visibilitychange', visibility_changed);
  clearTimeout(retry_timer);
  clearTimeout(hide_timer);
  close();
  set_connected(true);
}

export function listen(listener: Listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function on_connection(listener: (connected: boolean) => void) {
  status_listeners.add(listener);
  return () => void status_listeners.delete(listener);
}
