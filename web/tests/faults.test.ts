import { describe, expect, it } from 'vitest';
import { fault_at, fault_below, fault_in } from '../src/lib/faults';

const members = ['quota_bytes', 'retention', 'headers', 'url'];

describe('the member that a sentence is about', () => {
  it.each([
    [
      'retention.rules[0].keep_last must be a whole number',
      'retention.rules[0].keep_last',
    ],
    ['quota_bytes must be a whole number', 'quota_bytes'],
    ['headers.X-Token must be a string', 'headers.X-Token'],
    ["url: '127.0.0.1' is an address of this machine", 'url'],
    ['url is missing', 'url'],
    ['name is missing', ''],
    ['you may not', ''],
    ['urls are many', ''],
    ['', ''],
  ])('%s', (sentence, member) => {
    expect(fault_in(sentence, members)).toEqual({ member, sentence });
  });
});

it('is found at its member, or below what holds it', () => {
  const fault = fault_in('headers.X-Token must be a string', members);
  expect(fault_at(fault, 'headers')).toBeUndefined();
  expect(fault_at(fault, 'headers.X-Token')).toBe(fault.sentence);
  expect(fault_below(fault, 'headers')).toBe(fault.sentence);
  expect(fault_below(fault, 'url')).toBeUndefined();
  expect(fault_below(undefined, 'url')).toBeUndefined();
});
