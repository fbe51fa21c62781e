// Makes a webhook, or changes one.

import * as api from '../api';
import { FormDialog } from '../components/dialog';
import { Check, Field, PasswordField } from '../components/forms';
import { toast } from '../components/toast';
import { t } from '../i18n';
import { fault_below, fault_in } from '../lib/faults';
import {
  webhook_actions,
  webhook_fields,
  webhook_members,
  webhook_settings,
} from '../lib/webhooks';
import type { Webhook } from '../types';
import { use_fields } from '../use_fields';

type Form = ReturnType<typeof use_fields<ReturnType<typeof webhook_fields>>>;
type FaultOf = (member: string) => string | undefined;
interface PartProps {
  form: Form;
  fault_of: FaultOf;
  webhook?: Webhook;
}

function Told(props: PartProps & { of_server: boolean }) {
  const { form, fault_of } = props;
  const fault = fault_of('actions');
  return (
    <fieldset class="told">
      <legend>{t('webhooks.actions')}</legend>
      {webhook_actions.map((action) => (
        <Check key={action} {...form.check(action)}>
          {t(`webhook_action.${action}`)}
        </Check>
      ))}
      <Check {...form.check('blobs')} hint={t('webhooks.blobs_hint')}>
        {t('webhooks.blobs')}
      </Check>
      {fault && <p class="field-error">{fault}</p>}
      <Field
        label={t('policy.repositories')}
        hint={t(
          props.of_server
            ? 'webhooks.repositories_of_server'
            : 'webhooks.repositories_of_project',
        )}
        {...form.text('repositories')}
        error={fault_of('repositories')}
        mono
      />
    </fieldset>
  );
}

// What is kept and never shown: what is written here takes its place.
function Secrets(props: PartProps) {
  const { form, fault_of, webhook } = props;
  const names = webhook?.header_names ?? [];
  return (
    <>
      <PasswordField
        label={t('credentials.secret')}
        hint={t(
          webhook?.has_secret ? 'webhooks.secret_kept' : 'webhooks.secret_hint',
        )}
        {...form.text('secret')}
        error={fault_of('secret')}
      />
      {webhook?.has_secret && (
        <Check {...form.check('drop_secret')}>
          {t('webhooks.drop_secret')}
        </Check>
      )}
      <Field
        label={t('webhooks.headers')}
        hint={
          names.length
            ? t('webhooks.headers_kept', { names: names.join(', ') })
            : t('webhooks.headers_hint')
        }
        placeholder="Authorization: Bearer …"
        rows={2}
        {...form.text('headers')}
        error={fault_of('headers')}
        mono
      />
      {!!names.length && (
        <Check {...form.check('drop_headers')}>
          {t('webhooks.drop_headers')}
        </Check>
      )}
    </>
  );
}

function Rest(props: PartProps) {
  const { form, fault_of } = props;
  const has_fault = ['ca_pem', 'ignored_media_types'].some(fault_of);
  return (
    <details class="more-fields" open={has_fault}>
      <summary>{t('webhooks.more')}</summary>
      <Field
        label={t('upstream.ca')}
        hint={t('upstream.ca_hint')}
        placeholder="-----BEGIN CERTIFICATE-----"
        rows={3}
        {...form.text('ca_pem')}
        error={fault_of('ca_pem')}
        mono
      />
      <Check {...form.check('verify_tls')}>{t('webhooks.verify_tls')}</Check>
      <Check {...form.check('include_references')}>
        {t('webhooks.references')}
      </Check>
      <Field
        label={t('webhooks.ignored')}
        hint={t('webhooks.ignored_hint')}
        rows={2}
        {...form.text('ignored_media_types')}
        error={fault_of('ignored_media_types')}
        mono
      />
    </details>
  );
}

export function WebhookForm(props: {
  project: string | null;
  webhook?: Webhook; // left out: a new one
  close: () => void;
  done: () => void;
}) {
  const { project, webhook } = props;
  const form = use_fields(webhook_fields(webhook));
  const submit = async () => {
    const hooks = api.webhooks(project);
    const settings = webhook_settings(form.values);
    if (webhook) await hooks.change(webhook.id, settings);
    else await hooks.add(settings);
    toast('ok', t('state.saved'));
  };
  return (
    <FormDialog
      wide
      title={webhook ? webhook.name : t('webhooks.add')}
      action={t('action.save')}
      close={props.close}
      submit={submit}
      done={props.done}
    >
      {(error) => {
        const fault = error && fault_in(error.message, webhook_members);
        const fault_of = (member: string) => fault_below(fault, member);
        const part = { form, fault_of, webhook };
        return (
          <>
            <Field
              label={t('projects.name')}
              {...form.text('name')}
              error={fault_of('name')}
              required
              mono
            />
            <Field
              label={t('webhooks.url')}
              {...form.text('url')}
              placeholder="https://hooks.example/in"
              error={fault_of('url')}
              required
              mono
            />
            <Told {...part} of_server={project === null} />
            <Secrets {...part} />
            <Check
              {...form.check('enabled')}
              hint={t('webhooks.enabled_hint')}
            >
              {t('webhooks.enabled')}
            </Check>
            <Rest {...part} />
          </>
        );
      }}
    </FormDialog>
  );
}
