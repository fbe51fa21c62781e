// A project's image policy as the fields of a form, and back.

import type {
  ImagePolicy,
  RetentionRule,
  SignaturePolicy,
  TagPattern,
} from '../types';
import { lines_of } from './text_lines';

export type RuleFields = Record<
  'repositories' | 'tags' | 'keep_last' | 'keep_within' | 'keep_pulled_within',
  string
> & { keep_all: boolean };
export interface PolicyFields {
  quota: string; // bytes, or with a unit: "50 GiB"
  immutable_tags: TagPattern[];
  rules: RuleFields[];
  untagged_after: string;
  signatures: SignatureFields;
}
export type SignatureFields = Omit<SignaturePolicy, 'other_registries'> & {
  other_registries: string; // one on a line
};

const units: Record<string, number> = {
  '': 1,
  b: 1,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
};

// "1.5 GiB" in bytes; NaN for what is no size.
export function bytes_of(text: string): number {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = found && units[found[2]!.toLowerCase()];
  return unit ? Math.round(Number(found[1]) * unit) : NaN;
}

// The shortest text that bytes_of reads as this number.
export function quota_text(bytes: number): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB', 'TB', 'GB', 'MB', 'kB']) {
    const value = bytes / units[unit.toLowerCase()]!;
    if (value >= 1 && Number.isInteger(value * 10)) return `${value} ${unit}`;
  }
  return String(bytes);
}

export function fields_of(policy: ImagePolicy): PolicyFields {
  const { quota_bytes, immutable_tags, retention } = policy;
  return {
    quota: quota_bytes === null ? '' : quota_text(quota_bytes),
    immutable_tags: immutable_tags.map((pattern) => ({ ...pattern })),
    rules: retention.rules.map((rule) => ({
      repositories: rule.repositories,
      tags: rule.tags,
      keep_all: rule.keep_all,
      keep_last: rule.keep_last === null ? '' : String(rule.keep_last),
      keep_within: rule.keep_within ?? '',
      keep_pulled_within: rule.keep_pulled_within ?? '',
    })),
    untagged_after: retention.untagged_after ?? '',
    signatures: {
      ...policy.signatures,
      other_registries: policy.signatures.other_registries.join('\n'),
    },
  };
}

// What is no number goes to the server as it is: it says what is wrong.
function number_or_text(text: string, value: number) {
  if (!text.trim()) return null;
  return (Number.isFinite(value) ? value : text) as number;
}

export function policy_of(fields: PolicyFields): ImagePolicy {
  const rule = (from: RuleFields): RetentionRule => ({
    repositories: from.repositories,
    tags: from.tags,
    keep_all: from.keep_all,
    keep_last: number_or_text(from.keep_last, Number(from.keep_last)),
    keep_within: from.keep_within.trim() || null,
    keep_pulled_within: from.keep_pulled_within.trim() || null,
  });
  return {
    quota_bytes: number_or_text(fields.quota, bytes_of(fields.quota)),
    immutable_tags: fields.immutable_tags,
    retention: {
      rules: fields.rules.map(rule),
      untagged_after: fields.untagged_after.trim() || null,
    },
    signatures: {
      ...fields.signatures,
      other_registries: lines_of(fields.signatures.other_registries),
    },
  };
}

export const policy_members = [
  'quota_bytes',
  'immutable_tags',
  'retention',
  'signatures',
];
