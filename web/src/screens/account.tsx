import { useState } from 'preact/hooks';
import * as api from '../api';
import { Field } from '../components/forms';
import { Page, Panel } from '../components/page';
import { use_action } from '../components/toast';
import { TokenTable } from '../components/token_table';
import { t, t_name } from '../i18n';
import { use_session } from '../session';
import { use_data } from '../use_data';

const shortest_password = 8;

function PasswordPanel() {
  const { user } = use_session();
  const { busy, act } = use_action();
  const [password, set_password] = useState('');
  const [again, set_again] = useState('');
  const [current, set_current] = useState('');
  const differs = again !== '' && again !== password;
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await api.users.update(user.name, {
        password,
        current_password: current,
      });
      set_current('');
      set_password('');
      set_again('');
    }, t('account.password_changed'));
  };
  return (
    <Panel title={t('account.password')}>
      <form class="narrow" onSubmit={submit}>
        <Field
          label={t('account.current')}
          type="password"
          autoComplete="current-password"
          value={current}
          change={set_current}
          required
        />
        <Field
          label={t('account.new_password')}
          type="password"
          autoComplete="new-password"
          value={password}
          change={set_password}
          required
        />
        <Field
          label={t('account.again')}
          hint={differs ? t('account.differs') : undefined}
          type="password"
          autoComplete="new-password"
          value={again}
          change={set_again}
          required
        />
        <button
          type="submit"
          class="button"
          disabled={
            busy || password.length < shortest_password || password !== again
          }
        >
          {t('account.change_password')}
        </button>
      </form>
    </Panel>
  );
}

export function Account() {
  const { user } = use_session();
  const tokens = use_data('tokens', api.tokens.list);
  const scopes = ['read', 'write', ...(user.server_admin ? ['admin'] : [])];
  return (
    <Page
      title={user.display_name || user.name}
      lead={user.server_admin ? t('account.is_admin') : user.name}
    >
      <TokenTable
        title={t('tokens.title')}
        hint={t('tokens.hint')}
        scopes={scopes.map((scope) => [scope, t_name('scope', scope)])}
        tokens={tokens}
        create={api.tokens.create}
        remove={api.tokens.remove}
      />
      <PasswordPanel />
    </Page>
  );
}
