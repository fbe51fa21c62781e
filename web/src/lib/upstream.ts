// The registry that a project stands in front of, as the fields of a form, and
// back.

import type { Upstream, UpstreamSettings } from '../types';
import { lines_of } from './text_lines';

export interface UpstreamFields {
  url: string;
  prefix: string;
  library: boolean | null; // null: as the registry needs it
  user: string;
  password: string; // empty: it stays as it is
  ca_pem: string;
  ttl: string; // "15m"
  offline: boolean;
  keep_deleted: boolean;
  allow: string; // one pattern a line
  hosts: string; // one a line; empty: the registry's own
}

const lengths = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

// As settings have it: "15m", "36h", "250ms".
export function duration_text(ms: number): string {
  for (const [unit, length] of lengths) {
    if (ms && ms % length === 0) return `${ms / length}${unit}`;
  }
  return ms ? `${ms}ms` : '0s';
}

export function upstream_fields(upstream: Upstream | null): UpstreamFields {
  return {
    url: upstream?.url ?? '',
    prefix: upstream?.prefix ?? '',
    library: upstream?.library ?? null,
    user: upstream?.user ?? '',
    password: '',
    ca_pem: upstream?.ca_pem ?? '',
    ttl: duration_text(upstream?.ttl ?? 900_000),
    offline: upstream?.offline ?? false,
    keep_deleted: upstream?.keep_deleted ?? true,
    allow: upstream?.allow.join('\n') ?? '',
    hosts: upstream?.hosts.join('\n') ?? '',
  };
}

export function is_docker_hub(url: string): boolean {
  return /^(https:\/\/)?((registry-1|index)\.docker\.io|docker\.io|(registry\.)?hub\.docker\.com)\/*$/i.test(
    url.trim(),
  );
}

export const upstream_members = [
  'url',
  'prefix',
  'user',
  'password',
  'ca_pem',
  'ttl',
  'allow',
  'hosts',
];

// `before`: what was saved; one that answers for no registry at all stays so.
export function upstream_settings(
  fields: UpstreamFields,
  before: Upstream | null,
): UpstreamSettings {
  const settings: UpstreamSettings = {
    url: fields.url.trim(),
    prefix: fields.prefix.trim(),
    user: fields.user.trim(),
    ca_pem: fields.ca_pem.trim(),
    ttl: fields.ttl.trim(),
    offline: fields.offline,
    keep_deleted: fields.keep_deleted,
    allow: lines_of(fields.allow),
  };
  const hosts = lines_of(fields.hosts);
  if (hosts.length || before?.hosts.length === 0) settings.hosts = hosts;
  if (fields.library !== null) settings.library = fields.library;
  if (fields.password) settings.password = fields.password;
  return settings;
}
