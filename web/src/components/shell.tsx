// What stands around every screen: navigation, account, connection, keys.

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import mark from '../mark.svg';
import { on_connection } from '../events';
import { language, languages, set_language, t, type Key } from '../i18n';
import { to, type Place } from '../router';
import { use_session, use_session_control } from '../session';
import { next_theme, set_theme, theme } from '../theme';
import { Icon, type IconName } from './icons';
import { Help, use_shortcuts } from './shortcuts';
import { use_action } from './toast';

interface NavItem {
  name: IconName & ('overview' | 'runs' | 'applications' | 'projects' | 'admin');
  to: string;
  below: readonly string[];
}

const items: readonly NavItem[] = [
  { name: 'overview', to: to.overview, below: [] },
  { name: 'runs', to: to.runs, below: ['/runs'] },
  { name: 'applications', to: to.applications, below: ['/applications'] },
  { name: 'projects', to: to.projects, below: ['/projects'] },
  { name: 'admin', to: to.admin(), below: ['/admin'] },
];

// Runs and applications live below a project's address, but belong to their
// own part of the navigation.
function part_of(path: string): string {
  if (/^\/projects\/[^/]+\/repos\/[^/]+\/runs\//.test(path)) return 'runs';
  if (/^\/projects\/[^/]+\/applications\/./.test(path)) return 'applications';
  const found = items.find((item) =>
    item.below.some((start) => path.startsWith(start)),
  );
  if (found) return found.name;
  return path === '/' || path === '/sign-in' ? 'overview' : '';
}

function Navigation(props: { path: string; admin: boolean }) {
  const current = part_of(props.path);
  return (
    <nav class="nav" aria-label={t('nav.main')}>
      {items
        .filter((item) => props.admin || item.name !== 'admin')
        .map((item) => (
          <a
            key={item.name}
            href={item.to}
            aria-current={item.name === current ? 'page' : undefined}
          >
            <Icon name={item.name} />
            <span>{t(`nav.${item.name}` as Key)}</span>
          </a>
        ))}
    </nav>
  );
}

export function LanguageButton() {
  const other = language() === 'en' ? 'ko' : 'en';
  const { busy, act } = use_action();
  return (
    <button
      type="button"
      class="button quiet"
      lang={other}
      disabled={busy}
      onClick={() => act(() => set_language(other))}
    >
      <Icon name="globe" />
      <span>{languages[other]}</span>
    </button>
  );
}

export function ThemeButton() {
  const [shown, set_shown] = useState(theme());
  const change = () => {
    set_theme(next_theme());
    set_shown(theme());
  };
  return (
    <button
      type="button"
      class="button quiet"
      title={t('nav.theme')}
      onClick={change}
    >
      <Icon name="theme" />
      <span>{t(`theme.${shown}` as Key)}</span>
    </button>
  );
}

function AccountLinks(props: { path: string }) {
  const { user } = use_session();
  const { sign_out } = use_session_control();
  const { busy, act } = use_action();
  return (
    <div class="account-links">
      <LanguageButton />
      <ThemeButton />
      <a
        href={to.account}
        class="button quiet"
        aria-current={props.path === to.account ? 'page' : undefined}
        title={t('nav.account')}
      >
        <Icon name="account" />
        <span>{user.display_name || user.name}</span>
      </a>
      <button
        type="button"
        class="button quiet"
        disabled={busy}
        onClick={() => act(sign_out)}
      >
        <Icon name="leave" />
        <span>{t('action.sign_out')}</span>
      </button>
    </div>
  );
}

function ConnectionNotice() {
  const [connected, set_connected] = useState(true);
  useEffect(() => on_connection(set_connected), []);
  return (
    <div role="status">
      {!connected && (
        <div class="offline">
          <Icon name="run" class="spin" />
          {t('state.disconnected')}
        </div>
      )}
    </div>
  );
}

export function Shell(props: { place: Place; children: ComponentChildren }) {
  const { user } = use_session();
  const { path } = props.place;
  const [help, set_help] = useState(false);
  use_shortcuts(() => set_help(true));
  return (
    <div class="shell">
      <a class="skip" href="#main">
        {t('nav.skip')}
      </a>
      <div class="side">
        <a class="brand" href={to.overview}>
          <img src={mark} alt="" width="26" height="26" />
          <span>Skerry</span>
        </a>
        <Navigation path={path} admin={user.server_admin} />
        <AccountLinks path={path} />
      </div>
      <main id="main" tabIndex={-1}>
        <ConnectionNotice />
        {props.children}
      </main>
      {help && <Help close={() => set_help(false)} />}
    </div>
  );
}
