import { useEffect, useState } from 'preact/hooks';
import { Empty, Failure, Loading } from './components/notice';
import { Shell } from './components/shell';
import { Toasts } from './components/toast';
import { language, on_language, t } from './i18n';
import { match, to, use_place, type Place } from './router';
import { Account } from './screens/account';
import { Admin } from './screens/admin';
import { ApplicationPage } from './screens/application';
import { Applications } from './screens/applications';
import { ImagePage } from './screens/image';
import { Overview } from './screens/overview';
import { ProjectPage } from './screens/project';
import { Projects } from './screens/projects';
import { RepoPage } from './screens/repo';
import { RunPage } from './screens/run';
import { Runs } from './screens/runs';
import { SignIn } from './screens/sign_in';
import { SessionProvider, use_session_control } from './session';

type Params = Record<string, string>;

// The first that fits. A key makes a new screen where another thing of the
// same kind is shown.
const screens: readonly [string, (params: Params, place: Place) => unknown][] =
  [
    ['/', () => <Overview />],
    ['/sign-in', () => <Overview />],
    ['/runs', (_, place) => <Runs query={place.query} />],
    ['/applications', (_, place) => <Applications query={place.query} />],
    ['/projects', () => <Projects />],
    ['/projects/:project', (p, place) => <ProjectPage project={p.project!} tab="repositories" query={place.query} />],
    [
      '/projects/:project/:tab',
      (p, place) => (
        <ProjectPage project={p.project!} tab={p.tab!} query={place.query} />
      ),
    ],
    [
      '/projects/:project/images/:image+',
      (p, place) => (
        <ImagePage
          key={`${p.project}/${p.image}`}
          project={p.project!}
          image={p.image!}
          query={place.query}
        />
      ),
    ],
    [
      '/projects/:project/repos/:repo',
      (p) => <RepoPage key={`${p.project}/${p.repo}`} project={p.project!} repo={p.repo!} />,
    ],
    [
      '/projects/:project/repos/:repo/runs/:number',
      (p, place) => (
        <RunPage
          key={`${p.project}/${p.repo}#${p.number}`}
          project={p.project!}
          repo={p.repo!}
          number={Number(p.number)}
          query={place.query}
        />
      ),
    ],
    [
      '/projects/:project/applications/:app',
      (p, place) => (
        <ApplicationPage
          key={`${p.project}/${p.app}`}
          project={p.project!}
          app={p.app!}
          query={place.query}
        />
      ),
    ],
    ['/account', () => <Account />],
    ['/admin', () => <Admin tab="users" />],
    ['/admin/:tab', (p) => <Admin tab={p.tab!} />],
  ];

function screen_at(place: Place) {
  for (const [pattern, draw] of screens) {
    const params = match(pattern, place.path);
    if (params) return draw(params, place);
  }
  return (
    <Empty icon="question" title={t('state.no_such_page')}>
      <a href={to.overview}>{t('nav.overview')}</a>
    </Empty>
  );
}

function Content() {
  const place = use_place();
  const { state, ask } = use_session_control();
  useEffect(() => {
    // A new screen begins at its top, with the keyboard in it.
    scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [place.path]);
  if (state.kind === 'asking') return <Loading rows={3} />;
  if (state.kind === 'failed') {
    return (
      <main class="lonely">
        <Failure error={state.error} retry={ask} />
      </main>
    );
  }
  if (state.kind === 'signed_out') return <SignIn expired={state.expired} />;
  return <Shell place={place}>{screen_at(place) as never}</Shell>;
}

export function App() {
  const [words, set_words] = useState(language());
  useEffect(() => on_language(() => set_words(language())), []);
  return (
    <SessionProvider>
      <Content key={words} />
      <Toasts />
    </SessionProvider>
  );
}
