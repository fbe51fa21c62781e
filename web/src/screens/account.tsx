import * as api from '../api';
import { PasswordField } from '../components/forms';
import { Page, Panel } from '../components/page';
import { use_action } from '../components/toast';
import { TokenTable } from '../components/token_table';
import { t, t_name } from '../i18n';
import { use_session } from '../session';
import { use_data } from '../use_data';
import { use_fields } from '../use_fields';

const shortest_password = 8;
const empty = { current: '', password: '', again: '' };

function PasswordPanel() {
  const { user } = use_session();
  const { busy, act } = use_action();
  const { values, change, text } = use_fields(empty);
  const { password, again } = values;
  const differs = again !== '' && again !== password;
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await api.users.update(user.name, {
        password,
        current_password: values.current,
      });
      change(empty);
    }, t('account.password_changed'));
  };
  return (
    <Panel title={t('account.password')}>
      <form class="narrow" onSubmit={submit}>
        <PasswordField
          label={t('account.current')}
          autoComplete="current-password"
          {...text('current')}
          required
        />
        <PasswordField
          label={t('account.new_password')}
          {...text('password')}
          required
        />
        <PasswordField
          label={t('account.again')}
          hint={differs ? t('account.differs') : undefined}
          {...text('again')}
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
