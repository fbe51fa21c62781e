// A modal dialog on the browser's own <dialog>: focus stays inside, Escape
// closes.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api_error';
import { t } from '../i18n';
import { Icon } from './icons';
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
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
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
        <button
          type="button"
          class="button icon-only"
          aria-label={t('action.close')}
          onClick={props.close}
        >
          <Icon name="close" />
        </button>
      </header>
      {props.children}
    </dialog>
  );
}

// A dialog that does one thing; its error stays until the next try.
export function FormDialog(props: {
  title: string;
  action: string;
  danger?: boolean;
  wide?: boolean;
  disabled?: boolean;
  close: () => void;
  submit: () => Promise<unknown>;
  children: ComponentChildren;
}) {
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<ApiError>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    set_busy(true);
    set_error(undefined);
    try {
      await props.submit();
    } catch (reason) {
      set_error(
        reason instanceof ApiError
          ? reason
          : new ApiError(0, 'internal', String(reason)),
      );
    }
    set_busy(false);
  };
  return (
    <Dialog title={props.title} close={props.close} wide={props.wide}>
      <form class="dialog-body" onSubmit={submit}>
        {props.children}
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
