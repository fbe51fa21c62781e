// A growing log as lines, in bounded memory: text goes in by pieces that may
// end in the middle of a line; when more than `limit` characters are held the
// oldest lines are forgotten.

import { parse_line, plain, plain_text, type Style } from './ansi';

// What "options { timestamps() }" puts before each line.
const timestamp = /^\[\d{4}-[0-9T:.+Z-]+\] /;
const max_line = 20_000; // longer ones are cut: no screen shows them

export class LogLines {
  // The number of the first line that is still held, from 1.
  first = 1;
  // Grows with each change, so that a view knows to draw again.
  version = 0;
  private lines: string[] = [];
  private styles: Style[] = []; // in which each line begins
  private rest = ''; // the last line, while it has no line feed
  private next_style: Style = plain;
  private size = 0;

  // With `only`, lines that do not begin with it (after a timestamp) are left
  // out: those of other branches that ran at the same time.
  constructor(
    private readonly limit = 24 << 20,
    private readonly only = '',
  ) {}

  // Lines held, an unfinished last one included.
  get count() {
    const unfinished = this.rest && this.is_wanted(this.rest) ? 1 : 0;
    return this.lines.length + unfinished;
  }
  get last() {
    return this.first + this.count - 1;
  }
  get forgot() {
    return this.first > 1;
  }

  append(text: string) {
    if (!text) return;
    this.version++;
    const parts = (this.rest + text).split('\n');
    this.rest = this.cut(parts.pop()!);
    for (const part of parts) {
      if (this.is_wanted(part)) this.push(this.cut(part));
    }
    if (this.size > this.limit) this.forget();
  }

  clear() {
    this.first = 1;
    this.version++;
    this.lines = [];
    this.styles = [];
    this.rest = '';
    this.next_style = plain;
    this.size = 0;
  }

  // By its number; '' when it is not held.
  raw(number: number) {
    const index = number - this.first;
    if (index === this.lines.length) return this.rest;
    return this.lines[index] ?? '';
  }

  pieces(number: number) {
    const index = number - this.first;
    const style = this.styles[index] ?? this.next_style;
    return parse_line(this.raw(number), style).pieces;
  }

  // Numbers of the lines that hold `text`, letter case aside; at most `most`.
  find(text: string, most = 10_000): number[] {
    const wanted = text.toLowerCase();
    const found: number[] = [];
    if (!wanted) return found;
    for (let number = this.first; number <= this.last; number++) {
      const line = plain_text(this.raw(number)).toLowerCase();
      if (line.includes(wanted)) found.push(number);
      if (found.length >= most) break;
    }
    return found;
  }

  private is_wanted(line: string) {
    if (!this.only) return true;
    return line.replace(timestamp, '').startsWith(this.only);
  }

  private cut(line: string) {
    if (line.length <= max_line) return line;
    return `${line.slice(0, max_line)}…`;
  }

  private push(line: string) {
    this.styles.push(this.next_style);
    if (line.includes('\x1b')) {
      this.next_style = parse_line(line, this.next_style).style;
    }
    this.lines.push(line);
    this.size += line.length + 1;
  }

  // Forgets a quarter at once, so that it does not happen at every line.
  private forget() {
    let drop = 0;
    while (drop < this.lines.length && this.size > this.limit * 0.75) {
      this.size -= this.lines[drop]!.length + 1;
      drop++;
    }
    this.lines.splice(0, drop);
    this.styles.splice(0, drop);
    this.first += drop;
  }
}

// Bytes of a UTF-8 stream to text; a character may be split between pieces.
export class Utf8 {
  private decoder = new TextDecoder();
  decode(bytes: Uint8Array) {
    return this.decoder.decode(bytes, { stream: true });
  }
}

// How many bytes the text takes in UTF-8.
export function byte_length(text: string) {
  return new TextEncoder().encode(text).length;
}

// `text` begins at byte `offset` of the log; the part of it that lies at or
// after byte `from` and before byte `until`.
export function clip(
  text: string,
  offset: number,
  from: number,
  until: number | null,
): string {
  const bytes = new TextEncoder().encode(text);
  const begin = Math.max(0, from - offset);
  const end =
    until === null ? bytes.length : Math.min(bytes.length, until - offset);
  if (begin === 0 && end === bytes.length) return text;
  if (end <= begin) return '';
  return new TextDecoder().decode(bytes.subarray(begin, end));
}
