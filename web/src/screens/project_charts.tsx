import * as api from '../api';
import { DeleteButton } from '../components/buttons';
import { ConfirmDelete } from '../components/confirm_delete';
import { CopyLine } from '../components/copy';
import { Fold } from '../components/fold';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { short_id } from '../lib/format';
import type { Chart } from '../types';
import { use_data } from '../use_data';

function time_of(created: string | number): number {
  return typeof created === 'number' ? created : Date.parse(created);
}

function DeleteChart(props: {
  project: string;
  chart: Chart;
  version?: string; // left out: all of them
  close: () => void;
  done: () => void;
}) {
  const { project, chart, version, close, done } = props;
  return (
    <ConfirmDelete
      name={version ? `${chart.name} ${version}` : chart.name}
      close={close}
      remove={() => api.projects.remove_chart(project, chart.name, version)}
      done={done}
    >
      {!version && (
        <p>
          {t('charts.delete_versions', {
            versions: chart.versions.map((one) => one.version).join(', '),
          })}
        </p>
      )}
      <p>{t('charts.delete_hint')}</p>
    </ConfirmDelete>
  );
}

interface ChartProps {
  project: string;
  chart: Chart;
  reload: () => void;
}

function Versions(props: ChartProps) {
  const { project, chart, reload } = props;
  const file = (version: string) =>
    `/charts/${encodeURIComponent(project)}/` +
    `${encodeURIComponent(`${chart.name}-${version}.tgz`)}`;
  const head = [
    t('charts.version'),
    t('charts.app_version'),
    t('artifacts.digest'),
    t('charts.created'),
  ];
  return (
    <Table head={head} actions>
      {chart.versions.map(({ version, app_version, digest, created }) => (
        <tr key={version}>
          <td>
            <a href={file(version)} download>
              <Icon name="download" /> {version}
            </a>
          </td>
          <td title={app_version}>{short_id(app_version)}</td>
          <td>
            <code title={digest}>
              {digest.replace('sha256:', '').slice(0, 12)}
            </code>
          </td>
          <td>
            <Ago time={time_of(created)} />
          </td>
          <td class="col-actions">
            <DeleteButton
              name={`${chart.name} ${version}`}
              dialog={(close) => (
                <DeleteChart
                  project={project}
                  chart={chart}
                  version={version}
                  close={close}
                  done={reload}
                />
              )}
            />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function ChartRow(props: ChartProps) {
  const { chart } = props;
  return (
    <Fold
      head={<span>{chart.name}</span>}
      side={
        <>
          <span class="grow faint">
            {chart.versions[0]?.version} ·{' '}
            {t('charts.versions', { count: chart.versions.length })}
          </span>
          <DeleteButton
            name={chart.name}
            dialog={(close) => (
              <DeleteChart
                project={props.project}
                chart={chart}
                close={close}
                done={props.reload}
              />
            )}
          />
        </>
      }
    >
      {() => <Versions {...props} />}
    </Fold>
  );
}

export function ProjectCharts(props: { project: string }) {
  const { project } = props;
  const charts = use_data(
    `charts-${project}`,
    () => api.projects.charts(project),
    {
      topics: ['ChartPublished', 'TagDeleted', 'ManifestDeleted'],
      subject: `${project}/`,
    },
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
              <ChartRow
                key={chart.name}
                project={project}
                chart={chart}
                reload={charts.reload}
              />
            ))}
          </ul>
        )}
      </Listing>
    </Panel>
  );
}
