import { t } from '../i18n';
import type { Piece, Style } from '../lib/ansi';
import { highlight } from '../lib/highlight';

function class_of(style: Style, marked: boolean) {
  const names = [];
  if (style.colour && !style.colour.startsWith('#')) {
    names.push(`ansi-${style.colour}`);
  }
  if (style.background && !style.background.startsWith('#')) {
    names.push(`ansi-on-${style.background}`);
  }
  if (style.bold) names.push('ansi-bold');
  if (style.dim) names.push('ansi-dim');
  if (style.italic) names.push('ansi-italic');
  if (style.underline) names.push('ansi-underline');
  if (style.inverse) names.push('ansi-inverse');
  if (marked) names.push('found');
  return names.join(' ');
}

function own_colours(style: Style) {
  const colours: Record<string, string> = {};
  if (style.colour.startsWith('#')) colours.color = style.colour;
  if (style.background.startsWith('#')) colours.background = style.background;
  return colours;
}

// What "options { timestamps() }" writes; it stands back behind the text.
const timestamp = /^\[\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-][0-9:]+)\] /;

function without_timestamp(pieces: readonly Piece[]) {
  const [first, ...rest] = pieces;
  const stamp = first ? (timestamp.exec(first.text)?.[0] ?? '') : '';
  if (!first || !stamp) return { stamp: '', pieces };
  const text = first.text.slice(stamp.length);
  return { stamp, pieces: [{ ...first, text }, ...rest] };
}

function link_to(number: number) {
  const query = new URLSearchParams(location.search);
  query.set('line', String(number));
  return `?${query}`;
}

export function LogLine(props: {
  number: number;
  pieces: readonly Piece[];
  linked: boolean;
  found: string;
}) {
  const { number, linked } = props;
  const { stamp, pieces } = without_timestamp(props.pieces);
  return (
    <div class={linked ? 'log-line linked' : 'log-line'}>
      <a
        class="log-number"
        href={link_to(number)}
        data-line={number}
        aria-label={t('log.line', { number })}
        tabIndex={-1}
        onClick={(event) => event.preventDefault()}
      >
        {number}
      </a>
      <span class="log-text">
        {stamp && <span class="log-stamp">{stamp}</span>}
        {highlight(pieces, props.found).map((piece, index) => {
          const name = class_of(piece.style, piece.marked);
          const colours = own_colours(piece.style);
          if (!name && !Object.keys(colours).length) return piece.text;
          return (
            <span key={index} class={name} style={colours}>
              {piece.text}
            </span>
          );
        })}
      </span>
    </div>
  );
}
