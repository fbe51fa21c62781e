import { useState } from 'preact/hooks';
import * as api from '../api';
import { FormDialog } from '../components/dialog';
import { Check, Field } from '../components/forms';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { use_action } from '../components/toast';
import { t } from '../i18n';
import { use_session } from '../session';
import type { User } from '../types';
import { use_data } from '../use_data';

function CreateUser(props: { close: () => void; done: () => void }) {
  const [name, set_name] = useState('');
  const [display_name, set_display_name] = useState('');
  const [password, set_password] = useState('');
  const [server_admin, set_admin] = useState(false);
  const submit = async () => {
    await api.users.create({ name, display_name, password, server_admin });
    props.done();
    props.close();
  };
  return (
    <FormDialog
      title={t('users.create')}
      action={t('action.create')}
      close={props.close}
      submit={submit}
    >
      <Field
        label={t('sign_in.user')}
        value={name}
        change={set_name}
        required
        mono
      />
      <Field
        label={t('users.display_name')}
        value={display_name}
        change={set_display_name}
      />
      <Field
        label={t('sign_in.password')}
        type="password"
        autoComplete="new-password"
        value={password}
        change={set_password}
        required
      />
      <Check checked={server_admin} change={set_admin}>
        {t('users.server_admin')}
      </Check>
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
      submit={async () => {
        await api.users.update(props.user.name, { password });
        props.close();
      }}
    >
      <Field
        label={t('account.new_password')}
        type="password"
        autoComplete="new-password"
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
  const [setting, set_setting] = useState(false);
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
      <button
        type="button"
        class="button small"
        onClick={() => set_setting(true)}
      >
        {t('users.set_password')}
      </button>
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
      {setting && <SetPassword user={user} close={() => set_setting(false)} />}
    </li>
  );
}

export function AdminUsers() {
  const [creating, set_creating] = useState(false);
  const users = use_data('users', api.users.list);
  return (
    <Panel
      title={t('admin.users')}
      flush
      actions={
        <button type="button" class="button" onClick={() => set_creating(true)}>
          <Icon name="plus" /> {t('users.create')}
        </button>
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
      {creating && (
        <CreateUser close={() => set_creating(false)} done={users.reload} />
      )}
    </Panel>
  );
}
