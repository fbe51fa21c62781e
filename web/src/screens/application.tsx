import { useState } from 'preact/hooks';
import * as api from '../api';
import { source_text } from '../components/app_tile';
import { FormDialog } from '../components/dialog';
import { Check } from '../components/forms';
import { Icon } from '../components/icons';
import { Failure, Loading, Notice } from '../components/notice';
import { Page, Tabs } from '../components/page';
import { Status, tone_of } from '../components/status';
import { Ago } from '../components/time';
import { use_action } from '../components/toast';
import { t, t_name } from '../i18n';
import { short_id } from '../lib/format';
import { go, to } from '../router';
import type { Application } from '../types';
import { use_data } from '../use_data';
import { ApplicationDiff } from './application_diff';
import { ApplicationHistory } from './application_history';
import { ApplicationResources } from './application_resources';
import { SyncDialog } from './sync_dialog';

function Facts(props: { app: Application }) {
  const { spec, status } = props.app;
  const { destination } = spec;
  const automated = spec.syncPolicy?.automated;
  const automatic = automated && automated.enabled !== false;
  const policy = [
    t(automatic ? 'application.automated' : 'application.manual'),
    automatic && automated.prune && t('application.prune'),
    automatic && automated.selfHeal && t('application.self_heal'),
  ].filter(Boolean);
  const target = destination?.server ?? destination?.name ?? '';
  return (
    <dl class="summary">
      <div>
        <dt>{t('applications.health')}</dt>
        <dd>
          <Status name={status.health} />
        </dd>
      </div>
      <div>
        <dt>{t('applications.sync')}</dt>
        <dd>
          <Status name={status.sync} />
        </dd>
      </div>
      <div>
        <dt>{t('application.revision')}</dt>
        <dd title={status.revision}>
          <code>{short_id(status.revision || '–')}</code>
        </dd>
      </div>
      <div class="wide">
        <dt>{t('application.source')}</dt>
        <dd title={source_text(props.app)}>{source_text(props.app)}</dd>
      </div>
      <div>
        <dt>{t('application.target')}</dt>
        <dd>
          {target}
          {destination?.namespace && (
            <span class="faint"> / {destination.namespace}</span>
          )}
        </dd>
      </div>
      <div>
        <dt>{t('application.policy')}</dt>
        <dd>{policy.join(' · ')}</dd>
      </div>
      <div>
        <dt>{t('application.compared')}</dt>
        <dd>
          <Ago time={status.last_reconciled} />
        </dd>
      </div>
    </dl>
  );
}

function OperationNotice(props: { app: Application }) {
  const { operation, message } = props.app.status;
  const phase = operation?.phase;
  const shown = phase && phase !== 'Succeeded';
  const { rolled_back_to, deleting, health, notices } = props.app.status;
  const tone = tone_of(health);
  const is_held = rolled_back_to !== undefined;
  return (
    <>
      {deleting && <Notice tone="busy">{t('application.deleting')}</Notice>}
      {is_held && (
        <Notice tone="warn">
          {t('application.held', { id: rolled_back_to })}
        </Notice>
      )}
      {message && message !== operation?.message && !is_held && (
        <Notice tone={tone === 'bad' || tone === 'busy' ? tone : 'warn'}>
          <span class="reason">{message}</span>
        </Notice>
      )}
      {shown && (
        <Notice tone={tone_of(phase)}>
          <strong>
            {t('application.operation', {
              phase: t_name('status', phase),
            })}
          </strong>{' '}
          <Ago time={operation.finished ?? operation.started} />
          {operation.message && <p class="reason">{operation.message}</p>}
        </Notice>
      )}
      {!!notices?.length && (
        <details class="notice">
          <summary>
            {t('application.notices', { count: notices.length })}
          </summary>
          <ul>
            {notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function DeleteDialog(props: { app: Application; close: () => void }) {
  const { app, close } = props;
  const [cascade, set_cascade] = useState(true);
  return (
    <FormDialog
      danger
      title={t('application.delete_title', { app: app.name })}
      action={t('action.delete')}
      close={close}
      submit={async () => {
        await api.applications.remove(app.project, app.name, cascade);
        close();
        go(to.applications);
      }}
    >
      <p>{t('application.delete_hint')}</p>
      <Check checked={cascade} change={set_cascade}>
        {t('application.cascade')}
      </Check>
    </FormDialog>
  );
}

function Actions(props: { app: Application; reload: () => void }) {
  const { app, reload } = props;
  const { busy, act } = use_action();
  const [open, set_open] = useState<'' | 'sync' | 'delete'>('');
  const refresh = async () => {
    await api.applications.refresh(app.project, app.name);
    reload();
  };
  return (
    <>
      <button
        type="button"
        class="button primary"
        onClick={() => set_open('sync')}
      >
        <Icon name="sync" /> {t('application.sync')}
      </button>
      <button
        type="button"
        class="button"
        disabled={busy}
        onClick={() => act(refresh, t('application.refreshed'))}
      >
        <Icon name="refresh" /> {t('application.refresh')}
      </button>
      <button
        type="button"
        class="button icon-only"
        aria-label={t('action.delete')}
        title={t('action.delete')}
        onClick={() => set_open('delete')}
      >
        <Icon name="trash" />
      </button>
      {open === 'sync' && (
        <SyncDialog app={app} close={() => set_open('')} done={reload} />
      )}
      {open === 'delete' && (
        <DeleteDialog app={app} close={() => set_open('')} />
      )}
    </>
  );
}

export function ApplicationPage(props: {
  project: string;
  app: string;
  query: URLSearchParams;
}) {
  const { project, app: name, query } = props;
  const loaded = use_data(
    `application-${project}/${name}`,
    () => api.applications.get(project, name),
    {
      topics: ['ApplicationChanged', 'SyncFinished'],
      every: (data) =>
        data?.status.operation?.phase === 'Running' ? 1_000 : 5_000,
    },
  );
  const { data: app, error, reload } = loaded;
  const tab = query.get('tab') ?? 'resources';
  const tabs = ['resources', 'diff', 'history'].map((tab_name) => ({
    name: tab_name,
    text: t_name('application', tab_name),
    to: to.application(project, name, tab_name),
  }));
  // The parts are read again whenever the application has moved.
  const version = app
    ? [
        app.status.revision,
        app.status.sync,
        app.status.health,
        app.status.last_reconciled,
        app.status.operation?.finished,
      ].join()
    : '';
  return (
    <Page
      title={name}
      crumbs={[
        { text: t('nav.applications'), to: to.applications },
        { text: project, to: to.project(project) },
      ]}
      actions={app && <Actions app={app} reload={reload} />}
    >
      {error && <Failure error={error} retry={reload} />}
      {!app && !error && <Loading rows={6} />}
      {app && (
        <>
          <Facts app={app} />
          <OperationNotice app={app} />
          <Tabs label={t('application.parts')} tabs={tabs} current={tab} />
          {tab === 'resources' && (
            <ApplicationResources app={app} version={version} />
          )}
          {tab === 'diff' && (
            <ApplicationDiff
              app={app}
              version={version}
              only={query.get('resource')}
            />
          )}
          {tab === 'history' && (
            <ApplicationHistory app={app} version={version} reload={reload} />
          )}
        </>
      )}
    </Page>
  );
}
