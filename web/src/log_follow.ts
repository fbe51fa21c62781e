// Feeds a part of a run's log into LogLines: first what is there, then, while
// the run goes on, what comes.

import * as api from './api';
import { ApiError } from './api_error';
import { byte_length, clip, LogLines, Utf8 } from './lib/log_lines';
import type { Run } from './types';

export interface LogRange {
  from: number; // bytes
  until: number | null; // null: to the end, also a growing one
  only?: string; // the beginning of the wanted lines
}

export interface LogEvents {
  changed: () => void; // more lines
  run: (run: Run) => void; // the stream told the run's new state
  failed: (error: ApiError) => void;
  complete: () => void;
}

const tail_bytes = 32 << 20; // of a longer log only the end is read
const retry_ms = 2_000;

export class LogFollower {
  readonly lines: LogLines;
  skipped = 0; // bytes at the beginning that were not read
  private position: number;
  private abort = new AbortController();
  private stream: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly run: api.RunKey,
    private range: LogRange,
    private readonly events: LogEvents,
  ) {
    this.lines = new LogLines(undefined, range.only);
    this.position = range.from;
  }

  start() {
    void this.catch_up();
  }

  stop() {
    this.abort.abort();
    this.stream?.close();
    this.stream = null;
    clearTimeout(this.timer);
  }

  // Where a part that was still growing has ended.
  end_at(until: number) {
    if (this.range.until !== null) return;
    this.range = { ...this.range, until };
    if (this.reached_end && this.stream) this.finish();
  }

  private finish() {
    this.stream?.close();
    this.stream = null;
    this.events.complete();
  }

  private get reached_end() {
    const { until } = this.range;
    return until !== null && this.position >= until;
  }

  private async catch_up() {
    try {
      const complete = await this.read_stored();
      if (this.abort.signal.aborted) return;
      if (complete || this.reached_end) this.events.complete();
      else this.listen();
    } catch (reason) {
      if (this.abort.signal.aborted) return;
      this.events.failed(
        reason instanceof ApiError
          ? reason
          : new ApiError(0, 'unreachable', String(reason)),
      );
      this.timer = setTimeout(() => void this.catch_up(), retry_ms);
    }
  }

  // True when the log is complete and nothing will follow.
  private async read_stored(): Promise<boolean> {
    const { signal } = this.abort;
    let answer = await api.runs.log(this.run, this.position, signal);
    const length = Number(answer.headers.get('Content-Length') ?? 0);
    const packed = answer.headers.has('Content-Encoding');
    if (this.range.until === null && !packed && length > tail_bytes) {
      await answer.body?.cancel();
      this.skipped = length - tail_bytes;
      this.position += this.skipped;
      answer = await api.runs.log(this.run, this.position, signal);
    }
    const utf8 = new Utf8();
    const reader = answer.body?.getReader();
    while (reader && !this.reached_end) {
      const { done, value } = await reader.read();
      if (done) break;
      const { until } = this.range;
      const room = until === null ? value.length : until - this.position;
      const bytes = value.subarray(0, room);
      this.position += bytes.length;
      this.lines.append(utf8.decode(bytes));
      this.events.changed();
    }
    if (this.reached_end) await reader?.cancel();
    return answer.headers.get('X-Skerry-Log-Complete') === 'true';
  }

  private listen() {
    const url = `${api.runs.stream_url(this.run)}?offset=${this.position}`;
    const stream = new EventSource(url);
    this.stream = stream;
    stream.addEventListener('log', (event: MessageEvent<string>) => {
      const { offset, end, text } = JSON.parse(event.data) as {
        offset: number;
        end?: number;
        text: string;
      };
      this.take(offset, end ?? offset + byte_length(text), text);
    });
    stream.addEventListener('run', (event: MessageEvent<string>) => {
      this.events.run(JSON.parse(event.data) as Run);
    });
    stream.addEventListener('end', () => this.finish());
    stream.onerror = () => {
      // Reconnecting by itself would begin at the old offset; do it here.
      stream.close();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.catch_up(), retry_ms);
    };
  }

  // `end` may be less than the text is long: a byte that is no UTF-8 became a
  // character of three.
  private take(offset: number, end: number, text: string) {
    if (end <= this.position) return;
    if (offset > this.position) {
      // Something is missing in between: read it from the store.
      this.stream?.close();
      void this.catch_up();
      return;
    }
    this.lines.append(clip(text, offset, this.position, this.range.until));
    const { until } = this.range;
    this.position = until === null ? end : Math.min(end, until);
    this.events.changed();
    if (this.reached_end) this.finish();
  }
}
