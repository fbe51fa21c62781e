import { useState } from 'preact/hooks';
import * as api from '../api';
import { FormDialog } from '../components/dialog';
import { Check, Field } from '../components/forms';
import { Loading, Notice } from '../components/notice';
import { Status } from '../components/status';
import { toast } from '../components/toast';
import { t } from '../i18n';
import { resource_id } from '../lib/resources';
import type { Application, Resource, SyncStep } from '../types';
import { use_data } from '../use_data';

function key_of({ group, kind, namespace, name }: Resource) {
  return { group, kind, namespace, name };
}

function ResourceChoice(props: {
  resources: Resource[];
  left_out: Set<string>;
  change: (left_out: Set<string>) => void;
}) {
  const { resources, left_out, change } = props;
  const toggle = (id: string, checked: boolean) => {
    const next = new Set(left_out);
    if (checked) next.delete(id);
    else next.add(id);
    change(next);
  };
  return (
    <fieldset class="choices">
      <legend>
        {t('sync.resources')}{' '}
        <button
          type="button"
          class="link"
          onClick={() =>
            change(
              left_out.size ? new Set() : new Set(resources.map(resource_id)),
            )
          }
        >
          {t(left_out.size ? 'sync.all' : 'sync.none')}
        </button>
      </legend>
      {resources.map((resource) => {
        const id = resource_id(resource);
        return (
          <Check
            key={id}
            checked={!left_out.has(id)}
            change={(checked) => toggle(id, checked)}
          >
            <span class="faint">{resource.kind}</span> {resource.name}{' '}
            <Status name={resource.sync} />
          </Check>
        );
      })}
    </fieldset>
  );
}

function Steps(props: { steps: SyncStep[] }) {
  if (!props.steps.length) {
    return <Notice tone="ok">{t('sync.nothing')}</Notice>;
  }
  return (
    <Notice tone="none">
      <strong>{t('sync.would')}</strong>
      <ul role="status">
        {props.steps.map((step) => (
          <li key={`${step.phase} ${resource_id(step)}`}>
            <code>{step.action}</code>{' '}
            <span class="faint">{step.kind}</span> {step.name}
            {step.message && <span class="faint"> · {step.message}</span>}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

interface Options {
  prune: boolean;
  dry_run: boolean;
  revision: string;
}

function Options(props: {
  app: Application;
  options: Options;
  change: (change: Partial<Options>) => void;
}) {
  const { spec } = props.app;
  const { prune, dry_run, revision } = props.options;
  const { change } = props;
  return (
    <>
      <Check
        checked={prune}
        change={(on) => change({ prune: on })}
        hint={t('sync.prune_hint')}
      >
        {t('application.prune')}
      </Check>
      <Check
        checked={dry_run}
        change={(on) => change({ dry_run: on })}
        hint={t('sync.dry_run_hint')}
      >
        {t('sync.dry_run')}
      </Check>
      <Field
        label={t('application.revision')}
        hint={t('sync.revision_hint')}
        placeholder={(spec.source ?? spec.sources?.[0])?.targetRevision ?? ''}
        value={revision}
        change={(text) => change({ revision: text })}
        mono
      />
    </>
  );
}

export function SyncDialog(props: {
  app: Application;
  close: () => void;
  done: () => void;
}) {
  const { app, close, done } = props;
  const [options, set_options] = useState<Options>({
    prune: app.spec.syncPolicy?.automated?.prune ?? false,
    dry_run: false,
    revision: '',
  });
  const { dry_run } = options;
  const [steps, set_steps] = useState<SyncStep[]>();
  const [left_out, set_left_out] = useState(new Set<string>());
  const resources = use_data('sync-resources', () =>
    api.applications.resources(app.project, app.name),
  );
  const all = resources.data ?? [];
  const chosen = all.filter((of) => !left_out.has(resource_id(of)));

  const submit = async () => {
    const wanted: api.SyncOptions = { prune: options.prune };
    if (options.revision.trim()) wanted.revision = options.revision.trim();
    if (left_out.size) wanted.resources = chosen.map(key_of);
    if (dry_run) {
      set_steps(await api.applications.dry_run(app.project, app.name, wanted));
      return 'stay';
    }
    await api.applications.sync(app.project, app.name, wanted);
    toast('ok', t('sync.started'));
    return 'close';
  };
  return (
    <FormDialog
      title={t('sync.title', { app: app.name })}
      action={t(dry_run ? 'sync.try' : 'application.sync')}
      disabled={left_out.size > 0 && !chosen.length}
      close={close}
      submit={submit}
      done={done}
    >
      <Options
        app={app}
        options={options}
        change={(change) => set_options({ ...options, ...change })}
      />
      {!resources.data && !resources.error && <Loading rows={2} />}
      {all.length > 0 && (
        <ResourceChoice
          resources={all}
          left_out={left_out}
          change={set_left_out}
        />
      )}
      {steps && <Steps steps={steps} />}
    </FormDialog>
  );
}
