import { useState } from 'preact/hooks';
import * as api from '../api';
import { source_text } from '../components/app_tile';
import { DeleteButton, Opens } from '../components/buttons';
import { ConfirmDelete } from '../components/confirm_delete';
import { Fact, Facts } from '../components/facts';
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

function Summary(props: { app: Application }) {
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
    <Facts>
      <Fact name={t('applications.health')}>
        <Status name={status.health} />
      </Fact>
      <Fact name={t('applications.sync')}>
        <Status name={status.sync} />
      </Fact>
      <Fact name={t('application.revision')} title={status.revision}>
        <code>{short_id(status.revision || '–')}</code>
      </Fact>
      <Fact name={t('application.source')} wide title={source_text(props.app)}>
        {source_text(props.app)}
      </Fact>
      <Fact name={t('application.target')}>
        {target}
        {destination?.namespace && (
          <span class="faint"> / {destination.namespace}</span>
        )}
      </Fact>
      <Fact name={t('application.policy')}>{policy.join(' · ')}</Fact>
      <Fact name={t('application.compared')}>
        <Ago time={status.last_reconciled} />
      </Fact>
    </Facts>
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
    <ConfirmDelete
      name={app.name}
      close={close}
      remove={() => api.applications.remove(app.project, app.name, cascade)}
      done={() => go(to.applications)}
    >
      <p>{t('application.delete_hint')}</p>
      <Check checked={cascade} change={set_cascade}>
        {t('application.cascade')}
      </Check>
    </ConfirmDelete>
  );
}

function Actions(props: { app: Application; reload: () => void }) {
  const { app, reload } = props;
  const { busy, act } = use_action();
  const refresh = async () => {
    await api.applications.refresh(app.project, app.name);
    reload();
  };
  return (
    <>
      <Opens
        button={(open) => (
          <button type="button" class="button primary" onClick={open}>
            <Icon name="sync" /> {t('application.sync')}
          </button>
        )}
        dialog={(close) => (
          <SyncDialog app={app} close={close} done={reload} />
        )}
      />
      <button
        type="button"
        class="button"
        disabled={busy}
        onClick={() => act(refresh, t('application.refreshed'))}
      >
        <Icon name="refresh" /> {t('application.refresh')}
      </button>
      <DeleteButton
        dialog={(close) => <DeleteDialog app={app} close={close} />}
      />
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
          <Summary app={app} />
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
