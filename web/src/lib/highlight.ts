// Marks what was searched for in styled pieces, also across their borders.

import type { Piece } from './ansi';

export interface MarkedPiece extends Piece {
  marked: boolean;
}

function ranges(text: string, wanted: string): [number, number][] {
  const found: [number, number][] = [];
  const where = text.toLowerCase();
  // Lower case may change the length of exotic letters; then mark nothing.
  if (!wanted || where.length !== text.length) return found;
  let at = where.indexOf(wanted.toLowerCase());
  while (at >= 0) {
    found.push([at, at + wanted.length]);
    at = where.indexOf(wanted.toLowerCase(), at + wanted.length);
  }
  return found;
}

export function highlight(
  pieces: readonly Piece[],
  wanted: string,
): MarkedPiece[] {
  const marks = ranges(pieces.map((piece) => piece.text).join(''), wanted);
  const result: MarkedPiece[] = [];
  let begin = 0;
  for (const { text, style } of pieces) {
    const end = begin + text.length;
    const cuts = new Set([begin, end]);
    for (const [from, until] of marks) {
      if (from > begin && from < end) cuts.add(from);
      if (until > begin && until < end) cuts.add(until);
    }
    const sorted = [...cuts].sort((a, b) => a - b);
    for (let i = 0; i + 1 < sorted.length; i++) {
      const from = sorted[i]!;
      const until = sorted[i + 1]!;
      result.push({
        text: text.slice(from - begin, until - begin),
        style,
        marked: marks.some(([a, b]) => a <= from && until <= b),
      });
    }
    begin = end;
  }
  return result;
}
