// A choice of one among a few, side by side.

import { use_current_in_sight } from './page';

type Options<Name> = readonly (readonly [name: Name, text: string])[];

export function Segments<Name extends string>(props: {
  label: string;
  options: Options<Name>;
  current: Name;
  choose: (name: Name) => void;
}) {
  return (
    <div class="segments" role="group" aria-label={props.label}>
      {props.options.map(([name, text]) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === props.current}
          onClick={() => props.choose(name)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

// The same for parts of a screen that have addresses.
export function LinkSegments<Name extends string>(props: {
  label: string;
  options: Options<Name>;
  current: string;
  to: (name: Name) => string;
}) {
  const row = use_current_in_sight(props.current);
  return (
    <nav ref={row} class="segments" aria-label={props.label}>
      {props.options.map(([name, text]) => (
        <a
          key={name}
          href={props.to(name)}
          aria-current={name === props.current ? 'page' : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}
