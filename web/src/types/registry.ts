// Of the image registry and its storage.

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
