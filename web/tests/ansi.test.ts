import { describe, expect, it } from 'vitest';
import { apply_sgr, parse_line, plain, plain_text } from '../src/lib/ansi';

const red = '\x1b[31m';
const reset = '\x1b[0m';

describe('parse_line', () => {
  it('leaves plain text alone', () => {
    expect(parse_line('gcc -c a.c').pieces).toEqual([
      { text: 'gcc -c a.c', style: plain },
    ]);
  });

  it('splits at colours and gives the last one on', () => {
    const { pieces, style } = parse_line(`a ${red}b${reset} c\x1b[1m`);
    expect(pieces.map((piece) => piece.text)).toEqual(['a ', 'b', ' c']);
    expect(pieces[1]!.style.colour).toBe('red');
    expect(pieces[2]!.style).toEqual(plain);
    expect(style.bold).toBe(true);
  });

  it.each([
    ['\x1b[38;5;9m', 'bright-red'],
    ['\x1b[38;5;196m', '#ff0000'],
    ['\x1b[38;5;232m', '#080808'],
    ['\x1b[38;2;1;20;255m', '#0114ff'],
    ['\x1b[38:5:1m', 'red'],
    ['\x1b[97m', 'bright-white'],
  ])('knows the colour of %j', (code, colour) => {
    expect(parse_line(`${code}x`).pieces[0]!.style.colour).toBe(colour);
  });

  it.each([
    ['a\x1b[2Kb', 'ab'], // erase
    ['a\x1b[?25lb', 'ab'], // hide the cursor
    ['\x1b]8;;http://x\x07link\x1b]8;;\x07', 'link'], // a link
    ['\x1b]0;title\x1b\\text', 'text'],
    ['a\x07\x00b', 'ab'],
    ['\x1b(Bx', 'x'], // a character set
    ['tab\tstays', 'tab\tstays'],
  ])('drops other controls: %j', (line, shown) => {
    expect(plain_text(line)).toBe(shown);
  });

  it('shows what a progress bar ended with', () => {
    expect(plain_text('10%\r50%\r100%\r')).toBe('100%');
    expect(parse_line(`${red}1%\r2%`).pieces[0]!.style.colour).toBe('red');
  });

  it('survives sequences that are cut off or absurd', () => {
    for (const line of ['\x1b', '\x1b[', '\x1b[31', '\x1b[38;2m', '\x1b[999m']) {
      expect(() => parse_line(line)).not.toThrow();
    }
  });
});

describe('apply_sgr', () => {
  it('takes attributes back one by one', () => {
    const on = apply_sgr(plain, '1;4;31;44');
    expect(on).toMatchObject({ bold: true, colour: 'red', background: 'blue' });
    expect(apply_sgr(on, '22;24;39;49')).toEqual(plain);
  });
  it('reads an empty parameter as a reset', () => {
    expect(apply_sgr({ ...plain, bold: true }, '')).toEqual(plain);
  });
});
