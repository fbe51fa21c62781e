import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fill } from '../src/i18n';
import { en, parts } from '../src/i18n/en';
import { ko } from '../src/i18n/ko';

const folder = join(import.meta.dirname, '../src');

function sources() {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('i18n'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe('the words', () => {
  it('are there in both languages', () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort());
    for (const text of Object.values(ko)) expect(text.trim()).not.toBe('');
  });

  it('stand in one table each', () => {
    const all = Object.values(parts).flatMap((part) => Object.keys(part));
    expect(all.sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en) as (keyof typeof en)[])(
    '%s has the same places to fill in',
    (key) => expect(places(ko[key])).toEqual(places(en[key])),
  );

  it('are all used', () => {
    const text = sources();
    // Names made of a prefix and what the server says.
    const made = /^(status|webhook_action|webhook_event|error|credentials?|role|scope|source|theme|admin|project|nav|application|diff)\./;
    const unused = Object.keys(en).filter(
      (key) => !text.includes(`'${key}'`) && !made.test(key),
    );
    expect(unused).toEqual([]);
  });

  it('translate what they should', () => {
    const same = Object.keys(en).filter(
      (key) => en[key as keyof typeof en] === ko[key as keyof typeof en],
    );
    expect(same).toEqual([]);
  });
});

it('fills places in and leaves unknown ones', () => {
  expect(fill('{a} of {b}', { a: 1 })).toBe('1 of {b}');
});
