import { useState } from 'preact/hooks';
import * as api from '../api';
import { AppTile } from '../components/app_tile';
import { FormDialog } from '../components/dialog';
import { Choice, Field, SearchField } from '../components/forms';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Page } from '../components/page';
import { t, t_name } from '../i18n';
import { go, set_query, to } from '../router';
import type { Application } from '../types';
import { use_data } from '../use_data';

const sync_states = ['Synced', 'OutOfSync', 'Unknown'];
const health_states = [
  'Healthy',
  'Progressing',
  'Degraded',
  'Missing',
  'Suspended',
  'Unknown',
];
const example = () => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: hello
spec:
  project: demo
  source:
    repoURL: ${location.origin}/charts/demo
    chart: hello
    targetRevision: "*"
  destination:
    server: podman://
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
`;

function CreateApplication(props: { close: () => void }) {
  const [project, set_project] = useState('');
  const [yaml, set_yaml] = useState(example());
  const projects = use_data('projects', api.projects.list);
  const chosen = project || (projects.data?.[0]?.name ?? '');
  const submit = async () => {
    const app = await api.applications.create(chosen, yaml);
    go(to.application(app.project, app.name));
  };
  return (
    <FormDialog
      wide
      title={t('applications.create')}
      action={t('action.create')}
      disabled={!chosen}
      close={props.close}
      submit={submit}
    >
      <Choice
        label={t('runs.project')}
        value={chosen}
        options={(projects.data ?? []).map(({ name }) => [name, name] as const)}
        change={set_project}
      />
      <Field
        label={t('applications.manifest')}
        hint={t('applications.manifest_hint')}
        value={yaml}
        change={set_yaml}
        rows={18}
        mono
        required
      />
    </FormDialog>
  );
}

interface Filter {
  text: string;
  sync: string;
  health: string;
}

function fits(app: Application, filter: Filter) {
  if (filter.sync && app.status.sync !== filter.sync) return false;
  if (filter.health && app.status.health !== filter.health) return false;
  return `${app.project}/${app.name}`
    .toLowerCase()
    .includes(filter.text.toLowerCase());
}

function Filters(props: { filter: Filter }) {
  const { filter } = props;
  const named = (states: string[]) =>
    states.map((name) => [name, t_name('status', name)] as const);
  return (
    <div class="filters" role="search">
      <SearchField
        label={t('applications.search')}
        value={filter.text}
        change={(text) => set_query({ q: text })}
      />
      <Choice
        compact
        label={t('applications.health')}
        value={filter.health}
        options={[['', t('applications.any_health')], ...named(health_states)]}
        change={(health) => set_query({ health })}
      />
      <Choice
        compact
        label={t('applications.sync')}
        value={filter.sync}
        options={[['', t('applications.any_sync')], ...named(sync_states)]}
        change={(sync) => set_query({ sync })}
      />
    </div>
  );
}

export function Applications(props: { query: URLSearchParams }) {
  const [creating, set_creating] = useState(false);
  const apps = use_data('applications', api.applications.all, {
    topics: ['ApplicationChanged', 'SyncFinished', 'ChartPublished'],
    every: () => 5_000,
  });
  const filter = {
    text: props.query.get('q') ?? '',
    sync: props.query.get('sync') ?? '',
    health: props.query.get('health') ?? '',
  };
  const filtered = !!(filter.text || filter.sync || filter.health);
  const data = apps.data?.filter((app) => fits(app, filter));
  return (
    <Page
      title={t('nav.applications')}
      actions={
        <button
          type="button"
          class="button primary"
          onClick={() => set_creating(true)}
        >
          <Icon name="plus" /> {t('applications.create')}
        </button>
      }
    >
      <Filters filter={filter} />
      <Listing
        of={{ ...apps, data }}
        empty={
          <Empty
            icon="applications"
            title={t(filtered ? 'applications.none_fit' : 'applications.none')}
          >
            {!filtered && t('applications.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul class="tiles">
            {items.map((app) => (
              <AppTile key={`${app.project}/${app.name}`} app={app} />
            ))}
          </ul>
        )}
      </Listing>
      {creating && <CreateApplication close={() => set_creating(false)} />}
    </Page>
  );
}
