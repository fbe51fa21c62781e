import { useState } from 'preact/hooks';
import * as api from '../api';
import { CopyLine } from '../components/copy';
import { FormDialog } from '../components/dialog';
import { Field } from '../components/forms';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Status } from '../components/status';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { size } from '../lib/format';
import { outcome } from '../lib/stages';
import { go, to } from '../router';
import type { Repo, Run } from '../types';
import { use_data } from '../use_data';

function CreateRepo(props: { project: string; close: () => void }) {
  const [name, set_name] = useState('');
  const [description, set_description] = useState('');
  const [default_branch, set_branch] = useState('main');
  const submit = async () => {
    const repo = { name, description, default_branch };
    await api.repos.create(props.project, repo);
    props.close();
    go(to.repo(props.project, name));
  };
  return (
    <FormDialog
      title={t('repos.create')}
      action={t('action.create')}
      close={props.close}
      submit={submit}
    >
      <Field
        label={t('projects.name')}
        value={name}
        change={set_name}
        required
        mono
      />
      <Field
        label={t('projects.description')}
        value={description}
        change={set_description}
      />
      <Field
        label={t('repos.default_branch')}
        value={default_branch}
        change={set_branch}
        required
        mono
      />
    </FormDialog>
  );
}

function RepoRow(props: { repo: Repo; last: Run | undefined }) {
  const { repo, last } = props;
  return (
    <li class="repo">
      <div class="repo-name">
        <a class="row-link" href={to.repo(repo.project, repo.name)}>
          {repo.name}
        </a>
        <p class="faint">{repo.description}</p>
      </div>
      <div class="repo-run">
        {last ? (
          <a href={to.run(last)}>
            <Status name={outcome(last)} /> <span class="num">#{last.number}</span>
          </a>
        ) : (
          <span class="faint">{t('repos.no_runs')}</span>
        )}
      </div>
      <CopyLine text={repo.clone_url} label={t('repos.copy_url')} />
      <div class="repo-meta faint">
        {repo.empty ? t('repos.empty') : size(repo.size_bytes)}
        {!!repo.updated && (
          <>
            {' · '}
            <Ago time={repo.updated} />
          </>
        )}
      </div>
    </li>
  );
}

export function ProjectRepos(props: { project: string }) {
  const { project } = props;
  const [creating, set_creating] = useState(false);
  const repos = use_data(`repos-${project}`, () => api.repos.list(project), {
    topics: ['RefUpdated'],
    subject: `${project}/`,
  });
  const runs = use_data(`project-runs-${project}`, () => api.runs.all(200), {
    topics: ['RunQueued', 'RunFinished'],
    subject: `${project}/`,
  });
  const last_of = (repo: Repo) =>
    runs.data?.find((run) => run.project === project && run.repo === repo.name);
  const create = (
    <button type="button" class="button" onClick={() => set_creating(true)}>
      <Icon name="plus" /> {t('repos.create')}
    </button>
  );
  return (
    <Panel title={t('project.repositories')} actions={create} flush>
      <Listing
        of={repos}
        empty={
          <Empty icon="branch" title={t('repos.none')}>
            {t('repos.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul class="rows">
            {items.map((repo) => (
              <RepoRow key={repo.name} repo={repo} last={last_of(repo)} />
            ))}
          </ul>
        )}
      </Listing>
      {creating && (
        <CreateRepo project={project} close={() => set_creating(false)} />
      )}
    </Panel>
  );
}
