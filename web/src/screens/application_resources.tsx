import * as api from '../api';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Status } from '../components/status';
import { t } from '../i18n';
import { group_resources, resource_id } from '../lib/resources';
import { to } from '../router';
import type { Application, Resource } from '../types';
import { use_data } from '../use_data';

function ResourceRow(props: { app: Application; resource: Resource }) {
  const { app, resource } = props;
  const diff =
    `${to.application(app.project, app.name, 'diff')}` +
    `&resource=${encodeURIComponent(resource_id(resource))}`;
  return (
    <li class="resource">
      <a class="resource-name" href={diff}>
        {resource.name}
        {resource.namespace && (
          <span class="faint"> · {resource.namespace}</span>
        )}
      </a>
      {resource.health ? <Status name={resource.health} /> : <span />}
      <Status name={resource.sync} />
      <span class="resource-notes">
        {!!resource.wave && (
          <span class="chip">{t('resource.wave', { wave: resource.wave })}</span>
        )}
        {resource.hook && (
          <span class="chip">
            {typeof resource.hook === 'string'
              ? resource.hook
              : t('resource.hook')}
          </span>
        )}
        {resource.message && <span class="faint">{resource.message}</span>}
      </span>
    </li>
  );
}

export function ApplicationResources(props: {
  app: Application;
  version: string;
}) {
  const { app } = props;
  const resources = use_data(
    `resources-${props.version}`,
    () => api.applications.resources(app.project, app.name),
    { keep: true },
  );
  return (
    <Panel flush>
      <Listing
        of={resources}
        empty={
          <Empty icon="layers" title={t('resource.none')}>
            {t('resource.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <div class="tree">
            <div class="tree-root">
              <strong>{app.name}</strong>
              <Status name={app.status.health} />
              <Status name={app.status.sync} />
            </div>
            <ul class="tree-groups">
              {group_resources(items).map((group) => (
                <li key={group.kind}>
                  <h3>{group.kind}</h3>
                  <ul>
                    {group.resources.map((resource) => (
                      <ResourceRow
                        key={resource_id(resource)}
                        app={app}
                        resource={resource}
                      />
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Listing>
    </Panel>
  );
}
