// The REST API, typed. One function a route; every failure is an ApiError.

import { ApiError, error_from, unreachable } from './api_error';
import type * as T from './types';

const root = '/api/v1';
const segment = encodeURIComponent;

let csrf = '';
let signed_out: () => void = () => {};

export function set_csrf(token: string) {
  csrf = token;
}
// Called when an answer says that the session has ended.
export function on_signed_out(handler: () => void) {
  signed_out = handler;
}

interface Call {
  method?: string;
  json?: unknown;
  text?: { type: string; body: string };
  signal?: AbortSignal;
}

export async function call(path: string, options: Call = {}) {
  const headers: Record<string, string> = { Accept: 'application/json' };
  let body: string | undefined;
  if (options.text) {
    headers['Content-Type'] = options.text.type;
    body = options.text.body;
  } else if (options.json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.json);
  }
  const method = options.method ?? 'GET';
  if (method !== 'GET' && csrf) headers['X-Skerry-CSRF'] = csrf;
  const answer = await fetch(root + path, {
    method,
    headers,
    body,
    signal: options.signal,
    credentials: 'same-origin',
  }).catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') {
      throw reason;
    }
    throw unreachable();
  });
  if (!answer.ok) {
    const error = error_from(answer.status, await answer.text());
    if (error.is_signed_out && !path.startsWith('/session')) signed_out();
    throw error;
  }
  return answer;
}

async function json<R>(path: string, options?: Call): Promise<R> {
  const answer = await call(path, options);
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as R;
}

// A list comes as {name: [...]} or as a bare array.
async function list<R>(name: string, path: string): Promise<R[]> {
  const body = await json<unknown>(path);
  if (Array.isArray(body)) return body as R[];
  const found = (body as Record<string, unknown> | undefined)?.[name];
  return Array.isArray(found) ? (found as R[]) : [];
}

function query(values: Record<string, string | number | undefined>) {
  const pairs = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${segment(String(value))}`);
  return pairs.length ? `?${pairs.join('&')}` : '';
}

const post = <R = void>(path: string, body: unknown = {}) =>
  json<R>(path, { method: 'POST', json: body });
const put = <R = void>(path: string, body: unknown) =>
  json<R>(path, { method: 'PUT', json: body });
const patch = <R = void>(path: string, body: unknown) =>
  json<R>(path, { method: 'PATCH', json: body });
const remove = (path: string) => json<void>(path, { method: 'DELETE' });

const project_path = (project: string) => `/projects/${segment(project)}`;
const repo_path = (project: string, repo: string) =>
  `${project_path(project)}/repos/${segment(repo)}`;
const runs_path = (project: string, repo: string) =>
  `${repo_path(project, repo)}/runs`;
const run_path = (run: RunKey) =>
  `${runs_path(run.project, run.repo)}/${run.number}`;
const app_path = (project: string, app: string) =>
  `${project_path(project)}/applications/${segment(app)}`;

export interface RunKey {
  project: string;
  repo: string;
  number: number;
}
export interface ImageKey {
  project: string;
  repository: string; // without the project
  reference: string; // a tag or a digest
}
export interface SyncOptions {
  prune?: boolean;
  revision?: string;
  resources?: T.ResourceKey[];
}

export const session = {
  get: () => json<T.Session>('/session'),
  create: (user: string, password: string) =>
    post<T.Session>('/session', { user, password }),
  end: () => remove('/session'),
};

export const system = {
  health: () => json<T.Health>('/health'),
  audit: (before?: number, limit = 100) =>
    list<T.AuditEntry>('entries', `/audit${query({ before, limit })}`),
  settings: () => list<T.Setting>('settings', '/settings'),
  set: (name: string, value: string) =>
    put(`/settings/${segment(name)}`, { value }),
  unset: (name: string) => remove(`/settings/${segment(name)}`),
};

export const users = {
  list: () => list<T.User>('users', '/users'),
  create: (user: {
    name: string;
    display_name: string;
    password: string;
    server_admin: boolean;
  }) => post('/users', user),
  update: (
    name: string,
    change: Partial<T.User> & {
      password?: string;
      current_password?: string;
    },
  ) => patch(`/users/${segment(name)}`, change),
  remove: (name: string) => remove(`/users/${segment(name)}`),
};

interface NewToken {
  name: string;
  scopes: string[];
  expires: number | null;
}
export const tokens = {
  list: () => list<T.Token>('tokens', '/tokens'),
  create: (token: NewToken) =>
    post<{ token: T.Token; secret: string }>('/tokens', token),
  remove: (id: number) => remove(`/tokens/${id}`),
};

export const projects = {
  list: () => list<T.Project>('projects', '/projects'),
  get: (project: string) => json<T.Project>(project_path(project)),
  create: (project: {
    name: string;
    description: string;
    is_public: boolean;
  }) => post<T.Project>('/projects', project),
  update: (project: string, change: Partial<T.Project>) =>
    patch(project_path(project), change),
  remove: (project: string) => remove(project_path(project)),
  members: (project: string) =>
    list<T.Member>('members', `${project_path(project)}/members`),
  set_member: (project: string, user: string, role: T.Role) =>
    put(`${project_path(project)}/members/${segment(user)}`, { role }),
  remove_member: (project: string, user: string) =>
    remove(`${project_path(project)}/members/${segment(user)}`),
  tokens: (project: string) =>
    list<T.Token>('tokens', `${project_path(project)}/tokens`),
  create_token: (project: string, token: NewToken) =>
    post<{ token: T.Token; secret: string }>(
      `${project_path(project)}/tokens`,
      token,
    ),
  remove_token: (project: string, id: number) =>
    remove(`${project_path(project)}/tokens/${id}`),
  charts: (project: string) =>
    list<T.Chart>('charts', `${project_path(project)}/charts`),
  // All its versions, or one.
  remove_chart: (project: string, chart: string, version?: string) =>
    remove(
      `${project_path(project)}/charts/${segment(chart)}${query({ version })}`,
    ),
};

const images_path = (project: string) => `${project_path(project)}/images`;
const manifest_path = (image: ImageKey) =>
  `${images_path(image.project)}/manifest` +
  query({ repository: image.repository, reference: image.reference });

export const images = {
  list: (project: string) =>
    list<T.ImageRepository>('repositories', images_path(project)),
  remove_repository: (project: string, repository: string) =>
    remove(`${images_path(project)}${query({ repository })}`),
  tags: (project: string, repository: string) =>
    list<T.ImageTag>(
      'tags',
      `${images_path(project)}/tags${query({ repository })}`,
    ),
  manifest: (image: ImageKey) => json<T.ImageManifest>(manifest_path(image)),
  // A tag goes alone, a manifest with its tags.
  remove: (image: ImageKey) => remove(manifest_path(image)),
  deleted: (project: string, repository?: string, before?: number) =>
    list<T.DeletedImage>(
      'deleted',
      `${images_path(project)}/deleted${query({ repository, before, limit: 50 })}`,
    ),
  restore: (project: string, id: number) =>
    post<{ skipped_tags: string[] }>(
      `${images_path(project)}/deleted/${id}/restore`,
    ),
  purge: (project: string, id: number) =>
    remove(`${images_path(project)}/deleted/${id}`),
  usage: (project: string) =>
    json<T.ImageUsage>(`${images_path(project)}/usage`),
  policy: (project: string) =>
    json<T.ImagePolicy>(`${images_path(project)}/policy`),
  set_policy: (project: string, policy: T.ImagePolicy) =>
    put<T.ImagePolicy>(`${images_path(project)}/policy`, policy),
  // What this policy's retention rules would remove.
  preview: (project: string, policy: T.ImagePolicy) =>
    post<T.RetentionPreview>(
      `${images_path(project)}/retention/preview`,
      policy,
    ),
};

// Garbage collections or scrubs.
export type StorageRunKind = 'collections' | 'scrubs';
export const storage = {
  usage: () => json<T.Storage>('/images/usage'),
  runs: (kind: StorageRunKind) => list<T.StorageRun>('runs', `/${kind}`),
  start: (
    kind: StorageRunKind,
    order: { dry_run?: boolean; age_ms?: number } = {},
  ) => post<T.StorageRun>(`/${kind}`, order),
  cancel: (kind: StorageRunKind, id: number) => remove(`/${kind}/${id}`),
  items: (kind: StorageRunKind, id: number, after = 0, limit = 100) =>
    list<T.StorageItem>(
      'items',
      `/${kind}/${id}/items${query({ after, limit })}`,
    ),
};

export const repos = {
  list: (project: string) =>
    list<T.Repo>('repos', `${project_path(project)}/repos`),
  get: (project: string, repo: string) =>
    json<T.Repo>(repo_path(project, repo)),
  create: (
    project: string,
    repo: { name: string; description: string; default_branch: string },
  ) => post<T.Repo>(`${project_path(project)}/repos`, repo),
  remove: (project: string, repo: string) => remove(repo_path(project, repo)),
  refs: (project: string, repo: string) =>
    list<T.Ref>('refs', `${repo_path(project, repo)}/refs`),
  commits: (project: string, repo: string, ref?: string, limit = 30) =>
    list<T.Commit>(
      'commits',
      `${repo_path(project, repo)}/commits${query({ ref, limit })}`,
    ),
};

export const runs = {
  all: (limit = 50, before?: number) =>
    list<T.Run>('runs', `/runs${query({ limit, before })}`),
  of_repo: (project: string, repo: string, limit = 50, before?: number) =>
    list<T.Run>(
      'runs',
      `${runs_path(project, repo)}${query({ limit, before })}`,
    ),
  get: (run: RunKey) => json<T.Run>(run_path(run)),
  start: (
    project: string,
    repo: string,
    ref: string,
    parameters: Record<string, string>,
  ) => post<T.Run>(runs_path(project, repo), { ref, parameters }),
  cancel: (run: RunKey) => post(`${run_path(run)}/cancel`),
  rerun: (run: RunKey) => post<T.Run>(`${run_path(run)}/rerun`),
  artifacts: (run: RunKey) =>
    list<T.Artifact>('artifacts', `${run_path(run)}/artifacts`),
  tests: (run: RunKey) =>
    list<T.TestSuite>('suites', `${run_path(run)}/tests`),
  log: (run: RunKey, offset: number, signal?: AbortSignal) =>
    call(`${run_path(run)}/log${query({ offset })}`, { signal }),
  log_url: (run: RunKey) => `${root}${run_path(run)}/log`,
  stream_url: (run: RunKey) => `${root}${run_path(run)}/log/stream`,
  artifact_url: (run: RunKey, path: string) =>
    `${root}${run_path(run)}/artifacts/${path.split('/').map(segment).join('/')}`,
};

const defaults_path = (project: string | null) =>
  `${project === null ? '' : project_path(project)}/pipeline-defaults`;

export const pipelines = {
  // Of a project, or with null of the whole system.
  defaults: async (project: string | null) =>
    (await json<{ text: string }>(defaults_path(project))).text,
  set_defaults: (project: string | null, text: string) =>
    put(defaults_path(project), { text }),
  credentials: (project: string) =>
    list<T.Credential>('credentials', `${project_path(project)}/credentials`),
  put_credential: (project: string, credential: T.NewCredential) =>
    post(`${project_path(project)}/credentials`, credential),
  remove_credential: (project: string, id: string) =>
    remove(`${project_path(project)}/credentials/${segment(id)}`),
};

export const applications = {
  all: () => list<T.Application>('applications', '/applications'),
  of: (project: string) =>
    list<T.Application>(
      'applications',
      `${project_path(project)}/applications`,
    ),
  get: (project: string, app: string) =>
    json<T.Application>(app_path(project, app)),
  create: (project: string, yaml: string) =>
    json<T.Application>(`${project_path(project)}/applications`, {
      method: 'POST',
      text: { type: 'application/yaml', body: yaml },
    }),
  // With `cascade`, what it deployed goes too.
  remove: (project: string, app: string, cascade: boolean) =>
    remove(`${app_path(project, app)}?cascade=${cascade}`),
  sync: (project: string, app: string, options: SyncOptions) =>
    post(`${app_path(project, app)}/sync`, options),
  dry_run: async (project: string, app: string, options: SyncOptions) => {
    const body = { ...options, dry_run: true };
    const path = `${app_path(project, app)}/sync`;
    return (await post<{ steps: T.SyncStep[] }>(path, body)).steps;
  },
  refresh: (project: string, app: string) =>
    post(`${app_path(project, app)}/refresh`),
  rollback: (project: string, app: string, id: number) =>
    post(`${app_path(project, app)}/rollback`, { id }),
  history: (project: string, app: string) =>
    list<T.Deployment>('history', `${app_path(project, app)}/history`),
  resources: (project: string, app: string) =>
    list<T.Resource>('resources', `${app_path(project, app)}/resources`),
  manifests: (project: string, app: string) =>
    list<T.Manifest>('manifests', `${app_path(project, app)}/manifests`),
  diff: (project: string, app: string) =>
    list<T.ResourceDiff>('resources', `${app_path(project, app)}/diff`),
};

// Of a project, or with null of the whole server.
export function webhooks(project: string | null) {
  const all = `${project === null ? '' : project_path(project)}/webhooks`;
  return {
    list: () => list<T.Webhook>('webhooks', all),
    add: (settings: T.WebhookSettings) => post<T.Webhook>(all, settings),
    change: (id: number, settings: T.WebhookSettings) =>
      patch<T.Webhook>(`${all}/${id}`, settings),
    remove: (id: number) => remove(`${all}/${id}`),
    test: (id: number) => post<T.Delivery>(`${all}/${id}/test`),
    deliveries: (id: number) =>
      list<T.Delivery>('deliveries', `${all}/${id}/deliveries`),
  };
}

const upstream_path = (project: string) => `${project_path(project)}/upstream`;

export const upstream = {
  // Null where the project stands in front of no registry.
  get: (project: string) =>
    json<T.Upstream>(upstream_path(project)).catch((reason: unknown) => {
      if (reason instanceof ApiError && reason.status === 404) return null;
      throw reason;
    }),
  set: (project: string, settings: T.UpstreamSettings) =>
    put<T.Upstream>(upstream_path(project), settings),
  remove: (project: string) => remove(upstream_path(project)),
  nodes: (project: string) =>
    list<T.NodeSnippet>('snippets', `${upstream_path(project)}/nodes`),
};

export const events_url = `${root}/events`;
