// The registry that a project stands in front of.

import { useState } from 'preact/hooks';
import * as api from '../api';
import { Opens } from '../components/buttons';
import { FormDialog } from '../components/dialog';
import { Fact, Facts } from '../components/facts';
import { Check, Field, PasswordField } from '../components/forms';
import { Empty, Failure, Loading, Notice } from '../components/notice';
import { Panel } from '../components/page';
import { Ago } from '../components/time';
import { toast } from '../components/toast';
import { t } from '../i18n';
import { fault_below, fault_in } from '../lib/faults';
import {
  is_docker_hub,
  upstream_fields,
  upstream_members,
  upstream_settings,
} from '../lib/upstream';
import type { Upstream } from '../types';
import { use_data } from '../use_data';
import { use_fields } from '../use_fields';
import { use_submit } from '../use_submit';

type Form = ReturnType<typeof use_fields<ReturnType<typeof upstream_fields>>>;
interface PartProps {
  form: Form;
  fault_of: (member: string) => string | undefined;
}

function Where(props: PartProps & { saved: Upstream | null }) {
  const { form, fault_of, saved } = props;
  return (
    <div class="field-pairs">
      <Field
        label={t('upstream.url')}
        hint={t('upstream.url_hint')}
        placeholder="docker.io"
        {...form.text('url')}
        error={fault_of('url')}
        required
        mono
      />
      <Field
        label={t('upstream.prefix')}
        hint={t('upstream.prefix_hint')}
        {...form.text('prefix')}
        error={fault_of('prefix')}
        mono
      />
      <Field
        label={t('upstream.ttl')}
        hint={t('upstream.ttl_hint')}
        {...form.text('ttl')}
        error={fault_of('ttl')}
      />
      <Field
        label={t('sign_in.user')}
        hint={t('upstream.user_hint')}
        {...form.text('user')}
        error={fault_of('user')}
        mono
      />
      <PasswordField
        label={t('sign_in.password')}
        hint={saved?.has_password ? t('upstream.password_kept') : undefined}
        {...form.text('password')}
        error={fault_of('password')}
      />
      <Field
        label={t('upstream.ca')}
        hint={t('upstream.ca_hint')}
        rows={3}
        placeholder="-----BEGIN CERTIFICATE-----"
        {...form.text('ca_pem')}
        error={fault_of('ca_pem')}
        mono
      />
      <Field
        label={t('upstream.allow')}
        hint={t('upstream.allow_hint')}
        rows={3}
        placeholder="library/*"
        {...form.text('allow')}
        error={fault_of('allow')}
        mono
      />
      <Field
        label={t('upstream.hosts')}
        hint={t('upstream.hosts_hint')}
        rows={3}
        {...form.text('hosts')}
        error={fault_of('hosts')}
        mono
      />
    </div>
  );
}

function How(props: { form: Form }) {
  const { values, change, check } = props.form;
  return (
    <>
      <Check
        checked={values.library ?? is_docker_hub(values.url)}
        change={(library) => change({ library })}
        hint={t('upstream.library_hint')}
      >
        {t('upstream.library')}
      </Check>
      <Check {...check('offline')} hint={t('upstream.offline_hint')}>
        {t('upstream.offline')}
      </Check>
      <Check {...check('keep_deleted')}>{t('upstream.keep_deleted')}</Check>
    </>
  );
}

function Standing(props: { upstream: Upstream }) {
  const { last_answer, last_trouble, trouble } = props.upstream;
  const is_troubled = !!trouble && last_trouble >= last_answer;
  return (
    <>
      <Facts>
        <Fact name={t('upstream.last_answer')}>
          <Ago time={last_answer} />
        </Fact>
        <Fact name={t('upstream.last_trouble')} title={trouble}>
          <Ago time={last_trouble} />
        </Fact>
      </Facts>
      {is_troubled && (
        <Notice tone="warn">
          <span class="reason">{trouble}</span>
        </Notice>
      )}
    </>
  );
}

function Leave(props: {
  project: string;
  upstream: Upstream;
  close: () => void;
  done: () => void;
}) {
  const { project, upstream, close, done } = props;
  return (
    <FormDialog
      danger
      title={t('upstream.leave_title', { url: upstream.url })}
      action={t('action.remove')}
      close={close}
      submit={() => api.upstream.remove(project)}
      done={done}
    >
      <p>{t('upstream.leave_hint')}</p>
    </FormDialog>
  );
}

function UpstreamForm(props: {
  project: string;
  saved: Upstream | null;
  reload: () => void;
}) {
  const { project, saved, reload } = props;
  const form = use_fields(upstream_fields(saved));
  const { busy, error, submit } = use_submit();
  const fault = error && fault_in(error.message, upstream_members);
  const fault_of = (member: string) => fault_below(fault, member);
  const save = async () => {
    await api.upstream.set(project, upstream_settings(form.values, saved));
    toast('ok', t('state.saved'));
    reload();
  };
  return (
    <Panel
      title={t('upstream.title')}
      actions={
        saved && (
          <Opens
            button={(open) => (
              <button type="button" class="button" onClick={open}>
                {t('action.remove')}
              </button>
            )}
            dialog={(close) => (
              <Leave
                project={project}
                upstream={saved}
                close={close}
                done={reload}
              />
            )}
          />
        )
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(save);
        }}
      >
        <Where form={form} fault_of={fault_of} saved={saved} />
        <How form={form} />
        {error && <Failure error={error} />}
        <button type="submit" class="button primary" disabled={busy}>
          {t('action.save')}
        </button>
      </form>
    </Panel>
  );
}

export function ImageUpstream(props: { project: string }) {
  const { project } = props;
  const [starting, set_starting] = useState(false);
  const { data, error, reload } = use_data(
    `upstream-${project}`,
    () => api.upstream.get(project),
    { topics: ['ImageMirrored'], subject: `${project}/` },
  );
  if (error) return <Failure error={error} retry={reload} />;
  if (data === undefined) return <Loading rows={6} />;
  if (!data && !starting) {
    return (
      <Panel flush>
        <Empty icon="globe" title={t('upstream.none')}>
          <p>{t('upstream.none_hint')}</p>
          <button
            type="button"
            class="button"
            onClick={() => set_starting(true)}
          >
            {t('upstream.begin')}
          </button>
        </Empty>
      </Panel>
    );
  }
  return (
    <>
      {data && <Standing upstream={data} />}
      <UpstreamForm
        key={data?.changed ?? 0}
        project={project}
        saved={data}
        reload={() => {
          set_starting(false);
          reload();
        }}
      />
    </>
  );
}
