// What folds open.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icons';

export function Disclose(props: {
  open: boolean;
  set_open: (open: boolean) => void;
  children: ComponentChildren;
}) {
  const { open, set_open } = props;
  return (
    <button
      type="button"
      class="disclose"
      aria-expanded={open}
      onClick={() => set_open(!open)}
    >
      <Icon name={open ? 'down' : 'right'} />
      {props.children}
    </button>
  );
}

// An entry of a list of rows.
export function Fold(props: {
  head: ComponentChildren;
  side?: ComponentChildren;
  open?: boolean; // until somebody folds it
  children: () => ComponentChildren;
}) {
  const [chosen, set_open] = useState<boolean>();
  const open = chosen ?? props.open ?? false;
  return (
    <li class="fold">
      <div class="fold-head">
        <Disclose open={open} set_open={set_open}>
          {props.head}
        </Disclose>
        {props.side}
      </div>
      {open && <div class="fold-body">{props.children()}</div>}
    </li>
  );
}
