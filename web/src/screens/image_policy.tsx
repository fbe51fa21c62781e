import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Field } from '../components/forms';
import { Failure, Loading } from '../components/notice';
import { Panel } from '../components/page';
import { toast } from '../components/toast';
import { t } from '../i18n';
import { fault_at, fault_in } from '../lib/faults';
import {
  fields_of,
  policy_members,
  policy_of,
  type PolicyFields,
} from '../lib/policy';
import type { RetentionPreview } from '../types';
import { use_data } from '../use_data';
import { use_submit } from '../use_submit';
import { PreviewTable } from './image_policy_preview';
import { ImmutableTags, RetentionRules } from './image_policy_rules';
import { SignatureDemand } from './image_policy_signatures';

function PolicyBody(props: {
  project: string;
  saved: PolicyFields;
  done: () => void;
}) {
  const { project, saved, done } = props;
  const [fields, set_fields] = useState(saved);
  const { busy, error, submit } = use_submit();
  useEffect(() => set_fields(saved), [saved]);
  const change = (part: Partial<PolicyFields>) =>
    set_fields({ ...fields, ...part });
  const [preview, set_preview] = useState<RetentionPreview>();
  const fault = error && fault_in(error.message, policy_members);
  const save = async () => {
    await api.images.set_policy(project, policy_of(fields));
    toast('ok', t('state.saved'));
    done();
  };
  const try_it = async () =>
    set_preview(await api.images.preview(project, policy_of(fields)));
  return (
    <form
      class="policy"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(save);
      }}
    >
      <Panel title={t('policy.quota')}>
        <div class="narrow">
          <Field
            label={t('policy.quota_field')}
            hint={t('policy.quota_hint')}
            value={fields.quota}
            change={(quota) => change({ quota })}
            error={fault_at(fault, 'quota_bytes')}
          />
        </div>
      </Panel>
      <ImmutableTags
        patterns={fields.immutable_tags}
        change={(immutable_tags) => change({ immutable_tags })}
        fault={fault}
      />
      <RetentionRules
        rules={fields.rules}
        change={(rules) => change({ rules })}
        fault={fault}
      >
        <div class="narrow">
          <Field
            label={t('policy.untagged_after')}
            hint={t('policy.untagged_hint')}
            value={fields.untagged_after}
            change={(untagged_after) => change({ untagged_after })}
            placeholder="7d"
            error={fault_at(fault, 'retention.untagged_after')}
          />
        </div>
      </RetentionRules>
      <SignatureDemand
        policy={fields.signatures}
        change={(part) =>
          change({ signatures: { ...fields.signatures, ...part } })
        }
        fault={fault}
      />
      {error && <Failure error={error} />}
      <div class="actions">
        <button type="submit" class="button primary" disabled={busy}>
          {t('action.save')}
        </button>
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => submit(try_it)}
        >
          {t('policy.preview')}
        </button>
      </div>
      {preview && <PreviewTable project={project} preview={preview} />}
    </form>
  );
}

export function ImagePolicyForm(props: { project: string }) {
  const { project } = props;
  const [saved, set_saved] = useState<PolicyFields>();
  const { data, error, reload } = use_data(`policy-${project}`, () =>
    api.images.policy(project),
  );
  useEffect(() => {
    if (data) set_saved(fields_of(data));
  }, [data]);
  return (
    <>
      {error && <Failure error={error} retry={reload} />}
      {!saved && !error && <Loading rows={6} />}
      {saved && <PolicyBody project={project} saved={saved} done={reload} />}
    </>
  );
}
