import * as api from '../api';
import { AppTile } from '../components/app_tile';
import { Icon } from '../components/icons';
import { Empty, Failure, Listing, Loading } from '../components/notice';
import { Page, Panel } from '../components/page';
import { RunTable } from '../components/run_table';
import { StatusIcon } from '../components/status';
import { t } from '../i18n';
import { duration } from '../lib/format';
import { to } from '../router';
import type { Application, Health } from '../types';
import { use_data } from '../use_data';

const recent = 8;
const most_tiles = 6;

function needs_attention(app: Application) {
  return app.status.health !== 'Healthy' || app.status.sync !== 'Synced';
}

function HealthList(props: { health: Health }) {
  const { checks } = props.health;
  const sorted = [...checks].sort((a, b) => Number(a.ok) - Number(b.ok));
  return (
    <ul class="checks">
      {sorted.map((check) => (
        <li key={check.name} class={check.ok ? '' : 'failing'}>
          <StatusIcon name={check.ok ? 'healthy' : 'degraded'} />
          <span class="check-name">{check.name}</span>
          {check.message && <span class="check-why">{check.message}</span>}
        </li>
      ))}
    </ul>
  );
}

function HealthPanel() {
  const { data, error, reload } = use_data('health', api.system.health, {
    every: () => 15_000,
  });
  const failing = data?.checks.filter((check) => !check.ok).length ?? 0;
  return (
    <Panel
      title={t('overview.health')}
      actions={
        data && (
          <span class="faint">
            {t('overview.version', { version: data.version })} ·{' '}
            {t('overview.uptime', { time: duration(data.uptime_ms) })}
          </span>
        )
      }
    >
      {error && <Failure error={error} retry={reload} />}
      {!data && !error && <Loading rows={3} />}
      {data && (
        <>
          <p class={`verdict tone-${failing ? 'bad' : 'ok'}`}>
            <Icon name={failing ? 'warn' : 'ok'} />
            {failing
              ? t('overview.degraded', { count: failing })
              : t('overview.healthy', { count: data.checks.length })}
          </p>
          <HealthList health={data} />
        </>
      )}
    </Panel>
  );
}

function ApplicationsPanel() {
  const apps = use_data('applications', api.applications.all, {
    topics: ['ApplicationChanged', 'SyncFinished'],
    every: () => 10_000,
  });
  const sorted = apps.data && {
    ...apps,
    data: [...apps.data].sort(
      (a, b) => Number(needs_attention(b)) - Number(needs_attention(a)),
    ),
  };
  return (
    <Panel
      title={t('nav.applications')}
      actions={<a href={to.applications}>{t('action.show_all')}</a>}
    >
      <Listing
        of={sorted ?? apps}
        rows={2}
        empty={
          <Empty icon="applications" title={t('applications.none')}>
            {t('applications.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul class="tiles">
            {items.slice(0, most_tiles).map((app) => (
              <AppTile key={`${app.project}/${app.name}`} app={app} />
            ))}
          </ul>
        )}
      </Listing>
    </Panel>
  );
}

function RunsPanel() {
  const runs = use_data('recent-runs', () => api.runs.all(recent), {
    topics: ['RunQueued', 'RunFinished'],
    every: (data) =>
      data?.some((run) => run.state !== 'finished') ? 2_000 : 0,
  });
  return (
    <Panel
      title={t('overview.recent_runs')}
      actions={<a href={to.runs}>{t('action.show_all')}</a>}
      flush
    >
      <Listing
        of={runs}
        empty={
          <Empty icon="runs" title={t('runs.none')}>
            {t('runs.none_hint')}
          </Empty>
        }
      >
        {(items) => <RunTable runs={items} />}
      </Listing>
    </Panel>
  );
}

export function Overview() {
  return (
    <Page title={t('nav.overview')}>
      <div class="overview">
        <div class="overview-main">
          <ApplicationsPanel />
          <RunsPanel />
        </div>
        <HealthPanel />
      </div>
    </Page>
  );
}
