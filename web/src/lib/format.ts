// Times, durations and sizes for people. Pure: `now` and the language come in.

export function duration(ms: number): string {
  if (ms < 0) ms = 0;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${Math.floor(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

export function ago(time: number, now: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, {
    numeric: 'auto',
    style: 'short',
  });
  const past = time - now;
  for (const [unit, length] of units) {
    if (Math.abs(past) >= length) {
      return format.format(Math.trunc(past / length), unit);
    }
  }
  return format.format(0, 'second');
}

export function date_time(time: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(time);
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const names = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1024;
    unit++;
  } while (value >= 1023.95 && unit < names.length - 1);
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${names[unit]}`;
}

// "3f9c1d2" of a commit, "1a2b3c4d5e6f" of a digest; other names stay.
export function short_id(id: string): string {
  const digest = /^(?:sha256:)([0-9a-f]{12})[0-9a-f]+$/.exec(id);
  if (digest) return digest[1]!;
  return /^[0-9a-f]{40,64}$/.test(id) ? id.slice(0, 8) : id;
}

export function first_line(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

// "refs/heads/main" is "main".
export function short_ref(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
