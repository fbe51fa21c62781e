import { describe, expect, it } from 'vitest';
import {
  duration_text,
  is_docker_hub,
  upstream_fields,
  upstream_settings,
} from '../src/lib/upstream';
import type { Upstream } from '../src/types';

const settings = {
  url: 'https://registry.example:5000',
  prefix: 'team',
  library: false,
  user: 'me',
  ca_pem: '',
  offline: false,
  keep_deleted: true,
  allow: ['app', 'tools/**'],
  hosts: ['registry.example:5000'],
};
const upstream: Upstream = {
  ...settings,
  ttl: 5_400_000,
  has_password: true,
  changed: 1,
  last_answer: 0,
  last_trouble: 0,
  trouble: '',
};

describe("an upstream's settings", () => {
  it('come back from their fields, without the password', () => {
    const same = { ...settings, ttl: '90m' };
    expect(upstream_settings(upstream_fields(upstream), upstream)).toEqual(same);
  });
  it('of a new one leave to the server what it knows better', () => {
    const fields = upstream_fields(null);
    fields.url = ' docker.io ';
    const made = upstream_settings(fields, null);
    expect(made.url).toBe('docker.io');
    expect(made.ttl).toBe('15m');
    expect(made).not.toHaveProperty('library');
    expect(made).not.toHaveProperty('hosts');
    expect(made).not.toHaveProperty('password');
  });
  it('carry what was chosen', () => {
    const fields = { ...upstream_fields(null), library: true, password: 'p' };
    expect(upstream_settings(fields, null)).toMatchObject({
      library: true,
      password: 'p',
    });
  });
  it('still answer for no registry where that was so', () => {
    const none = { ...upstream, hosts: [] };
    expect(upstream_settings(upstream_fields(none), none).hosts).toEqual([]);
  });
});

it.each([
  [0, '0s'],
  [250, '250ms'],
  [1_500, '1500ms'],
  [90_000, '90s'],
  [900_000, '15m'],
  [7_200_000, '2h'],
  [172_800_000, '2d'],
])('%d ms is %s', (ms, text) => expect(duration_text(ms)).toBe(text));

it.each([
  ['docker.io', true],
  ['https://registry-1.docker.io/', true],
  ['https://index.docker.io', true],
  ['registry.hub.docker.com', true],
  ['https://mirror.docker.io.example', false],
  ['http://127.0.0.1:5000', false],
  ['', false],
])('%s is Docker Hub: %s', (url, is) => expect(is_docker_hub(url)).toBe(is));
