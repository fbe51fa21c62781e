import { useState } from 'preact/hooks';
import * as api from '../api';
import { Icon } from '../components/icons';
import { Failure, Loading, Notice } from '../components/notice';
import { Page, Tabs } from '../components/page';
import { Status } from '../components/status';
import { Ago, Took } from '../components/time';
import { use_action } from '../components/toast';
import { t } from '../i18n';
import { first_line, short_id, short_ref } from '../lib/format';
import { interesting_stage, outcome, stage_rows } from '../lib/stages';
import { go, to } from '../router';
import type { Run } from '../types';
import { use_data } from '../use_data';
import { RunArtifacts } from './run_artifacts';
import { RunLog } from './run_log';
import { RunTests } from './run_tests';
import { StartRun } from './start_run';

const watch_ms = 1_000;

function Facts(props: { run: Run }) {
  const { run } = props;
  const parameters = Object.entries(run.parameters ?? {});
  return (
    <p class="facts">
      <Status name={outcome(run)} />
      <span>
        <Icon name="branch" /> {run.branch || short_ref(run.ref ?? '')}
      </span>
      {run.commit && (
        <span title={run.commit}>
          <Icon name="commit" /> <code>{short_id(run.commit)}</code>
        </span>
      )}
      {run.author && (
        <span>
          <Icon name="account" /> {run.author}
        </span>
      )}
      <span>
        <Icon name="wait" />{' '}
        <Took started={run.started} finished={run.finished} />
      </span>
      <span>
        {run.cause && `${run.cause}, `}
        <Ago time={run.started ?? run.queued} />
      </span>
      {parameters.map(([name, value]) => (
        <code key={name} class="chip">
          {name}={String(value)}
        </code>
      ))}
    </p>
  );
}

function FailedStage(props: { run: Run }) {
  const { run } = props;
  const stage = interesting_stage(stage_rows(run.stages ?? []));
  if (!stage) return null;
  return (
    <a href={`${to.run(run)}?stage=${encodeURIComponent(String(stage.id))}`}>
      {t('run.show_stage', { stage: stage.name })}
    </a>
  );
}

function Actions(props: { run: Run; reload: () => void }) {
  const { run, reload } = props;
  const { busy, act } = use_action();
  const [starting, set_starting] = useState(false);
  const cancel = async () => {
    await api.runs.cancel(run);
    reload();
  };
  const rerun = async () => go(to.run(await api.runs.rerun(run)));
  return (
    <>
      {run.state !== 'finished' && (
        <button
          type="button"
          class="button danger"
          disabled={busy}
          onClick={() => act(cancel, t('run.cancelled'))}
        >
          <Icon name="stop" /> {t('run.cancel')}
        </button>
      )}
      {run.state === 'finished' && (
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => act(rerun)}
        >
          <Icon name="refresh" /> {t('run.rerun')}
        </button>
      )}
      <button type="button" class="button" onClick={() => set_starting(true)}>
        <Icon name="runs" /> {t('run.start_new')}
      </button>
      {starting && (
        <StartRun
          project={run.project}
          repo={run.repo}
          last={run}
          close={() => set_starting(false)}
        />
      )}
    </>
  );
}

function tabs_of(run: Run) {
  const here = to.run(run);
  return [
    { name: 'log', text: t('run.log'), to: here },
    {
      name: 'tests',
      text: t('run.tests'),
      to: `${here}?tab=tests`,
      count: run.tests?.total || undefined,
    },
    {
      name: 'artifacts',
      text: t('run.artifacts'),
      to: `${here}?tab=artifacts`,
    },
  ];
}

export function RunPage(props: api.RunKey & { query: URLSearchParams }) {
  const { project, repo, number, query } = props;
  const key = { project, repo, number };
  // What the log's stream told is newer than what was asked for.
  const [streamed, set_streamed] = useState<Run>();
  const loaded = use_data(`run-${number}`, () => api.runs.get(key), {
    topics: ['RunFinished', 'RunQueued'],
    subject: `${project}/${repo}#${number}`,
    every: (data) => (data && data.state !== 'finished' ? watch_ms : 0),
  });
  const { error, reload } = loaded;
  const run = loaded.data?.state === 'finished' ? loaded.data : (streamed ?? loaded.data);
  const tab = query.get('tab') ?? 'log';
  const crumbs = [
    { text: project, to: to.project(project) },
    { text: repo, to: to.repo(project, repo) },
  ];
  return (
    <Page
      title={
        run ? `#${number} ${first_line(run.message ?? '')}` : `#${number}`
      }
      crumbs={crumbs}
      lead={run && <Facts run={run} />}
      actions={run && <Actions run={run} reload={reload} />}
    >
      {error && <Failure error={error} retry={reload} />}
      {!run && !error && <Loading rows={6} />}
      {run && (
        <>
          {run.error && (
            <Notice tone={run.result === 'UNSTABLE' ? 'warn' : 'bad'}>
              <pre class="reason">{run.error}</pre>
              <FailedStage run={run} />
            </Notice>
          )}
          <Tabs label={t('run.parts')} tabs={tabs_of(run)} current={tab} />
          {tab === 'tests' && <RunTests run={run} />}
          {tab === 'artifacts' && <RunArtifacts run={run} />}
          {tab === 'log' && (
            <RunLog run={run} query={query} told={set_streamed} />
          )}
        </>
      )}
    </Page>
  );
}
