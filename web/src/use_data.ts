// Data from the API as a hook: loads, loads again when an event of its topics
// comes or its interval passes, keeps what it has while it does.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { as_api_error, type ApiError } from './api_error';
import { listen, type Topic } from './events';

export interface Loaded<R> {
  data: R | undefined;
  error: ApiError | undefined;
  reload: () => void;
}

export interface LoadOptions<R> {
  topics?: readonly Topic[];
  // Only events whose subject starts with this.
  subject?: string;
  // Milliseconds until the next look; 0: events are enough.
  every?: (data: R | undefined) => number;
  // Shows what another key loaded until this one's answer comes.
  keep?: boolean;
}

const gather_ms = 150; // a burst of events makes one request

export function use_data<R>(
  key: string,
  load: () => Promise<R>,
  options: LoadOptions<R> = {},
): Loaded<R> {
  const [state, set_state] = useState<{
    key: string;
    data?: R;
    error?: ApiError;
  }>({ key });
  const current = useRef({ load, options, turn: 0 });
  current.current.load = load;
  current.current.options = options;

  const reload = useCallback(() => {
    const turn = ++current.current.turn;
    const is_current = () => current.current.turn === turn;
    current.current.load().then(
      (data) => is_current() && set_state({ key, data }),
      (reason: unknown) =>
        is_current() &&
        set_state((before) => ({
          key,
          data: before.key === key ? before.data : undefined,
          error: as_api_error(reason),
        })),
    );
  }, [key]);

  useEffect(() => {
    reload();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = listen((event) => {
      const { topics = [], subject = '' } = current.current.options;
      const concerns =
        event === 'reconnected' ||
        (topics.includes(event.topic as Topic) &&
          event.subject.startsWith(subject));
      if (!concerns) return;
      clearTimeout(timer);
      timer = setTimeout(reload, gather_ms);
    });
    return () => {
      current.current.turn++;
      clearTimeout(timer);
      stop();
    };
  }, [reload]);

  const data = state.key === key || options.keep ? state.data : undefined;
  const error = state.key === key ? state.error : undefined;
  useEffect(() => {
    const wait = current.current.options.every?.(data) ?? 0;
    if (!wait) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, wait);
    return () => clearInterval(timer);
  }, [state, reload]);

  return { data, error, reload };
}
