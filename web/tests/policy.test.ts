import { describe, expect, it } from 'vitest';
import {
  bytes_of,
  fields_of,
  policy_of,
  quota_text,
} from '../src/lib/policy';
import type { ImagePolicy } from '../src/types';

const policy: ImagePolicy = {
  immutable_tags: [{ repositories: 'prod/**', tags: 'v*' }],
  quota_bytes: 50 * 2 ** 30,
  retention: {
    rules: [
      {
        repositories: '**',
        tags: 'pr-*',
        keep_all: false,
        keep_last: 5,
        keep_within: '7d',
        keep_pulled_within: null,
      },
    ],
    untagged_after: '7d',
  },
  signatures: {
    demand: 'pull',
    keys: [{ name: 'release', pem: 'PEM' }],
    images: [{ repositories: 'prod/**', tags: '*' }],
    except: [],
    other_registries: ['docker.io/library/*', 'quay.io/a/*'],
  },
};

describe('a policy', () => {
  it('comes back from its fields as it was', () => {
    expect(policy_of(fields_of(policy))).toEqual(policy);
    const empty: ImagePolicy = {
      immutable_tags: [],
      quota_bytes: null,
      retention: { rules: [], untagged_after: null },
      signatures: {
        demand: 'none',
        keys: [],
        images: [],
        except: [],
        other_registries: [],
      },
    };
    expect(policy_of(fields_of(empty))).toEqual(empty);
  });
  it('keeps what is no number for the server to refuse', () => {
    const fields = fields_of(policy);
    fields.quota = 'much';
    fields.rules[0]!.keep_last = 'few';
    const wrong = policy_of(fields);
    expect(wrong.quota_bytes).toBe('much');
    expect(wrong.retention.rules[0]!.keep_last).toBe('few');
  });
});

describe('sizes', () => {
  it.each([
    ['50 GiB', 50 * 2 ** 30],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['2 tb', 2e12],
    ['12', 12],
    ['12 parsecs', NaN],
    ['-1', NaN],
  ])('%s', (text, bytes) => expect(bytes_of(text)).toBe(bytes));
  it.each([1, 1023, 2 ** 30, 50_000_000_000, 123_456_789])('%d', (bytes) =>
    expect(bytes_of(quota_text(bytes))).toBe(bytes),
  );
});
