import { useState } from 'preact/hooks';
import * as api from '../api';
import { MoreButton } from '../components/buttons';
import { Choice, SearchField } from '../components/forms';
import { Empty, Listing } from '../components/notice';
import { Page, Panel } from '../components/page';
import { RunTable } from '../components/run_table';
import { use_action } from '../components/toast';
import { t, t_name } from '../i18n';
import { outcome } from '../lib/stages';
import { set_query } from '../router';
import type { Run } from '../types';
import { use_data } from '../use_data';

const page_size = 50;
const outcomes = [
  'queued',
  'running',
  'SUCCESS',
  'UNSTABLE',
  'FAILURE',
  'NOT_BUILT',
  'ABORTED',
];

export function fits(
  run: Run,
  filter: { state: string; project: string; text: string },
): boolean {
  if (filter.state && outcome(run) !== filter.state) return false;
  if (filter.project && run.project !== filter.project) return false;
  const text = filter.text.toLowerCase();
  const searched = [
    `${run.project}/${run.repo}#${run.number}`,
    run.branch,
    run.commit,
    run.message,
    run.author,
  ];
  return searched.some((part) => (part ?? '').toLowerCase().includes(text));
}

// Newest first, each once; of two the later told one.
export function merge(before: readonly Run[], now: readonly Run[]): Run[] {
  const by_id = new Map([...before, ...now].map((run) => [run.id, run]));
  return [...by_id.values()].sort((a, b) => b.id - a.id);
}

function Filters(props: {
  filter: { state: string; project: string; text: string };
  projects: string[];
}) {
  const { filter, projects } = props;
  return (
    <div class="filters" role="search">
      <SearchField
        label={t('runs.search')}
        value={filter.text}
        change={(text) => set_query({ q: text })}
      />
      <Choice
        compact
        label={t('runs.state')}
        value={filter.state}
        options={[
          ['', t('runs.any_state')],
          ...outcomes.map((name) => [name, t_name('status', name)] as const),
        ]}
        change={(state) => set_query({ state })}
      />
      <Choice
        compact
        label={t('runs.project')}
        value={filter.project}
        options={[
          ['', t('runs.any_project')],
          ...projects.map((name) => [name, name] as const),
        ]}
        change={(project) => set_query({ project })}
      />
    </div>
  );
}

export function Runs(props: { query: URLSearchParams }) {
  const runs = use_data('runs', () => api.runs.all(page_size), {
    topics: ['RunQueued', 'RunFinished'],
    every: (data) =>
      data?.some((run) => run.state !== 'finished') ? 2_000 : 0,
  });
  const { act, busy } = use_action();
  const [older, set_older] = useState<Run[]>([]);
  const [at_end, set_at_end] = useState(false);
  const newest = runs.data ?? [];
  const all = merge(older, newest);
  const more = () =>
    act(async () => {
      const page = await api.runs.all(page_size, all.at(-1)?.id);
      set_older((before) => merge(before, [...newest, ...page]));
      set_at_end(page.length < page_size);
    });
  const filter = {
    state: props.query.get('state') ?? '',
    project: props.query.get('project') ?? '',
    text: props.query.get('q') ?? '',
  };
  const projects = [...new Set(all.map((run) => run.project))].sort();
  const filtered = !!(filter.state || filter.project || filter.text);
  const shown = runs.data && all.filter((run) => fits(run, filter));
  return (
    <Page title={t('nav.runs')}>
      <Filters filter={filter} projects={projects} />
      <Panel flush>
        <Listing
          of={{ ...runs, data: shown }}
          rows={8}
          empty={
            <Empty
              icon="runs"
              title={t(filtered ? 'runs.none_fit' : 'runs.none')}
            >
              {filtered ? (
                <button
                  type="button"
                  class="button"
                  onClick={() =>
                    set_query({ q: '', state: '', project: '' })
                  }
                >
                  {t('action.clear_filters')}
                </button>
              ) : (
                t('runs.none_hint')
              )}
            </Empty>
          }
        >
          {(items) => <RunTable runs={items} />}
        </Listing>
      </Panel>
      {newest.length >= page_size && !at_end && (
        <MoreButton busy={busy} more={more} />
      )}
    </Page>
  );
}
