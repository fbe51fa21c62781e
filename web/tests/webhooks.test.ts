import { describe, expect, it } from 'vitest';
import {
  webhook_fields,
  webhook_settings,
  webhook_state,
} from '../src/lib/webhooks';
import type { Delivery, Webhook } from '../src/types';

const delivery: Delivery = {
  id: 4,
  time: 1_000,
  action: 'push',
  target: 'demo/app:v1',
  attempt: 1,
  delivered: true,
  status: 200,
  error: '',
  duration_ms: 3,
};
const settings = {
  name: 'deploy',
  url: 'https://hooks.example/in',
  ca_pem: '',
  verify_tls: true,
  actions: ['pull', 'mount'],
  blobs: true,
  include_references: false,
  repositories: 'tools/**',
  ignored_media_types: ['text/plain', 'image/png'],
  enabled: true,
};
const webhook: Webhook = {
  ...settings,
  id: 1,
  header_names: ['Authorization'],
  has_secret: true,
  created: 1,
  pending: 0,
  dropped: 0,
  failing_since: null,
  next_try: null,
  last_delivery: delivery,
};

describe("a webhook's settings", () => {
  it('come back from their fields, without what is kept secret', () => {
    expect(webhook_settings(webhook_fields(webhook))).toEqual(settings);
  });
  it('of a new one tell of pushes and deletions everywhere', () => {
    const made = webhook_settings(webhook_fields());
    expect(made.actions).toEqual(['push', 'delete']);
    expect(made.repositories).toBe('**');
    expect(made.verify_tls && made.enabled).toBe(true);
  });
  it('carry a new secret and new headers', () => {
    const fields = webhook_fields(webhook);
    fields.secret = ' with spaces ';
    fields.headers = '\nX-One: a: b\n X-Two :\nno colon\n';
    const changed = webhook_settings(fields);
    expect(changed.secret).toBe(' with spaces ');
    expect(changed.headers).toEqual({
      'X-One': 'a: b',
      'X-Two': '',
      'no colon': null, // for the server to refuse
    });
  });
  it('take them away when that is asked for', () => {
    const fields = webhook_fields(webhook);
    Object.assign(fields, {
      secret: 'x',
      drop_secret: true,
      headers: 'A: b',
      drop_headers: true,
    });
    const changed = webhook_settings(fields);
    expect(changed.secret).toBe('');
    expect(changed.headers).toEqual({});
  });
});

describe('how a webhook stands', () => {
  it.each<[string, Partial<Webhook>]>([
    ['delivered', {}],
    ['unused', { last_delivery: null }],
    ['delivering', { pending: 2 }],
    ['failing', { pending: 2, failing_since: 5 }],
    ['failing', { last_delivery: { ...delivery, delivered: false } }],
    ['disabled', { enabled: false, failing_since: 5 }],
  ])('%s', (state, change) => {
    expect(webhook_state({ ...webhook, ...change })).toBe(state);
  });
});
