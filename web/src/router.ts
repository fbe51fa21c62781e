// Addresses of the page. pages.json lists the same to the server.

import { useEffect, useState } from 'preact/hooks';

export interface Place {
  path: string;
  query: URLSearchParams;
}

const listeners = new Set<() => void>();

function here(): Place {
  return {
    path: location.pathname,
    query: new URLSearchParams(location.search),
  };
}

export function go(to: string, options: { replace?: boolean } = {}) {
  if (options.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  listeners.forEach((listener) => listener());
}

// Changes the query of the present address; undefined takes a name out.
export function set_query(changes: Record<string, string | undefined>) {
  const { path, query } = here();
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  go(text ? `${path}?${text}` : path, { replace: true });
}

// Plain clicks on links into the page stay in the page.
function follow(click: MouseEvent) {
  if (click.defaultPrevented || click.button !== 0) return;
  if (click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
  const link = (click.target as Element | null)?.closest?.('a[href]');
  if (!(link instanceof HTMLAnchorElement)) return;
  if (link.target || link.hasAttribute('download')) return;
  if (link.origin !== location.origin) return;
  if (link.pathname.startsWith('/api/') || link.hash) return;
  click.preventDefault();
  if (link.href !== location.href) go(link.pathname + link.search);
}

export function use_place(): Place {
  const [place, set_place] = useState(here);
  useEffect(() => {
    const changed = () => set_place(here());
    listeners.add(changed);
    addEventListener('popstate', changed);
    document.addEventListener('click', follow);
    return () => {
      listeners.delete(changed);
      removeEventListener('popstate', changed);
      document.removeEventListener('click', follow);
    };
  }, []);
  return place;
}

// match('/projects/:project', '/projects/demo') is {project: 'demo'}; a last
// part such as ":image+" takes all that follows.
export function match(
  pattern: string,
  path: string,
): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.replace(/(.)\/+$/, '$1').split('/');
  if (wanted.at(-1)?.endsWith('+') && given.length > wanted.length) {
    given.push(given.splice(wanted.length - 1).join('/'));
  }
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (let i = 0; i < wanted.length; i++) {
    const name = wanted[i] ?? '';
    const value = given[i] ?? '';
    if (!name.startsWith(':')) {
      if (name !== value) return null;
      continue;
    }
    try {
      params[name.slice(1).replace('+', '')] = decodeURIComponent(value);
    } catch {
      return null;
    }
    if (!value) return null;
  }
  return params;
}

const part = encodeURIComponent;
export const to = {
  overview: '/',
  runs: '/runs',
  applications: '/applications',
  projects: '/projects',
  account: '/account',
  admin: (tab = 'users') => `/admin/${tab}`,
  // `reference`: "" for the repository, a tag, or a digest.
  image: (project: string, repository: string, reference = '') =>
    `/projects/${part(project)}/images/` +
    repository.split('/').map(part).join('/') +
    (reference && (reference.includes(':') ? '@' : ':') + reference),
  project: (project: string, tab = 'repositories') =>
    tab === 'repositories'
      ? `/projects/${part(project)}`
      : `/projects/${part(project)}/${tab}`,
  repo: (project: string, repo: string) =>
    `/projects/${part(project)}/repos/${part(repo)}`,
  run: (run: { project: string; repo: string; number: number }) =>
    `${to.repo(run.project, run.repo)}/runs/${run.number}`,
  application: (project: string, app: string, tab = 'resources') =>
    `/projects/${part(project)}/applications/${part(app)}` +
    (tab === 'resources' ? '' : `?tab=${tab}`),
};
