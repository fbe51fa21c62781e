import { useState } from 'preact/hooks';
import * as api from '../api';
import { CopyLine } from '../components/copy';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { short_id } from '../lib/format';
import type { Chart } from '../types';
import { use_data } from '../use_data';

function time_of(created: string | number): number {
  return typeof created === 'number' ? created : Date.parse(created);
}

function Versions(props: { project: string; chart: Chart }) {
  const { project, chart } = props;
  const file = (version: string) =>
    `/charts/${encodeURIComponent(project)}/` +
    `${encodeURIComponent(`${chart.name}-${version}.tgz`)}`;
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">{t('charts.version')}</th>
          <th scope="col">{t('charts.app_version')}</th>
          <th scope="col">{t('artifacts.digest')}</th>
          <th scope="col">{t('charts.created')}</th>
        </tr>
      </thead>
      <tbody>
        {chart.versions.map((version) => (
          <tr key={version.version}>
            <td>
              <a href={file(version.version)} download>
                <Icon name="download" /> {version.version}
              </a>
            </td>
            <td title={version.app_version}>{short_id(version.app_version)}</td>
            <td>
              <code title={version.digest}>
                {version.digest.replace('sha256:', '').slice(0, 12)}
              </code>
            </td>
            <td>
              <Ago time={time_of(version.created)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ChartRow(props: { project: string; chart: Chart }) {
  const { project, chart } = props;
  const [open, set_open] = useState(false);
  const latest = chart.versions[0];
  return (
    <li class="fold">
      <div class="fold-head">
        <button
          type="button"
          class="disclose"
          aria-expanded={open}
          onClick={() => set_open(!open)}
        >
          <Icon name={open ? 'down' : 'right'} />
          <span>{chart.name}</span>
        </button>
        <span class="faint">
          {latest?.version} · {t('charts.versions', { count: chart.versions.length })}
        </span>
      </div>
      {open && (
        <div class="fold-body">
          <Versions project={project} chart={chart} />
        </div>
      )}
    </li>
  );
}

export function ProjectCharts(props: { project: string }) {
  const { project } = props;
  const charts = use_data(
    `charts-${project}`,
    () => api.projects.charts(project),
    { topics: ['ChartPublished'], subject: `${project}/` },
  );
  const repository = `${location.origin}/charts/${project}`;
  return (
    <Panel flush>
      <div class="panel-body">
        <CopyLine text={`helm repo add ${project} ${repository}`} />
      </div>
      <Listing
        of={charts}
        empty={
          <Empty icon="box" title={t('charts.none')}>
            {t('charts.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul class="rows">
            {items.map((chart) => (
              <ChartRow key={chart.name} project={project} chart={chart} />
            ))}
          </ul>
        )}
      </Listing>
    </Panel>
  );
}
