import { describe, expect, it } from 'vitest';
import { byte_length, clip, LogLines, Utf8 } from '../src/lib/log_lines';

function texts(lines: LogLines) {
  return Array.from({ length: lines.count }, (_, index) =>
    lines.raw(lines.first + index),
  );
}

describe('LogLines', () => {
  it('joins pieces that end in the middle of a line', () => {
    const lines = new LogLines();
    lines.append('on');
    expect(texts(lines)).toEqual(['on']);
    lines.append('e\ntwo\nth');
    expect(texts(lines)).toEqual(['one', 'two', 'th']);
    lines.append('ree\n');
    expect(texts(lines)).toEqual(['one', 'two', 'three']);
    expect(lines.last).toBe(3);
  });

  it('keeps an empty line', () => {
    const lines = new LogLines();
    lines.append('a\n\nb\n');
    expect(texts(lines)).toEqual(['a', '', 'b']);
  });

  it('carries a colour over to the next line', () => {
    const lines = new LogLines();
    lines.append('\x1b[32mgreen\nstill green\x1b[0m\nplain\n');
    expect(lines.pieces(2)[0]!.style.colour).toBe('green');
    expect(lines.pieces(3)[0]!.style.colour).toBe('');
  });

  it('forgets the oldest lines, and numbers the rest as before', () => {
    const lines = new LogLines(1000);
    for (let i = 1; i <= 500; i++) lines.append(`line ${i}\n`);
    expect(lines.forgot).toBe(true);
    expect(lines.count).toBeLessThan(130);
    expect(lines.last).toBe(500);
    expect(lines.raw(500)).toBe('line 500');
    expect(lines.raw(lines.first)).toBe(`line ${lines.first}`);
    expect(lines.raw(1)).toBe('');
  });

  it('cuts a line that no screen can show', () => {
    const lines = new LogLines();
    lines.append('x'.repeat(100_000));
    lines.append('x'.repeat(100_000));
    lines.append('\nnext\n');
    expect(lines.raw(1).length).toBeLessThan(20_010);
    expect(lines.raw(2)).toBe('next');
  });

  it('keeps the lines of one branch only', () => {
    const lines = new LogLines(undefined, '[gcc] ');
    lines.append('[gcc] a\n[clang] b\n');
    lines.append('[2026-08-01T10:00:00.123Z] [gcc] c\n[gc');
    expect(texts(lines)).toEqual([
      '[gcc] a',
      '[2026-08-01T10:00:00.123Z] [gcc] c',
    ]);
  });

  it('finds text whatever its case and colour', () => {
    const lines = new LogLines();
    lines.append('ok\nEr\x1b[31mror: x\nerrors\nok\n');
    expect(lines.find('error')).toEqual([2, 3]);
    expect(lines.find('error', 1)).toEqual([2]);
    expect(lines.find('')).toEqual([]);
  });

  it('takes a hundred thousand lines without delay', () => {
    const lines = new LogLines();
    const begin = performance.now();
    lines.append('a line of a usual length, as compilers print it\n'.repeat(1e5));
    expect(lines.count).toBe(1e5);
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

describe('Utf8', () => {
  it('joins a character that was split', () => {
    const bytes = new TextEncoder().encode('값');
    const utf8 = new Utf8();
    expect(utf8.decode(bytes.subarray(0, 1))).toBe('');
    expect(utf8.decode(bytes.subarray(1))).toBe('값');
  });
});

describe('clip', () => {
  it.each([
    // text, offset, from, until, what is left
    ['hello', 10, 10, null, 'hello'],
    ['hello', 10, 12, null, 'llo'],
    ['hello', 10, 10, 13, 'hel'],
    ['hello', 10, 20, null, ''],
    ['hello', 10, 0, 10, ''],
    ['값이', 0, 3, null, '이'],
  ] as const)('%j at %d from %d until %s', (text, offset, from, until, left) => {
    expect(clip(text, offset, from, until)).toBe(left);
  });
  it('counts bytes, not characters', () => {
    expect(byte_length('a값')).toBe(4);
  });
});
