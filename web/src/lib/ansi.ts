// Terminal output as styled pieces: SGR colours (ECMA-48 8.3.117), carriage
// returns and backspaces of progress bars; every other control is dropped.

export interface Style {
  colour: string; // '', 'red', 'bright-red', '#rrggbb'
  background: string;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
}
export interface Piece {
  text: string;
  style: Style;
}

export const plain: Style = Object.freeze({
  colour: '',
  background: '',
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
});

const names = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
];

function named(index: number) {
  return index < 8 ? names[index]! : `bright-${names[index - 8]}`;
}

function hex(...parts: number[]) {
  const two = (part: number) =>
    Math.max(0, Math.min(255, part || 0)).toString(16).padStart(2, '0');
  return `#${parts.map(two).join('')}`;
}

// The 256-colour table: 16 names, a cube of 6x6x6, 24 greys.
function indexed(index: number) {
  if (index < 16) return named(Math.max(0, index));
  if (index > 231) {
    const grey = 8 + (Math.min(index, 255) - 232) * 10;
    return hex(grey, grey, grey);
  }
  const level = (step: number) => (step ? 55 + step * 40 : 0);
  const cube = index - 16;
  return hex(
    level(Math.floor(cube / 36)),
    level(Math.floor(cube / 6) % 6),
    level(cube % 6),
  );
}

// 38 and 48 take more numbers: "5;n" or "2;r;g;b". Returns the colour and how
// many numbers it used.
function extended(codes: number[], at: number): [string, number] {
  if (codes[at] === 5) return [indexed(codes[at + 1] ?? 0), 2];
  if (codes[at] === 2) {
    return [hex(codes[at + 1]!, codes[at + 2]!, codes[at + 3]!), 4];
  }
  return ['', 0];
}

const switches: Record<number, Partial<Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  39: { colour: '' },
  49: { background: '' },
};

export function apply_sgr(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((code) => Number(code || 0));
  let next: Style = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) next = { ...plain };
    else if (code >= 30 && code <= 37) next.colour = named(code - 30);
    else if (code >= 90 && code <= 97) next.colour = named(code - 82);
    else if (code >= 40 && code <= 47) next.background = named(code - 40);
    else if (code >= 100 && code <= 107) next.background = named(code - 92);
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes, i + 1);
      if (code === 38) next.colour = colour;
      else next.background = colour;
      i += used;
    } else Object.assign(next, switches[code]);
  }
  return next;
}

// CSI sequences, OSC strings (links, titles), other two-character escapes,
// and control characters.
const control =
  // eslint-disable-next-line no-control-regex
  /\x1b\[([0-9;:]*)([@-~])|\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f\x7f]/g;

// What a terminal would still show of a line that was written over.
function after_returns(line: string) {
  const body = line.endsWith('\r') ? line.slice(0, -1) : line;
  const at = body.lastIndexOf('\r');
  if (at < 0) return body;
  const kept = body.slice(at + 1);
  // The colours set in what was overwritten stay in force.
  // eslint-disable-next-line no-control-regex
  const colours = body.slice(0, at).match(/\x1b\[[0-9;:]*m/g) ?? [];
  return colours.join('') + kept;
}

// One line (without its line feed) that begins in `style`; also the style in
// which the next line begins.
export function parse_line(
  line: string,
  style: Style = plain,
): { pieces: Piece[]; style: Style } {
  const text = line.includes('\r') ? after_returns(line) : line;
  const pieces: Piece[] = [];
  let at = 0;
  const push = (end: number) => {
    if (end > at) pieces.push({ text: text.slice(at, end), style });
  };
  for (const found of text.matchAll(control)) {
    push(found.index);
    at = found.index + found[0].length;
    if (found[2] === 'm') style = apply_sgr(style, found[1] ?? '');
  }
  push(text.length);
  return { pieces, style };
}

export function plain_text(line: string) {
  return parse_line(line)
    .pieces.map((piece) => piece.text)
    .join('');
}
