import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import packages from '../package.json';

const read = (path: string) =>
  readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

// "skerry licenses" prints third_party_licenses.txt: what is in the binary.
it('has the licence of each package that goes into the page', () => {
  expect(Object.keys(packages.dependencies)).toEqual(['preact']);
  expect(read('third_party_licenses.txt')).toBe(
    read('node_modules/preact/LICENSE'),
  );
});
