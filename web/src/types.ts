// What the REST API (/api/v1) answers. Times are milliseconds since 1970.

export interface Session {
  user: { name: string; display_name: string; server_admin: boolean };
  csrf: string;
}

export interface HealthCheck {
  name: string;
  ok: boolean;
  message: string;
}
export interface Health {
  status: 'healthy' | 'degraded';
  version: string;
  uptime_ms: number;
  checks: HealthCheck[];
}

export interface Project {
  name: string;
  description: string;
  is_public: boolean;
  created?: number;
  role?: Role | null;
}
export type Role = 'viewer' | 'developer' | 'maintainer' | 'admin';
export interface Member {
  user: string;
  role: Role;
}

export interface Repo {
  project: string;
  name: string;
  description: string;
  default_branch: string;
  clone_url: string;
  size_bytes: number;
  updated: number | null;
  empty: boolean;
}
export interface Ref {
  name: string;
  commit: string;
}
export interface Commit {
  id: string;
  message: string;
  author_name: string;
  author_email: string;
  time: number;
  parents: string[];
}

export type Result =
  | 'SUCCESS'
  | 'UNSTABLE'
  | 'FAILURE'
  | 'NOT_BUILT'
  | 'ABORTED';
export interface Stage {
  id: string | number;
  parent: string | number | null;
  name: string;
  state: 'queued' | 'running' | 'finished';
  result: Result | null;
  started: number | null;
  finished: number | null;
  // The stage's part of the run's log, in bytes; log_end is null while it
  // grows.
  log_start: number | null;
  log_end: number | null;
}
export interface Run {
  project: string;
  repo: string;
  number: number;
  id: number; // of all runs: the newest has the highest
  ref: string;
  branch: string;
  commit: string;
  message: string;
  author: string;
  cause: string;
  state: 'queued' | 'running' | 'finished';
  result: Result | null;
  error: string | null;
  queued: number;
  started: number | null;
  finished: number | null;
  parameters: Record<string, string | number | boolean> | null;
  stages?: Stage[];
  tests?: { total: number; failed: number; skipped: number } | null;
}
export type CredentialKind = 'text' | 'username_password' | 'file';
export interface Credential {
  id: string;
  kind: CredentialKind;
  description: string;
  changed: number;
  user?: string;
  file_name?: string;
}
export interface NewCredential {
  id: string;
  kind: CredentialKind;
  description: string;
  secret?: string; // text
  user?: string; // username_password
  password?: string;
  file_name?: string; // file
  content?: string;
}
export interface Artifact {
  path: string;
  size: number;
  digest: string;
}
export interface TestCase {
  name: string;
  class_name: string;
  status: 'passed' | 'failed' | 'skipped' | 'error';
  seconds: number;
  message: string;
  details: string;
}
export interface TestSuite {
  name: string;
  cases: TestCase[];
}

export interface ImageRepository {
  name: string;
  tags: number;
  size_bytes: number;
  updated: number | null;
}
export interface ImageTag {
  name: string;
  digest: string;
  media_type: string;
  artifact_type: string;
  platforms: string[];
  size_bytes: number;
  pushed: number;
  signed: boolean;
  signed_by: string[] | null; // names of keys; null: not checked yet
  pulls: number;
  last_pulled: number | null;
}
export interface ImageSignature {
  manifest: string;
  format: string;
  valid: boolean;
  key: string;
  identity: string;
  trouble: string;
}
export interface ImageConfig {
  created: string;
  author: string;
  platform: string;
  user: string;
  entrypoint: string[];
  cmd: string[];
  env: string[];
  working_dir: string;
  exposed_ports: string[];
  volumes: string[];
  labels: Record<string, string>;
}
export interface ImageLayer {
  digest: string | null; // null: a step that made none
  media_type: string;
  size_bytes: number;
  created_by: string;
}
export interface ImageChild {
  digest: string;
  media_type: string;
  size_bytes: number;
  platform: string;
  annotations: Record<string, string>;
}
export interface ImageReferrer {
  digest: string;
  artifact_type: string;
  size_bytes: number;
  pushed: number;
  annotations: Record<string, string>;
  signature: boolean;
  referrers: ImageReferrer[];
}
export interface ImageManifest {
  digest: string;
  media_type: string;
  artifact_type: string;
  size_bytes: number;
  manifest_bytes: number;
  pushed: number;
  subject: string | null;
  annotations: Record<string, string>;
  tags: string[];
  config: ImageConfig | null;
  layers: ImageLayer[];
  manifests: ImageChild[];
  referrers: ImageReferrer[];
  signatures: ImageSignature[];
  frees_bytes: number;
  undo_ms: number; // 0: a deletion is final
}
export interface DeletedImage {
  id: number;
  repository: string;
  digest: string;
  tag: string | null; // null: the manifest with all of `tags`
  tags: string[];
  size_bytes: number;
  pushed: number;
  deleted: number;
  deleted_by: string;
  purged: number;
}
export interface ImageUsage {
  quota_bytes: number | null;
  used_bytes: number;
  repositories: { name: string; size_bytes: number }[];
}
export interface TagPattern {
  repositories: string;
  tags: string;
}
export interface RetentionRule extends TagPattern {
  keep_all: boolean;
  keep_last: number | null;
  keep_within: string | null;
  keep_pulled_within: string | null;
}
export interface SignatureKey {
  name: string;
  pem: string;
}
export interface SignaturePolicy {
  demand: 'none' | 'deploy' | 'pull';
  keys: SignatureKey[];
  images: TagPattern[];
  except: TagPattern[];
  other_registries: string[];
}
export interface ImagePolicy {
  immutable_tags: TagPattern[];
  quota_bytes: number | null;
  retention: { rules: RetentionRule[]; untagged_after: string | null };
  signatures: SignaturePolicy;
}
export interface RetentionVerdict {
  name?: string; // of a tag
  digest: string;
  pushed: number;
  stays: boolean;
  reason: string;
}
export interface RetentionPreview {
  repositories: {
    name: string;
    tags: RetentionVerdict[];
    manifests: RetentionVerdict[];
  }[];
  removed_tags: number;
  removed_manifests: number;
  truncated: boolean;
}
export interface NodeSnippet {
  tool: string;
  file: string;
  content: string;
  note: string;
}

// What can be set of a webhook. Headers and secret are never shown; those that
// are left out stay.
export interface WebhookSettings {
  name: string;
  url: string;
  headers?: Record<string, string | null>;
  secret?: string;
  ca_pem: string;
  verify_tls: boolean;
  actions: string[];
  blobs: boolean;
  include_references: boolean;
  repositories: string;
  ignored_media_types: string[];
  enabled: boolean;
}
export interface Webhook extends Omit<WebhookSettings, 'headers' | 'secret'> {
  id: number;
  header_names: string[];
  has_secret: boolean;
  created: number;
  pending: number;
  dropped: number;
  failing_since: number | null;
  next_try: number | null;
  last_delivery: Delivery | null;
}
// One attempt.
export interface Delivery {
  id: number;
  time: number;
  action: string;
  target: string;
  attempt: number;
  delivered: boolean;
  status: number | null; // null: no answer
  error: string;
  duration_ms: number;
}

export interface UpstreamSettings {
  url: string;
  prefix: string;
  library?: boolean; // left out: as the registry needs it
  user: string;
  password?: string; // left out: it stays
  ca_pem: string;
  ttl: number | string; // milliseconds, or as in "15m"
  offline: boolean;
  keep_deleted: boolean;
  allow: string[];
  hosts?: string[]; // left out: the registry's own
}
export interface Upstream extends UpstreamSettings {
  library: boolean;
  ttl: number;
  hosts: string[];
  changed: number;
  has_password: boolean;
  last_answer: number;
  last_trouble: number;
  trouble: string;
}

export interface Storage {
  projects: {
    project: string;
    used_bytes: number;
    quota_bytes: number | null;
  }[];
  disk: { free_bytes: number; total_bytes: number };
}
export interface StorageRun {
  id: number;
  dry_run: boolean;
  started: number;
  finished: number | null;
  error: string;
  step: string;
  items: number;
  bytes: number; // freed by a collection, read by a scrub
}
export interface StorageItem {
  number: number;
  kind: string;
  name: string;
  reason: string;
  bytes: number;
}
export interface ChartVersion {
  version: string;
  app_version: string;
  digest: string;
  created: string | number;
}
export interface Chart {
  name: string;
  versions: ChartVersion[];
}

export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthStatus =
  | 'Healthy'
  | 'Suspended'
  | 'Progressing'
  | 'Missing'
  | 'Degraded'
  | 'Unknown';
export interface ApplicationSource {
  repoURL?: string;
  path?: string;
  chart?: string;
  targetRevision?: string;
}
export interface Application {
  name: string;
  project: string;
  spec: {
    source?: ApplicationSource;
    sources?: ApplicationSource[];
    destination?: { server?: string; name?: string; namespace?: string };
    syncPolicy?: {
      automated?: { prune?: boolean; selfHeal?: boolean; enabled?: boolean };
    };
  };
  status: {
    sync: SyncStatus;
    health: HealthStatus;
    revision: string;
    message: string;
    // What the application asks for and does not get on its target.
    notices?: string[];
    operation: Operation | null;
    last_reconciled: number | null;
    // The entry of the history that a rollback brought back and holds.
    rolled_back_to?: number;
    deleting?: boolean;
  };
}
export interface Operation {
  phase: 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded' | '';
  message: string;
  started: number | null;
  finished: number | null;
}
export interface Deployment {
  id: number;
  revision: string;
  deployed: number;
  initiated_by: string;
  source: ApplicationSource | ApplicationSource[] | null;
}
export interface ResourceKey {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
}
export interface Resource extends ResourceKey {
  sync: SyncStatus;
  health: HealthStatus | '' | null;
  message: string;
  wave: number;
  hook: string | boolean | null;
}
export interface ResourceDiff extends ResourceKey {
  live: unknown;
  desired: unknown;
  diff: string; // unified; empty when both are the same
}

export interface Manifest extends ResourceKey {
  manifest: string;
}
// What a sync would do, or did, to one resource.
export interface SyncStep extends ResourceKey {
  action: string;
  phase: string;
  wave: number;
  state: string;
  message: string;
}

export interface Token {
  id: number;
  name: string;
  scopes: string[];
  created: number;
  expires: number | null;
  last_used: number | null;
}
export interface User {
  name: string;
  display_name: string;
  server_admin: boolean;
  disabled: boolean;
}
export interface AuditEntry {
  id: number;
  time: number;
  actor: string;
  action: string;
  subject: string;
  detail: string;
}
export interface Setting {
  name: string;
  type: string;
  value: string;
  default: string;
  description: string;
  source: 'built_in' | 'file' | 'environment' | 'page' | string;
}

export interface ServerEvent {
  id: number;
  time: number;
  topic: string;
  subject: string;
  version: string;
}
