// Buttons of a picture, with a name for those who do not see it, and buttons
// that open a dialog.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n';
import { Icon, type IconName } from './icons';

export function IconButton(props: {
  icon: IconName;
  label: string;
  title?: string; // shorter, where the place says the rest
  large?: boolean;
  press: () => void;
}) {
  return (
    <button
      type="button"
      class={props.large ? 'button icon-only' : 'button icon-only small'}
      aria-label={props.label}
      title={props.title ?? props.label}
      onClick={props.press}
    >
      <Icon name={props.icon} />
    </button>
  );
}

export function AddButton(props: {
  text: string;
  look?: 'primary' | 'small';
  add: () => void;
}) {
  return (
    <button
      type="button"
      class={`button ${props.look ?? ''}`}
      onClick={props.add}
    >
      <Icon name="plus" /> {props.text}
    </button>
  );
}

export function MoreButton(props: {
  text?: string;
  busy?: boolean;
  more: () => void;
}) {
  return (
    <button
      type="button"
      class="button more"
      disabled={props.busy}
      onClick={props.more}
    >
      {props.text ?? t('action.show_more')}
    </button>
  );
}

// A button and the dialog that it opens.
export function Opens(props: {
  button: (open: () => void) => ComponentChildren;
  dialog: (close: () => void) => ComponentChildren;
}) {
  const [is_open, set_open] = useState(false);
  return (
    <>
      {props.button(() => set_open(true))}
      {is_open && props.dialog(() => set_open(false))}
    </>
  );
}

// Makes something new, in a dialog.
export function AddDialog(props: {
  text: string;
  look?: 'primary' | 'small';
  dialog: (close: () => void) => ComponentChildren;
}) {
  const { text, look, dialog } = props;
  return (
    <Opens
      button={(open) => <AddButton text={text} look={look} add={open} />}
      dialog={dialog}
    />
  );
}

// Deletes `name`, an entry of a list, once the dialog says yes; without a name,
// what the screen is about.
export function DeleteButton(props: {
  name?: string;
  dialog: (close: () => void) => ComponentChildren;
}) {
  const { name, dialog } = props;
  return (
    <Opens
      button={(open) =>
        name === undefined ? (
          <button type="button" class="button" onClick={open}>
            <Icon name="trash" /> {t('action.delete')}
          </button>
        ) : (
          <IconButton
            icon="trash"
            label={t('action.delete_named', { name })}
            title={t('action.delete')}
            press={open}
          />
        )
      }
      dialog={dialog}
    />
  );
}
