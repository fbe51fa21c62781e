import type { ComponentChildren } from 'preact';
import { t } from '../i18n';
import { FormDialog } from './dialog';
import { toast } from './toast';

// Asks before `name` goes; the children say what goes with it.
export function ConfirmDelete(props: {
  name: string;
  disabled?: boolean;
  close: () => void;
  remove: () => Promise<unknown>;
  done: () => void;
  children: ComponentChildren;
}) {
  const { name } = props;
  return (
    <FormDialog
      danger
      title={t('action.delete_title', { name })}
      action={t('action.delete')}
      disabled={props.disabled}
      close={props.close}
      submit={async () => {
        await props.remove();
        toast('ok', t('action.deleted', { name }));
      }}
      done={props.done}
    >
      {props.children}
    </FormDialog>
  );
}
