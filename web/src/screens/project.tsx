import * as api from '../api';
import { DeleteButton } from '../components/buttons';
import { Empty, Failure } from '../components/notice';
import { Page, Tabs } from '../components/page';
import { t, type Key } from '../i18n';
import { to } from '../router';
import { use_data } from '../use_data';
import { ProjectAccess } from './project_access';
import { ProjectCharts } from './project_charts';
import { DeleteProject } from './project_delete';
import { ProjectImages } from './project_images';
import { ProjectPipelines } from './project_pipelines';
import { ProjectRepos } from './project_repos';

const parts = {
  repositories: ProjectRepos,
  images: ProjectImages,
  charts: ProjectCharts,
  pipelines: ProjectPipelines,
  access: ProjectAccess,
};

export function ProjectPage(props: {
  project: string;
  tab: string;
  query: URLSearchParams;
}) {
  const { project, tab, query } = props;
  const { data, error, reload } = use_data(`project-${project}`, () =>
    api.projects.get(project),
  );
  const tabs = Object.keys(parts).map((name) => ({
    name,
    text: t(`project.${name}` as Key),
    to: to.project(project, name),
  }));
  const Part = parts[tab as keyof typeof parts];
  return (
    <Page
      title={project}
      crumbs={[{ text: t('nav.projects'), to: to.projects }]}
      lead={data?.description}
      actions={
        data?.role === 'admin' && (
          <DeleteButton
            dialog={(close) => (
              <DeleteProject project={project} close={close} />
            )}
          />
        )
      }
    >
      {error && <Failure error={error} retry={reload} />}
      <Tabs label={t('project.parts')} tabs={tabs} current={tab} />
      {Part ? (
        <Part key={project} project={project} query={query} />
      ) : (
        <Empty icon="question" title={t('state.no_such_page')} />
      )}
    </Page>
  );
}
