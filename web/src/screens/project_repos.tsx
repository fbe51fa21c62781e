import * as api from '../api';
import { AddDialog } from '../components/buttons';
import { CopyLine } from '../components/copy';
import { FormDialog } from '../components/dialog';
import { Field } from '../components/forms';
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
import { use_fields } from '../use_fields';

function CreateRepo(props: { project: string; close: () => void }) {
  const { values, text } = use_fields({
    name: '',
    description: '',
    default_branch: 'main',
  });
  const submit = async () => {
    await api.repos.create(props.project, values);
    go(to.repo(props.project, values.name));
  };
  return (
    <FormDialog
      title={t('repos.create')}
      action={t('action.create')}
      close={props.close}
      submit={submit}
    >
      <Field label={t('projects.name')} {...text('name')} required mono />
      <Field label={t('projects.description')} {...text('description')} />
      <Field
        label={t('repos.default_branch')}
        {...text('default_branch')}
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
  const repos = use_data(`repos-${project}`, () => api.repos.list(project), {
    topics: ['RefUpdated', 'RepositoryDeleted'],
    subject: `${project}/`,
  });
  const runs = use_data(`project-runs-${project}`, () => api.runs.all(200), {
    topics: ['RunQueued', 'RunFinished'],
    subject: `${project}/`,
  });
  const last_of = (repo: Repo) =>
    runs.data?.find((run) => run.project === project && run.repo === repo.name);
  const create = (
    <AddDialog
      text={t('repos.create')}
      dialog={(close) => <CreateRepo project={project} close={close} />}
    />
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
    </Panel>
  );
}
