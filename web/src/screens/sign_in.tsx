import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api_error';
import { Field } from '../components/forms';
import { Failure, Notice } from '../components/notice';
import { LanguageButton, ThemeButton } from '../components/shell';
import { t } from '../i18n';
import mark from '../mark.svg';
import { use_session_control } from '../session';

export function SignIn(props: { expired: boolean }) {
  const { sign_in } = use_session_control();
  const [user, set_user] = useState('');
  const [password, set_password] = useState('');
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<ApiError>();
  useEffect(() => {
    document.title = `${t('sign_in.title')} · Skerry`;
    document.querySelector('input')?.focus();
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    set_busy(true);
    set_error(undefined);
    try {
      await sign_in(user.trim(), password);
    } catch (reason) {
      if (reason instanceof ApiError) set_error(reason);
      set_password('');
      set_busy(false);
    }
  };
  return (
    <main class="sign-in" id="main">
      <form onSubmit={submit}>
        <h1>
          <img src={mark} alt="" width="40" height="40" />
          <span>Skerry</span>
        </h1>
        <p class="lead">{t('sign_in.lead')}</p>
        {props.expired && !error && (
          <Notice tone="warn">{t('sign_in.expired')}</Notice>
        )}
        {error && <Failure error={error} />}
        <Field
          label={t('sign_in.user')}
          value={user}
          change={set_user}
          autoComplete="username"
          required
        />
        <Field
          label={t('sign_in.password')}
          value={password}
          change={set_password}
          type="password"
          autoComplete="current-password"
          required
        />
        <button type="submit" class="button primary" disabled={busy}>
          {busy ? t('sign_in.busy') : t('action.sign_in')}
        </button>
        <p class="hint">{t('sign_in.hint')}</p>
      </form>
      <div class="sign-in-foot">
        <LanguageButton />
        <ThemeButton />
      </div>
    </main>
  );
}
