// A list whose older entries are read page by page, after the newest that
// use_data keeps.

import { useEffect, useState } from 'preact/hooks';
import { use_action } from './components/toast';
import type { Loaded } from './use_data';

export function use_pages<R>(
  newest: Loaded<R[]>,
  page: number, // the length of a full one
  read_after: (last: R) => Promise<R[]>,
) {
  const [older, set_older] = useState<R[]>([]);
  const [at_end, set_at_end] = useState(false);
  const { busy, act } = use_action();
  // New ones move the pages: begin again.
  useEffect(() => {
    set_older([]);
    set_at_end(false);
  }, [newest.data]);
  const data = newest.data && [...newest.data, ...older];
  const last = data?.at(-1);
  const more = () =>
    act(async () => {
      if (!last) return;
      const next = await read_after(last);
      set_older([...older, ...next]);
      set_at_end(next.length < page);
    });
  const has_more = !at_end && (newest.data?.length ?? 0) >= page;
  return { list: { ...newest, data }, has_more, busy, more };
}
