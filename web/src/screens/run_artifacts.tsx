import * as api from '../api';
import { Copy } from '../components/copy';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { t } from '../i18n';
import { short_id, size } from '../lib/format';
import type { Run } from '../types';
import { use_data } from '../use_data';

export function RunArtifacts(props: { run: Run }) {
  const { run } = props;
  const artifacts = use_data(
    `artifacts-${run.number}-${run.state}`,
    () => api.runs.artifacts(run),
    { keep: true },
  );
  return (
    <Panel flush>
      <Listing
        of={artifacts}
        empty={
          <Empty icon="box" title={t('artifacts.none')}>
            {t('artifacts.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <Table
            head={[
              t('artifacts.path'),
              t('artifacts.size'),
              t('artifacts.digest'),
            ]}
          >
            {items.map((artifact) => (
              <tr key={artifact.path}>
                <td>
                  <a href={api.runs.artifact_url(run, artifact.path)} download>
                    <Icon name="download" /> {artifact.path}
                  </a>
                </td>
                <td class="num">{size(artifact.size)}</td>
                <td>
                  <code title={artifact.digest}>
                    {short_id(artifact.digest)}
                  </code>
                  <Copy text={artifact.digest} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Listing>
    </Panel>
  );
}
