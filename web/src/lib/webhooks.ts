// A webhook's settings as the fields of a form, and back.

import type { Webhook, WebhookSettings } from '../types';
import { lines_of } from './text_lines';

export const webhook_actions = ['push', 'pull', 'delete', 'mount'] as const;
export type WebhookAction = (typeof webhook_actions)[number];

export interface WebhookFields {
  name: string;
  url: string;
  push: boolean;
  pull: boolean;
  delete: boolean;
  mount: boolean;
  blobs: boolean;
  repositories: string;
  secret: string; // empty: it stays as it is
  drop_secret: boolean;
  headers: string; // "Name: value", one a line; empty: they stay as they are
  drop_headers: boolean;
  ca_pem: string;
  verify_tls: boolean;
  include_references: boolean;
  ignored_media_types: string; // one a line
  enabled: boolean;
}

export function webhook_fields(webhook?: Webhook): WebhookFields {
  const tells = (action: WebhookAction) =>
    webhook?.actions.includes(action) ??
    (action === 'push' || action === 'delete');
  return {
    name: webhook?.name ?? '',
    url: webhook?.url ?? '',
    push: tells('push'),
    pull: tells('pull'),
    delete: tells('delete'),
    mount: tells('mount'),
    blobs: webhook?.blobs ?? false,
    repositories: webhook?.repositories ?? '**',
    secret: '',
    drop_secret: false,
    headers: '',
    drop_headers: false,
    ca_pem: webhook?.ca_pem ?? '',
    verify_tls: webhook?.verify_tls ?? true,
    include_references: webhook?.include_references ?? false,
    ignored_media_types: webhook?.ignored_media_types.join('\n') ?? '',
    enabled: webhook?.enabled ?? true,
  };
}

// A line without a colon has no value: the server says what is wrong with it.
function headers_of(text: string): Record<string, string | null> {
  return Object.fromEntries(
    lines_of(text).map((line) => {
      const colon = line.indexOf(':');
      if (colon < 0) return [line, null];
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

export function webhook_settings(fields: WebhookFields): WebhookSettings {
  const settings: WebhookSettings = {
    name: fields.name.trim(),
    url: fields.url.trim(),
    ca_pem: fields.ca_pem.trim(),
    verify_tls: fields.verify_tls,
    actions: webhook_actions.filter((action) => fields[action]),
    blobs: fields.blobs,
    include_references: fields.include_references,
    repositories: fields.repositories.trim(),
    ignored_media_types: lines_of(fields.ignored_media_types),
    enabled: fields.enabled,
  };
  if (fields.drop_secret) settings.secret = '';
  else if (fields.secret) settings.secret = fields.secret;
  if (fields.drop_headers) settings.headers = {};
  else if (fields.headers.trim()) settings.headers = headers_of(fields.headers);
  return settings;
}

export const webhook_members = [
  'name',
  'url',
  'headers',
  'secret',
  'ca_pem',
  'actions',
  'repositories',
  'ignored_media_types',
];

// How it stands, as a name of components/status.tsx.
export type WebhookState =
  | 'disabled'
  | 'failing'
  | 'delivering'
  | 'delivered'
  | 'unused';

export function webhook_state(webhook: Webhook): WebhookState {
  if (!webhook.enabled) return 'disabled';
  if (webhook.failing_since !== null) return 'failing';
  if (webhook.pending) return 'delivering';
  if (!webhook.last_delivery) return 'unused';
  return webhook.last_delivery.delivered ? 'delivered' : 'failing';
}
