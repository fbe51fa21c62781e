// Things for the made-up daemon to show.

import type * as T from '../src/types';

const now = Date.now();
const minute = 60_000;
const id = (seed: string) => seed.repeat(40).slice(0, 40);

export const pause = (ms: number) =>
  new Promise((resolve) => setTimeout(resolve, ms));
export const subject_of = (run: T.Run) =>
  `${run.project}/${run.repo}#${run.number}`;

export const session: T.Session = {
  user: { name: 'admin', display_name: 'Administrator', server_admin: true },
  csrf: 'mock',
};

export const health: T.Health = {
  status: 'degraded',
  version: '0.1.0',
  uptime_ms: 3 * 86_400_000 + 4_000_000,
  checks: [
    { name: 'database', ok: true, message: '' },
    { name: 'blob store', ok: true, message: '' },
    { name: 'git repositories', ok: true, message: '' },
    {
      name: 'target podman://',
      ok: false,
      message: 'podman does not answer: install the package podman, or give the application another destination',
    },
    { name: 'jobs', ok: true, message: '' },
    { name: 'event consumers', ok: true, message: '' },
  ],
};

function stages(names: string[], result: T.Result | null): T.Stage[] {
  return names.map((name, index) => ({
    id: String(index + 1),
    parent: name.startsWith('Test on') ? '2' : null,
    name,
    state: result ? 'finished' : 'queued',
    result: result && (index < 3 ? 'SUCCESS' : result),
    started: result ? now - 20 * minute + index * 9_000 : null,
    finished: result ? now - 20 * minute + index * 9_000 + 8_000 : null,
    log_start: result ? 0 : null,
    log_end: null,
  }));
}

const stage_names = [
  'Build',
  'Test',
  'Test on gcc',
  'Test on clang',
  'Image',
  'Chart',
];

export function fresh_run(run: T.Run): Partial<T.Run> {
  return {
    number: run.number,
    id: run.id,
    state: 'queued',
    result: null,
    queued: Date.now(),
    started: null,
    finished: null,
    stages: stages(stage_names, null),
    tests: { total: 12, failed: 0, skipped: 1 },
  };
}

export function runs(): T.Run[] {
  const results: T.Result[] = [
    'SUCCESS',
    'SUCCESS',
    'FAILURE',
    'UNSTABLE',
    'SUCCESS',
    'ABORTED',
    'NOT_BUILT',
    'SUCCESS',
  ];
  const messages = [
    'Answer with the commit id',
    'Listen on $PORT',
    'Handle SIGTERM so that the container stops at once instead of after ten seconds',
    '빌드 캐시를 정리하고 테스트를 나눈다',
  ];
  return results.map((result, index) => ({
    project: 'demo',
    repo: index % 3 === 2 ? 'billing-frontend' : 'hello',
    number: 42 - index,
    id: 900 - index,
    ref: 'refs/heads/main',
    branch: index % 3 === 1 ? 'feature/long-branch-name' : 'main',
    commit: id('3f9c1d27ab'),
    message: messages[index % messages.length]!,
    author: ['Minji Kim', 'Ada Lovelace'][index % 2]!,
    cause: 'push by admin',
    state: 'finished',
    result,
    error: result === 'FAILURE' ? 'stage Test: sh: exit status 2' : null,
    queued: now - (index + 1) * 50 * minute,
    started: now - (index + 1) * 50 * minute,
    finished: now - (index + 1) * 50 * minute + 43_000,
    parameters: (index === 4 ? { TARGET: 'staging' } : {}) as Record<string, string>,
    stages: stages(stage_names, result),
    tests: {
      total: 12,
      failed: result === 'UNSTABLE' ? 2 : 0,
      skipped: 1,
    },
  }));
}

export function log_line(stage: string, line: number): string {
  const colours = ['\x1b[32m', '\x1b[33m', '\x1b[36m', '\x1b[1;31m'];
  if (line === 0) return `\x1b[1m[${stage}] started\x1b[0m\n`;
  if (line % 9 === 0) return `progress 10%\rprogress 60%\rprogress 100% done\n`;
  if (line % 7 === 0) {
    return `${colours[line % 4]}warning:\x1b[0m unused variable ‘x’ in main.c:${line}\n`;
  }
  return `+ gcc -O2 -static -DCOMMIT_ID="3f9c1d2" -c src/file_${line}.c -o build/file_${line}.o\n`;
}

export const operation = (
  phase: T.Operation['phase'],
  message: string,
): T.Operation => ({
  phase,
  message,
  started: Date.now() - 3_000,
  finished: phase === 'Running' ? null : Date.now(),
});

export function applications(): T.Application[] {
  const states: [string, T.SyncStatus, T.HealthStatus][] = [
    ['hello', 'Synced', 'Healthy'],
    ['billing', 'OutOfSync', 'Healthy'],
    ['search', 'Synced', 'Degraded'],
    ['mail-gateway', 'Synced', 'Progressing'],
    ['archive', 'Unknown', 'Unknown'],
  ];
  return states.map(([name, sync, state], index) => ({
    name,
    project: 'demo',
    spec: {
      source: index % 2
        ? { repoURL: 'http://127.0.0.1:8080/git/demo/deploy.git', path: `apps/${name}`, targetRevision: 'main' }
        : { repoURL: 'http://127.0.0.1:8080/charts/demo', chart: name, targetRevision: '*' },
      destination: { server: 'podman://', namespace: 'default' },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
    status: {
      sync,
      health: state,
      revision: index % 2 ? id('9be04412cd') : '0.1.4',
      message: state === 'Degraded' ? 'Deployment search: container exited with status 1' : '',
      operation: {
        phase: state === 'Degraded' ? 'Failed' : 'Succeeded',
        message: state === 'Degraded' ? 'Deployment/search did not become healthy in 60 s' : '',
        started: now - 6 * minute,
        finished: now - 5 * minute,
      },
      last_reconciled: now - 20_000,
    },
  }));
}

export const resources: T.Resource[] = [
  { group: '', kind: 'ConfigMap', namespace: 'default', name: 'hello-config', sync: 'Synced', health: null, message: '', wave: 0, hook: null },
  { group: '', kind: 'Service', namespace: 'default', name: 'hello', sync: 'Synced', health: 'Healthy', message: '', wave: 0, hook: null },
  { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'hello', sync: 'OutOfSync', health: 'Progressing', message: 'waiting for 1 of 1 replicas', wave: 1, hook: null },
  { group: 'batch', kind: 'Job', namespace: 'default', name: 'hello-migrate', sync: 'Synced', health: 'Healthy', message: '', wave: -1, hook: 'PreSync' },
];

export const diffs: T.ResourceDiff[] = [
  {
    group: 'apps', kind: 'Deployment', namespace: 'default', name: 'hello',
    live: 'kind: Deployment\nspec:\n  replicas: 1\n', desired: 'kind: Deployment\nspec:\n  replicas: 2\n',
    diff: '--- live\n+++ desired\n@@ -1,7 +1,8 @@\n apiVersion: apps/v1\n kind: Deployment\n metadata:\n   name: hello\n spec:\n-  replicas: 1\n+  replicas: 2\n+  revisionHistoryLimit: 3\n   selector:\n',
  },
];

export const manifests: T.Manifest[] = resources.map((of) => ({
  group: of.group,
  kind: of.kind,
  namespace: of.namespace,
  name: of.name,
  manifest: `kind: ${of.kind}\nmetadata:\n  name: ${of.name}\n`,
}));
export const steps: T.SyncStep[] = [
  { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'hello', action: 'change', phase: 'Sync', wave: 0, state: 'planned', message: '' },
];

export const history: T.Deployment[] = [7, 6, 5].map((entry) => ({
  id: entry,
  revision: `0.1.${entry}`,
  deployed: now - (8 - entry) * 90 * minute,
  initiated_by: entry === 6 ? 'admin' : 'automated sync',
  source: { chart: 'hello', targetRevision: '*' },
}));

export const projects: T.Project[] = [
  { name: 'demo', description: 'The sample of the README', is_public: true },
  { name: 'billing', description: '', is_public: false },
];
export const members: T.Member[] = [
  { user: 'minji', role: 'maintainer' },
  { user: 'ada', role: 'developer' },
];
export const repos: T.Repo[] = ['hello', 'billing-frontend'].map((name) => ({
  project: 'demo',
  name,
  description: 'A small HTTP service with its pipeline and chart',
  default_branch: 'main',
  clone_url: `http://127.0.0.1:8080/git/demo/${name}.git`,
  size_bytes: 182_000,
  updated: now - 12 * minute,
  empty: false,
}));
export const refs: T.Ref[] = [
  { name: 'refs/heads/main', commit: id('3f9c1d27ab') },
  { name: 'refs/tags/v0.1.0', commit: id('9be04412cd') },
];
export const commits: T.Commit[] = runs().map((run, index) => ({
  id: id(`${index}f9c1d27ab`),
  message: run.message,
  author_name: run.author,
  author_email: 'a@example.org',
  time: run.queued,
  parents: [],
}));
export const images: T.ImageRepository[] = [
  { name: 'hello', tags: 2, size_bytes: 912_000, updated: now - 9 * minute },
];
export const tags: T.ImageTag[] = ['3f9c1d2', 'latest'].map((name) => ({
  name,
  digest: `sha256:${'7c0de4aa'.repeat(8)}`,
  media_type: 'application/vnd.oci.image.manifest.v1+json',
  artifact_type: 'application/vnd.oci.image.config.v1+json',
  platforms: ['linux/amd64', 'linux/arm64'],
  size_bytes: 912_000,
  pushed: now - 9 * minute,
  signed: name === 'latest',
  signed_by: name === 'latest' ? ['release'] : [],
  pulls: 12,
  last_pulled: now - 2 * minute,
}));
export const image_usage: T.ImageUsage = {
  quota_bytes: 5 * 2 ** 20,
  used_bytes: 912_000,
  repositories: [{ name: 'hello', size_bytes: 912_000 }],
};
export const charts: T.Chart[] = [
  {
    name: 'hello',
    versions: [4, 3, 2].map((patch) => ({
      version: `0.1.${patch}`,
      app_version: id('3f9c1d27ab'),
      digest: '7c0de4aa'.repeat(8),
      created: now - patch * 60 * minute,
    })),
  },
];

export const suites: T.TestSuite[] = [
  {
    name: 'hello',
    cases: Array.from({ length: 8 }, (_, index) => ({
      name: `answers_request_${index}`,
      class_name: 'http',
      status: index === 3 ? 'failed' : index === 5 ? 'skipped' : 'passed',
      seconds: 0.004 * index,
      message: index === 3 ? 'expected "hello from 3f9c1d2", got "hello from "' : '',
      details: index === 3 ? 'tests/http_test.c:88: COMMIT_ID is empty' : '',
    })),
  },
];
export const artifacts: T.Artifact[] = [
  { path: 'build/hello', size: 812_344, digest: `sha256:${'ab12cd34'.repeat(8)}` },
  { path: 'build/report.xml', size: 1_844, digest: `sha256:${'0912cd34'.repeat(8)}` },
];
export const tokens: T.Token[] = [
  { id: 1, name: 'laptop', scopes: ['write'], created: now, expires: now + 30 * 86_400_000, last_used: now - minute },
  { id: 2, name: 'old script', scopes: ['read'], created: now, expires: now - minute, last_used: null },
];
export const webhooks: T.Webhook[] = [true, false].map((works, index) => ({
  id: index + 1,
  name: works ? 'deploy' : 'scanner',
  url: `https://${works ? 'hooks' : 'scanner'}.example/in`,
  ca_pem: '',
  verify_tls: true,
  actions: ['push', 'delete'],
  blobs: false,
  include_references: false,
  repositories: '**',
  ignored_media_types: [],
  enabled: true,
  header_names: works ? ['Authorization'] : [],
  has_secret: works,
  created: now,
  pending: works ? 0 : 3,
  dropped: 0,
  failing_since: works ? null : now - minute,
  next_try: works ? null : now + minute,
  last_delivery: {
    id: index + 1,
    time: now - minute,
    action: 'push',
    target: 'demo/hello:main',
    attempt: works ? 1 : 7,
    delivered: works,
    status: works ? 200 : 503,
    error: works ? '' : 'the receiver answered 503',
    duration_ms: 12,
  },
}));
export const upstream: T.Upstream = {
  url: 'https://registry-1.docker.io',
  prefix: '',
  library: true,
  user: '',
  ca_pem: '',
  ttl: 900_000,
  offline: false,
  keep_deleted: true,
  allow: [],
  hosts: ['docker.io'],
  changed: now,
  has_password: false,
  last_answer: now - minute,
  last_trouble: 0,
  trouble: '',
};
export const users: T.User[] = [
  { name: 'admin', display_name: 'Administrator', server_admin: true, disabled: false },
  { name: 'minji', display_name: 'Minji Kim', server_admin: false, disabled: false },
  { name: 'ada', display_name: 'Ada Lovelace', server_admin: false, disabled: true },
];
export const audit: T.AuditEntry[] = runs().map((run, index) => ({
  id: 90 - index,
  time: run.queued,
  actor: 'admin',
  action: ['run.start', 'repo.create', 'application.sync'][index % 3]!,
  subject: 'demo/hello',
  detail: '',
}));
export const settings: T.Setting[] = [
  { name: 'git.max_pack_size', type: 'size', value: '1GiB', default: '1GiB', description: 'The largest pack a push may carry.', source: 'built_in' },
  { name: 'ci.max_parallel_runs', type: 'integer', value: '4', default: '2', description: 'Runs that go on at the same time.', source: 'page' },
  { name: 'cd.reconcile_every', type: 'duration', value: '30s', default: '30s', description: 'Time between two comparisons of an application.', source: 'environment' },
];
