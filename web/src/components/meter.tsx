// A share of something as a bar. Its number always stands beside it as text.

export function Meter(props: {
  share: number; // 0 to 1; more is drawn as full
  tone?: 'plain' | 'warn' | 'bad';
  quota?: number; // where a limit stands, 0 to 1
}) {
  const percent = (share: number) =>
    `${Math.min(100, Math.max(0, share * 100)).toFixed(2)}%`;
  return (
    <span class={`meter ${props.tone ?? 'plain'}`} aria-hidden="true">
      <span style={{ width: percent(props.share) }} />
      {props.quota !== undefined && props.quota <= 1 && (
        <i style={{ left: percent(props.quota) }} />
      )}
    </span>
  );
}

// How full something is, as a tone.
export function tone_of_share(share: number): 'plain' | 'warn' | 'bad' {
  if (share >= 0.95) return 'bad';
  return share >= 0.8 ? 'warn' : 'plain';
}
