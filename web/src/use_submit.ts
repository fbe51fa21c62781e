// What a form does when it is sent; its error stays until the next try.

import { useState } from 'preact/hooks';
import { as_api_error, type ApiError } from './api_error';

export function use_submit() {
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<ApiError>();
  const submit = async (action: () => Promise<unknown>) => {
    set_busy(true);
    set_error(undefined);
    try {
      await action();
    } catch (reason) {
      set_error(as_api_error(reason));
    }
    set_busy(false);
  };
  return { busy, error, submit };
}
