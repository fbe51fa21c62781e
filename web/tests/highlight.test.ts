import { expect, it } from 'vitest';
import { plain } from '../src/lib/ansi';
import { highlight } from '../src/lib/highlight';

const red = { ...plain, colour: 'red' };
const shown = (wanted: string) =>
  highlight(
    [
      { text: 'an er', style: plain },
      { text: 'ror', style: red },
      { text: ', Error', style: plain },
    ],
    wanted,
  ).map((piece) => (piece.marked ? `<${piece.text}>` : piece.text));

it('marks across colours, whatever the case', () => {
  expect(shown('error')).toEqual(['an ', '<er>', '<ror>', ', ', '<Error>']);
});
it('marks nothing without a search', () => {
  expect(shown('')).toEqual(['an er', 'ror', ', Error']);
});
