import * as api from '../api';
import { ConfirmDelete } from '../components/confirm_delete';
import { Failure, Loading, Notice } from '../components/notice';
import { t } from '../i18n';
import { go, to } from '../router';
import { use_data } from '../use_data';

// What a project has: `holds` must be deleted first, the rest goes with it.
async function contents(project: string) {
  const [repos, images, charts, apps, members, tokens, credentials, webhooks] =
    await Promise.all([
      api.repos.list(project),
      api.images.list(project),
      api.projects.charts(project),
      api.applications.of(project),
      api.projects.members(project),
      api.projects.tokens(project),
      api.pipelines.credentials(project),
      api.webhooks(project).list(),
    ]);
  const parts = [
    [t('project.repositories'), repos.length, to.project(project)],
    [t('project.images'), images.length, to.project(project, 'images')],
    [t('project.charts'), charts.length, to.project(project, 'charts')],
    [t('nav.applications'), apps.length, to.applications],
  ] as const;
  return {
    holds: parts.filter(([, count]) => count),
    goes: {
      members: members.length,
      tokens: tokens.length,
      credentials: credentials.length,
      webhooks: webhooks.length,
    },
  };
}

export function DeleteProject(props: { project: string; close: () => void }) {
  const { project, close } = props;
  const { data, error, reload } = use_data(`deleting-${project}`, () =>
    contents(project),
  );
  const is_held = !!data?.holds.length;
  return (
    <ConfirmDelete
      name={project}
      disabled={is_held || (!data && !error)}
      close={close}
      remove={() => api.projects.remove(project)}
      done={() => go(to.projects)}
    >
      {error && <Failure error={error} retry={reload} />}
      {!data && !error && <Loading rows={3} />}
      {data && is_held && (
        <Notice tone="warn">
          {t('projects.holds')}
          <ul>
            {data.holds.map(([text, count, href]) => (
              <li key={text}>
                <a href={href} onClick={close}>
                  {text}: {count}
                </a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {data && !is_held && (
        <>
          <p>{t('projects.goes', data.goes)}</p>
          <p>{t('action.no_undo')}</p>
        </>
      )}
    </ConfirmDelete>
  );
}
