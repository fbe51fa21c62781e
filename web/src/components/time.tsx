import { useEffect, useState } from 'preact/hooks';
import { language, t } from '../i18n';
import { ago, date_time, duration } from '../lib/format';

// The present, moving on every `every` milliseconds; 0: standing still.
export function use_now(every: number): number {
  const [now, set_now] = useState(Date.now());
  useEffect(() => {
    if (!every) return;
    set_now(Date.now());
    const timer = setInterval(() => set_now(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

export function Ago(props: { time: number | null | undefined }) {
  const now = use_now(30_000);
  if (!props.time) return <span class="faint">{t('time.never')}</span>;
  return (
    <time
      dateTime={new Date(props.time).toISOString()}
      title={date_time(props.time, language())}
    >
      {ago(props.time, Math.max(now, props.time), language())}
    </time>
  );
}

export function Took(props: {
  started: number | null;
  finished: number | null;
}) {
  const now = use_now(props.started && !props.finished ? 1000 : 0);
  if (!props.started) return <span class="faint">–</span>;
  return (
    <span class="num">{duration((props.finished ?? now) - props.started)}</span>
  );
}
