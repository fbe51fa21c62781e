import { useState } from 'preact/hooks';
import * as api from '../api';
import { AddDialog, Opens } from '../components/buttons';
import { FormDialog } from '../components/dialog';
import { Check, Field, PasswordField } from '../components/forms';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { use_action } from '../components/toast';
import { t } from '../i18n';
import { use_session } from '../session';
import type { User } from '../types';
import { use_data } from '../use_data';
import { use_fields } from '../use_fields';

function CreateUser(props: { close: () => void; done: () => void }) {
  const { values, text, check } = use_fields({
    name: '',
    display_name: '',
    password: '',
    server_admin: false,
  });
  return (
    <FormDialog
      title={t('users.create')}
      action={t('action.create')}
      close={props.close}
      submit={() => api.users.create(values)}
      done={props.done}
    >
      <Field label={t('sign_in.user')} {...text('name')} required mono />
      <Field label={t('users.display_name')} {...text('display_name')} />
      <PasswordField
        label={t('sign_in.password')}
        {...text('password')}
        required
      />
      <Check {...check('server_admin')}>{t('users.server_admin')}</Check>
    </FormDialog>
  );
}

function SetPassword(props: { user: User; close: () => void }) {
  const [password, set_password] = useState('');
  return (
    <FormDialog
      title={t('users.password_of', { user: props.user.name })}
      action={t('action.save')}
      close={props.close}
      submit={() => api.users.update(props.user.name, { password })}
    >
      <PasswordField
        label={t('account.new_password')}
        value={password}
        change={set_password}
        required
      />
    </FormDialog>
  );
}

function UserRow(props: { user: User; reload: () => void }) {
  const { user, reload } = props;
  const session = use_session();
  const { busy, act } = use_action();
  const is_self = session.user.name === user.name;
  const change = (next: Partial<User>) =>
    act(async () => {
      await api.users.update(user.name, next);
      reload();
    }, t('state.saved'));
  return (
    <li>
      <span class="grow">
        <strong>{user.name}</strong>{' '}
        <span class="faint">{user.display_name}</span>{' '}
        {user.server_admin && (
          <span class="chip">{t('users.server_admin')}</span>
        )}{' '}
        {user.disabled && (
          <span class="chip tone-bad">{t('users.disabled')}</span>
        )}
      </span>
      <Opens
        button={(open) => (
          <button type="button" class="button small" onClick={open}>
            {t('users.set_password')}
          </button>
        )}
        dialog={(close) => <SetPassword user={user} close={close} />}
      />
      {!is_self && (
        <>
          <button
            type="button"
            class="button small"
            disabled={busy}
            onClick={() => change({ server_admin: !user.server_admin })}
          >
            {t(user.server_admin ? 'users.make_plain' : 'users.make_admin')}
          </button>
          <button
            type="button"
            class="button small"
            disabled={busy}
            onClick={() => change({ disabled: !user.disabled })}
          >
            {t(user.disabled ? 'users.enable' : 'users.disable')}
          </button>
        </>
      )}
    </li>
  );
}

export function AdminUsers() {
  const users = use_data('users', api.users.list);
  return (
    <Panel
      title={t('admin.users')}
      flush
      actions={
        <AddDialog
          text={t('users.create')}
          dialog={(close) => <CreateUser close={close} done={users.reload} />}
        />
      }
    >
      <Listing
        of={users}
        empty={<Empty icon="account" title={t('users.none')} />}
      >
        {(items) => (
          <ul class="rows">
            {items.map((user) => (
              <UserRow key={user.name} user={user} reload={users.reload} />
            ))}
          </ul>
        )}
      </Listing>
    </Panel>
  );
}
