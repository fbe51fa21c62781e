// Whose signatures a policy demands, of which images and when.

import { AddButton, IconButton } from '../components/buttons';
import { Choice, Field } from '../components/forms';
import { Panel } from '../components/page';
import { t } from '../i18n';
import { fault_at, type Fault } from '../lib/faults';
import type { SignatureFields } from '../lib/policy';
import type { SignatureKey, TagPattern } from '../types';
import { PatternList, replaced, without } from './image_policy_rules';

function Keys(props: {
  keys: SignatureKey[];
  change: (keys: SignatureKey[]) => void;
  fault: Fault | undefined;
}) {
  const { keys, change, fault } = props;
  return (
    <>
      {keys.map((key, i) => (
        <fieldset key={i} class="rule">
          <legend class="sr-only">{t('policy.key', { number: i + 1 })}</legend>
          <Field
            label={t('policy.key_name')}
            value={key.name}
            change={(name) => change(replaced(keys, i, { name }))}
            error={fault_at(fault, `signatures.keys[${i}].name`)}
          />
          <Field
            label={t('policy.key_pem')}
            value={key.pem}
            change={(pem) => change(replaced(keys, i, { pem }))}
            placeholder="-----BEGIN PUBLIC KEY-----"
            rows={4}
            mono
            error={fault_at(fault, `signatures.keys[${i}].pem`)}
          />
          <IconButton
            icon="close"
            label={t('policy.remove_key', { number: i + 1 })}
            press={() => change(without(keys, i))}
          />
        </fieldset>
      ))}
    </>
  );
}

function Which(props: {
  name: 'images' | 'except';
  title: string;
  add: string; // what the button says
  patterns: TagPattern[];
  change: (patterns: TagPattern[]) => void;
  fault: Fault | undefined;
}) {
  const { name, title, patterns, change, fault } = props;
  return (
    <>
      <div class="field">
        <span>{title}</span>{' '}
        <AddButton
          look="small"
          text={props.add}
          add={() => change([...patterns, { tags: '*', repositories: '**' }])}
        />
      </div>
      <PatternList
        title={title}
        path={`signatures.${name}`}
        patterns={patterns}
        change={change}
        fault={fault}
      />
    </>
  );
}

export function SignatureDemand(props: {
  policy: SignatureFields;
  change: (part: Partial<SignatureFields>) => void;
  fault: Fault | undefined;
}) {
  const { policy, change, fault } = props;
  const none = fault_at(fault, 'signatures.keys');
  return (
    <Panel
      title={t('policy.signatures')}
      actions={
        <AddButton
          look="small"
          text={t('policy.add_key')}
          add={() => change({ keys: [...policy.keys, { name: '', pem: '' }] })}
        />
      }
    >
      <p class="hint">{t('policy.signatures_hint')}</p>
      <div class="narrow">
        <Choice
          label={t('policy.demand')}
          value={policy.demand}
          options={[
            ['none', t('policy.demand_none')],
            ['deploy', t('policy.demand_deploy')],
            ['pull', t('policy.demand_pull')],
          ]}
          change={(demand) =>
            change({ demand: demand as SignatureFields['demand'] })
          }
        />
      </div>
      <Keys
        keys={policy.keys}
        change={(keys) => change({ keys })}
        fault={fault}
      />
      {none && <p class="field-error">{none}</p>}
      <Which
        name="images"
        title={t('policy.demand_images')}
        add={t('policy.add_images')}
        patterns={policy.images}
        change={(images) => change({ images })}
        fault={fault}
      />
      <Which
        name="except"
        title={t('policy.demand_except')}
        add={t('policy.add_except')}
        patterns={policy.except}
        change={(except) => change({ except })}
        fault={fault}
      />
      <div class="narrow">
        <Field
          label={t('policy.other_registries')}
          hint={t('policy.other_registries_hint')}
          value={policy.other_registries}
          change={(other_registries) => change({ other_registries })}
          placeholder="docker.io/library/*"
          rows={2}
          mono
        />
      </div>
    </Panel>
  );
}
