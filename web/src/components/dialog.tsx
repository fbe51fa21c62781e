// A modal dialog on the browser's own <dialog>: the focus begins at the first
// field, stays inside and goes back to where it was; Escape closes.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { ApiError } from '../api_error';
import { t } from '../i18n';
import { use_submit } from '../use_submit';
import { IconButton } from './buttons';
import { Failure } from './notice';

export function Dialog(props: {
  title: string;
  close: () => void;
  wide?: boolean;
  children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const before = document.activeElement;
    const dialog = element.current!;
    if (!dialog.open) dialog.showModal();
    dialog
      .querySelector<HTMLElement>(':is(input, select, textarea):enabled')
      ?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={props.wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
      onClick={(event) => {
        if (event.target === element.current) props.close();
      }}
    >
      <header class="dialog-head">
        <h2 id={title}>{props.title}</h2>
        <IconButton
          icon="close"
          label={t('action.close')}
          large
          press={props.close}
        />
      </header>
      {props.children}
    </dialog>
  );
}

// A dialog that does one thing and closes, unless `submit` gives 'stay'. Its
// error stays until the next try; the fields may show what concerns them.
export function FormDialog(props: {
  title: string;
  action: string;
  danger?: boolean;
  wide?: boolean;
  disabled?: boolean;
  close: () => void;
  submit: () => Promise<unknown>;
  done?: () => void; // after it has closed
  children: ComponentChildren | ((error?: ApiError) => ComponentChildren);
}) {
  const { busy, error, submit } = use_submit();
  const send = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    void submit(async () => {
      if ((await props.submit()) === 'stay') return;
      props.close();
      props.done?.();
    });
  };
  return (
    <Dialog title={props.title} close={props.close} wide={props.wide}>
      <form class="dialog-body" onSubmit={send}>
        {typeof props.children === 'function'
          ? props.children(error)
          : props.children}
        {error && <Failure error={error} />}
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={props.close}>
            {t('action.cancel')}
          </button>
          <button
            type="submit"
            class={props.danger ? 'button danger' : 'button primary'}
            disabled={busy || props.disabled}
          >
            {props.action}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
