import { useState } from 'preact/hooks';
import * as api from '../api';
import { FormDialog } from '../components/dialog';
import { Choice, Field } from '../components/forms';
import { t, t_name } from '../i18n';
import type { CredentialKind, NewCredential } from '../types';

const kinds: readonly CredentialKind[] = ['text', 'username_password', 'file'];

interface Values {
  secret: string;
  user: string;
  password: string;
  file_name: string;
  content: string;
}
const empty: Values = {
  secret: '',
  user: '',
  password: '',
  file_name: '',
  content: '',
};
// What each kind takes.
const fields: Record<CredentialKind, readonly (keyof Values)[]> = {
  text: ['secret'],
  username_password: ['user', 'password'],
  file: ['file_name', 'content'],
};
const hidden: readonly (keyof Values)[] = ['secret', 'password'];

function label_of(name: keyof Values): string {
  if (name === 'user') return t('sign_in.user');
  if (name === 'password') return t('sign_in.password');
  return t(`credentials.${name}`);
}

export function AddCredential(props: {
  project: string;
  close: () => void;
  done: () => void;
}) {
  const [id, set_id] = useState('');
  const [description, set_description] = useState('');
  const [kind, set_kind] = useState<CredentialKind>('text');
  const [values, set_values] = useState(empty);
  const submit = async () => {
    const credential: NewCredential = { id, description, kind };
    for (const name of fields[kind]) credential[name] = values[name];
    await api.pipelines.put_credential(props.project, credential);
    props.done();
    props.close();
  };
  return (
    <FormDialog
      title={t('credentials.add')}
      action={t('action.save')}
      close={props.close}
      submit={submit}
    >
      <Field
        label={t('credentials.id')}
        value={id}
        change={set_id}
        required
        mono
      />
      <Field
        label={t('projects.description')}
        value={description}
        change={set_description}
      />
      <Choice
        label={t('credentials.kind')}
        value={kind}
        options={kinds.map((name) => [name, t_name('credential', name)])}
        change={(next) => set_kind(next as CredentialKind)}
      />
      {fields[kind].map((name) => (
        <Field
          key={name}
          label={label_of(name)}
          value={values[name]}
          change={(text) => set_values({ ...values, [name]: text })}
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
