import { useState } from 'preact/hooks';
import * as api from '../api';
import { DeleteButton, Opens } from '../components/buttons';
import { ConfirmDelete } from '../components/confirm_delete';
import { CopyLine } from '../components/copy';
import { Choice } from '../components/forms';
import { Icon } from '../components/icons';
import { Empty, Failure, Listing, Loading } from '../components/notice';
import { Page, Panel } from '../components/page';
import { RunTable } from '../components/run_table';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { first_line, short_id, short_ref, size } from '../lib/format';
import { go, to } from '../router';
import type { Repo } from '../types';
import { use_data } from '../use_data';
import { StartRun } from './start_run';

function FirstPush(props: { repo: Repo }) {
  const { repo } = props;
  return (
    <Panel title={t('repos.first_push')}>
      <p>{t('repos.first_push_hint')}</p>
      <pre class="code">
        {`git init -b ${repo.default_branch}\n` +
          `git add .\ngit commit -m "First commit"\n` +
          `git remote add origin ${repo.clone_url}\n` +
          `git push -u origin ${repo.default_branch}`}
      </pre>
    </Panel>
  );
}

function Commits(props: { repo: Repo }) {
  const { repo } = props;
  const [ref, set_ref] = useState(`refs/heads/${repo.default_branch}`);
  const refs = use_data('refs', () => api.repos.refs(repo.project, repo.name), {
    topics: ['RefUpdated'],
    subject: `${repo.project}/${repo.name}:`,
  });
  const commits = use_data(
    `commits-${ref}`,
    () => api.repos.commits(repo.project, repo.name, ref, 20),
    { topics: ['RefUpdated'], subject: `${repo.project}/${repo.name}:` },
  );
  const options = (refs.data ?? []).map(
    ({ name }) => [name, short_ref(name)] as const,
  );
  return (
    <Panel
      title={t('repos.commits')}
      flush
      actions={
        <Choice
          compact
          label={t('start.ref')}
          value={ref}
          options={options.length ? options : [[ref, short_ref(ref)]]}
          change={set_ref}
        />
      }
    >
      <Listing
        of={commits}
        empty={<Empty icon="commit" title={t('repos.no_commits')} />}
      >
        {(items) => (
          <ul class="rows">
            {items.map((commit) => (
              <li key={commit.id}>
                <code title={commit.id}>{short_id(commit.id)}</code>
                <span class="grow what">{first_line(commit.message)}</span>
                <span class="faint">{commit.author_name}</span>
                <span class="faint">
                  <Ago time={commit.time} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Panel>
  );
}

function Runs(props: { repo: Repo }) {
  const { project, name } = props.repo;
  const runs = use_data('runs', () => api.runs.of_repo(project, name, 20), {
    topics: ['RunQueued', 'RunFinished'],
    subject: `${project}/${name}#`,
    every: (data) =>
      data?.some((run) => run.state !== 'finished') ? 2_000 : 0,
  });
  return (
    <Panel title={t('nav.runs')} flush>
      <Listing
        of={runs}
        empty={
          <Empty icon="runs" title={t('runs.none')}>
            {t('runs.none_hint')}
          </Empty>
        }
      >
        {(items) => <RunTable runs={items} repo={false} />}
      </Listing>
    </Panel>
  );
}

function Actions(props: { repo: Repo }) {
  const { project, name, default_branch, empty } = props.repo;
  return (
    <>
      {!empty && (
        <Opens
          button={(open) => (
            <button type="button" class="button primary" onClick={open}>
              <Icon name="runs" /> {t('start.action')}
            </button>
          )}
          dialog={(close) => (
            <StartRun
              project={project}
              repo={name}
              default_ref={default_branch}
              close={close}
            />
          )}
        />
      )}
      <DeleteButton
        dialog={(close) => (
          <ConfirmDelete
            name={`${project}/${name}`}
            close={close}
            remove={() => api.repos.remove(project, name)}
            done={() => go(to.project(project))}
          >
            <p>{t('repos.delete_hint')}</p>
            <p>{t('action.no_undo')}</p>
          </ConfirmDelete>
        )}
      />
    </>
  );
}

export function RepoPage(props: { project: string; repo: string }) {
  const { project, repo: name } = props;
  const loaded = use_data('repo', () => api.repos.get(project, name), {
    topics: ['RefUpdated'],
    subject: `${project}/${name}:`,
  });
  const { data: repo, error, reload } = loaded;
  return (
    <Page
      title={name}
      crumbs={[
        { text: t('nav.projects'), to: to.projects },
        { text: project, to: to.project(project) },
      ]}
      lead={
        repo && (
          <>
            {repo.description && <p>{repo.description}</p>}
            <p class="facts">
              <CopyLine text={repo.clone_url} label={t('repos.copy_url')} />
              <span>{size(repo.size_bytes)}</span>
            </p>
          </>
        )
      }
      actions={repo && <Actions repo={repo} />}
    >
      {error && <Failure error={error} retry={reload} />}
      {!repo && !error && <Loading rows={6} />}
      {repo?.empty && <FirstPush repo={repo} />}
      {repo && !repo.empty && (
        <>
          <Runs repo={repo} />
          <Commits repo={repo} />
        </>
      )}
    </Page>
  );
}
