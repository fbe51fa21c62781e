// Who is signed in, for every component below.

import { createContext, type ComponentChildren } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';
import * as api from './api';
import { ApiError } from './api_error';
import { start_events, stop_events } from './events';
import type { Session } from './types';

export type SessionState =
  | { kind: 'asking' }
  | { kind: 'signed_out'; expired: boolean }
  | { kind: 'signed_in'; session: Session }
  | { kind: 'failed'; error: ApiError };

interface SessionControl {
  state: SessionState;
  ask: () => void;
  sign_in: (user: string, password: string) => Promise<void>;
  sign_out: () => Promise<void>;
}

const Context = createContext<SessionControl | null>(null);

export function SessionProvider(props: { children: ComponentChildren }) {
  const [state, set_state] = useState<SessionState>({ kind: 'asking' });

  const enter = useCallback((session: Session) => {
    api.set_csrf(session.csrf);
    set_state({ kind: 'signed_in', session });
    start_events();
  }, []);
  const leave = useCallback((expired: boolean) => {
    stop_events();
    api.set_csrf('');
    set_state({ kind: 'signed_out', expired });
  }, []);
  const ask = useCallback(() => {
    set_state({ kind: 'asking' });
    api.session.get().then(enter, (error: ApiError) => {
      if (error.is_signed_out) leave(false);
      else set_state({ kind: 'failed', error });
    });
  }, [enter, leave]);

  useEffect(() => {
    api.on_signed_out(() => leave(true));
    ask();
  }, [ask, leave]);

  const control: SessionControl = {
    state,
    ask,
    sign_in: async (user, password) => {
      enter(await api.session.create(user, password));
    },
    sign_out: async () => {
      await api.session.end();
      leave(false);
    },
  };
  return <Context.Provider value={control}>{props.children}</Context.Provider>;
}

export function use_session_control(): SessionControl {
  const control = useContext(Context);
  if (!control) throw new Error('no session provider above');
  return control;
}

// For screens that are shown only to someone who is signed in.
export function use_session(): Session {
  const { state } = use_session_control();
  if (state.kind !== 'signed_in') throw new Error('not signed in');
  return state.session;
}
