import { expect, it } from 'vitest';
import {
  ago,
  duration,
  first_line,
  short_id,
  short_ref,
  size,
} from '../src/lib/format';

it.each([
  [-5, '0 ms'],
  [0, '0 ms'],
  [999, '999 ms'],
  [1500, '1.5 s'],
  [59_999, '59 s'],
  [61_000, '1m 1s'],
  [3_600_000, '1h 0m'],
  [90_000_000, '1d 1h'],
])('duration of %d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [10_240, '10 KiB'],
  [1024 * 1024 - 1, '1.0 MiB'],
  [5 * 1024 ** 3, '5.0 GiB'],
])('size of %d is %s', (bytes, text) => expect(size(bytes)).toBe(text));

it.each([
  ['3f9c1d27ab3f9c1d27ab3f9c1d27ab3f9c1d27ab', '3f9c1d27'],
  [`sha256:${'7c0de4aa'.repeat(8)}`, '7c0de4aa7c0d'],
  ['0.1.4', '0.1.4'],
  ['main', 'main'],
])('short id of %s is %s', (id, text) => expect(short_id(id)).toBe(text));

it('says how long ago, in the language', () => {
  expect(ago(0, 120_000, 'en')).toBe('2 min. ago');
  expect(ago(0, 120_000, 'ko')).toBe('2분 전');
  expect(ago(5, 10, 'en')).toBe('now');
});

it('shortens refs and messages', () => {
  expect(short_ref('refs/heads/feature/x')).toBe('feature/x');
  expect(short_ref('refs/tags/v1')).toBe('v1');
  expect(first_line('one\n\ntwo')).toBe('one');
});
