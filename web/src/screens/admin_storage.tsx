import * as api from '../api';
import { Meter, tone_of_share } from '../components/meter';
import { Empty, Failure, Loading } from '../components/notice';
import { Panel } from '../components/page';
import { t } from '../i18n';
import { size } from '../lib/format';
import { to } from '../router';
import type { Storage } from '../types';
import { use_data } from '../use_data';
import { StorageRuns } from './storage_runs';

function Disk(props: { disk: Storage['disk'] }) {
  const { free_bytes, total_bytes } = props.disk;
  const share = total_bytes ? 1 - free_bytes / total_bytes : 0;
  return (
    <p class="usage">
      <span>
        {t('storage.free', { free: size(free_bytes), total: size(total_bytes) })}
      </span>
      <Meter share={share} tone={tone_of_share(share)} />
    </p>
  );
}

// One bar a project on a common scale, with a mark where its quota stands.
function Plot(props: { projects: Storage['projects'] }) {
  const projects = [...props.projects].sort(
    (a, b) => b.used_bytes - a.used_bytes,
  );
  const largest = Math.max(1, ...projects.map((one) => one.used_bytes));
  return (
    <ul class="plot">
      {projects.map(({ project, used_bytes, quota_bytes }) => {
        const full = quota_bytes === null ? 0 : used_bytes / quota_bytes;
        return (
          <li key={project}>
            <a href={to.project(project, 'images')}>{project}</a>
            <Meter
              share={used_bytes / largest}
              tone={tone_of_share(full)}
              quota={quota_bytes === null ? undefined : quota_bytes / largest}
            />
            <span class="num">
              {quota_bytes === null
                ? size(used_bytes)
                : t('images.used_of', {
                    used: size(used_bytes),
                    quota: size(quota_bytes),
                  })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

export function AdminStorage() {
  const { data, error, reload } = use_data('storage', api.storage.usage, {
    topics: ['ImagePushed'],
    every: () => 15_000,
  });
  return (
    <>
      <Panel title={t('storage.by_project')}>
        {error && <Failure error={error} retry={reload} />}
        {!data && !error && <Loading rows={4} />}
        {data && <Disk disk={data.disk} />}
        {data && !!data.projects.length && <Plot projects={data.projects} />}
        {data && !data.projects.length && (
          <Empty icon="projects" title={t('projects.none')} />
        )}
      </Panel>
      <StorageRuns kind="collections" changed={reload} />
      <StorageRuns kind="scrubs" changed={reload} />
    </>
  );
}
