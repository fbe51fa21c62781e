import * as api from '../api';
import { FormDialog } from '../components/dialog';
import { Choice, Field } from '../components/forms';
import { t, t_name } from '../i18n';
import type { CredentialKind, NewCredential } from '../types';
import { use_fields } from '../use_fields';

const kinds: readonly CredentialKind[] = ['text', 'username_password', 'file'];

const empty = {
  id: '',
  description: '',
  kind: 'text' as CredentialKind,
  secret: '',
  user: '',
  password: '',
  file_name: '',
  content: '',
};
type Value = 'secret' | 'user' | 'password' | 'file_name' | 'content';
// What each kind takes.
const fields: Record<CredentialKind, readonly Value[]> = {
  text: ['secret'],
  username_password: ['user', 'password'],
  file: ['file_name', 'content'],
};
const hidden: readonly Value[] = ['secret', 'password'];

function label_of(name: Value): string {
  if (name === 'user') return t('sign_in.user');
  if (name === 'password') return t('sign_in.password');
  return t(`credentials.${name}`);
}

export function AddCredential(props: {
  project: string;
  close: () => void;
  done: () => void;
}) {
  const { values, text, change } = use_fields(empty);
  const { id, description, kind } = values;
  const submit = async () => {
    const credential: NewCredential = { id, description, kind };
    for (const name of fields[kind]) credential[name] = values[name];
    await api.pipelines.put_credential(props.project, credential);
  };
  return (
    <FormDialog
      title={t('credentials.add')}
      action={t('action.save')}
      close={props.close}
      submit={submit}
      done={props.done}
    >
      <Field label={t('credentials.id')} {...text('id')} required mono />
      <Field label={t('projects.description')} {...text('description')} />
      <Choice
        label={t('credentials.kind')}
        value={kind}
        options={kinds.map((name) => [name, t_name('credential', name)])}
        change={(next) => change({ kind: next as CredentialKind })}
      />
      {fields[kind].map((name) => (
        <Field
          key={name}
          label={label_of(name)}
          {...text(name)}
          type={hidden.includes(name) ? 'password' : 'text'}
          autoComplete="new-password"
          rows={name === 'content' ? 6 : undefined}
          required
          mono
        />
      ))}
    </FormDialog>
  );
}
