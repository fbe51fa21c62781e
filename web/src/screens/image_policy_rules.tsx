// The two lists of a policy: tags that never move, and which tags are kept.

import type { ComponentChildren } from 'preact';
import { AddButton, IconButton } from '../components/buttons';
import { Check, Field } from '../components/forms';
import { Panel } from '../components/page';
import { t } from '../i18n';
import { fault_at, type Fault } from '../lib/faults';
import type { RuleFields } from '../lib/policy';
import type { TagPattern } from '../types';

export function replaced<E>(list: E[], at: number, part: Partial<E>): E[] {
  return list.map((entry, i) => (i === at ? { ...entry, ...part } : entry));
}
export function without<E>(list: E[], at: number): E[] {
  return list.filter((_, i) => i !== at);
}

// Which tags of which repositories an entry is about.
export function Patterns(props: {
  entry: TagPattern;
  path: string;
  fault: Fault | undefined;
  change: (part: Partial<TagPattern>) => void;
}) {
  const { entry, path, fault, change } = props;
  return (
    <>
      <Field
        label={t('policy.tags')}
        value={entry.tags}
        change={(tags) => change({ tags })}
        placeholder="v*"
        mono
        error={fault_at(fault, `${path}.tags`)}
      />
      <Field
        label={t('policy.repositories')}
        value={entry.repositories}
        change={(repositories) => change({ repositories })}
        placeholder="**"
        mono
        error={fault_at(fault, `${path}.repositories`)}
      />
    </>
  );
}

export function PatternList(props: {
  title?: string; // before each one's number, for screen readers
  path: string; // of the list in the policy
  patterns: TagPattern[];
  change: (patterns: TagPattern[]) => void;
  fault: Fault | undefined;
}) {
  const { title, path, patterns, change, fault } = props;
  return (
    <>
      {patterns.map((pattern, i) => (
        <fieldset key={i} class="rule">
          <legend class="sr-only">
            {title && `${title}: `}
            {t('policy.pattern', { number: i + 1 })}
          </legend>
          <Patterns
            entry={pattern}
            path={`${path}[${i}]`}
            fault={fault}
            change={(part) => change(replaced(patterns, i, part))}
          />
          <IconButton
            icon="close"
            label={t('policy.remove_pattern', { number: i + 1 })}
            press={() => change(without(patterns, i))}
          />
        </fieldset>
      ))}
    </>
  );
}

export function ImmutableTags(props: {
  patterns: TagPattern[];
  change: (patterns: TagPattern[]) => void;
  fault: Fault | undefined;
}) {
  const { patterns, change, fault } = props;
  return (
    <Panel
      title={t('policy.immutable')}
      actions={
        <AddButton
          look="small"
          text={t('policy.add_pattern')}
          add={() => change([...patterns, { tags: '', repositories: '**' }])}
        />
      }
    >
      <p class="hint">{t('policy.immutable_hint')}</p>
      <PatternList path="immutable_tags" patterns={patterns} change={change} fault={fault} />
    </Panel>
  );
}

const new_rule: RuleFields = {
  tags: '*',
  repositories: '**',
  keep_all: false,
  keep_last: '10',
  keep_within: '',
  keep_pulled_within: '',
};

function Rule(props: {
  rule: RuleFields;
  number: number;
  fault: Fault | undefined;
  change: (part: Partial<RuleFields>) => void;
  remove: () => void;
}) {
  const { rule, number, fault, change } = props;
  const path = `retention.rules[${number}]`;
  const whole = fault_at(fault, path);
  return (
    <fieldset class="rule">
      <legend class="sr-only">{t('policy.rule', { number: number + 1 })}</legend>
      <Patterns entry={rule} path={path} fault={fault} change={change} />
      <Field
        label={t('policy.keep_last')}
        value={rule.keep_last}
        change={(keep_last) => change({ keep_last })}
        error={fault_at(fault, `${path}.keep_last`)}
      />
      <Field
        label={t('policy.keep_within')}
        value={rule.keep_within}
        change={(keep_within) => change({ keep_within })}
        placeholder="30d"
        error={fault_at(fault, `${path}.keep_within`)}
      />
      <Field
        label={t('policy.keep_pulled_within')}
        value={rule.keep_pulled_within}
        change={(keep_pulled_within) => change({ keep_pulled_within })}
        placeholder="30d"
        error={fault_at(fault, `${path}.keep_pulled_within`)}
      />
      <IconButton
        icon="close"
        label={t('policy.remove_rule', { number: number + 1 })}
        press={props.remove}
      />
      <Check
        checked={rule.keep_all}
        change={(keep_all) => change({ keep_all })}
      >
        {t('policy.keep_all')}
      </Check>
      {whole && <p class="field-error">{whole}</p>}
    </fieldset>
  );
}

export function RetentionRules(props: {
  rules: RuleFields[];
  change: (rules: RuleFields[]) => void;
  fault: Fault | undefined;
  children: ComponentChildren;
}) {
  const { rules, change, fault } = props;
  return (
    <Panel
      title={t('policy.retention')}
      actions={
        <AddButton
          look="small"
          text={t('policy.add_rule')}
          add={() => change([...rules, new_rule])}
        />
      }
    >
      <p class="hint">{t('policy.retention_hint')}</p>
      {rules.map((rule, i) => (
        <Rule
          key={i}
          rule={rule}
          number={i}
          fault={fault}
          change={(part) => change(replaced(rules, i, part))}
          remove={() => change(without(rules, i))}
        />
      ))}
      {props.children}
    </Panel>
  );
}
