// What the REST API (/api/v1) answers. Times are milliseconds since 1970.

export type * from './types/applications';
export type * from './types/registry';

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
