import { t } from '../i18n';
import { first_line, short_id, short_ref } from '../lib/format';
import { outcome } from '../lib/stages';
import { to } from '../router';
import type { Run } from '../types';
import { Icon } from './icons';
import { Status } from './status';
import { Table } from './table';
import { Ago, Took } from './time';

function TestCount(props: { run: Run }) {
  const { tests } = props.run;
  if (!tests || !tests.total) return <span class="faint">–</span>;
  const bad = tests.failed > 0;
  return (
    <span class={bad ? 'num tone-bad' : 'num'}>
      {bad
        ? t('tests.failed_of', { failed: tests.failed, total: tests.total })
        : t('tests.all_passed', { total: tests.total })}
    </span>
  );
}

function RunRow(props: { run: Run; repo: boolean }) {
  const { run } = props;
  return (
    <tr>
      <td class="col-state">
        <Status name={outcome(run)} />
      </td>
      <td class="col-run">
        <a class="row-link" href={to.run(run)}>
          {props.repo && (
            <span>
              {run.project}/{run.repo}{' '}
            </span>
          )}
          <span class="num">#{run.number}</span>
        </a>
      </td>
      <td class="col-what">
        <span class="what" title={run.message}>
          {first_line(run.message ?? '') || run.cause}
        </span>
        <span class="sub">
          <Icon name="branch" /> {run.branch || short_ref(run.ref ?? '')}
          {run.commit && <code>{short_id(run.commit)}</code>}
          {run.author && <span>{run.author}</span>}
        </span>
      </td>
      <td class="col-tests">
        <TestCount run={run} />
      </td>
      <td class="col-took">
        <Took started={run.started} finished={run.finished} />
      </td>
      <td class="col-when">
        <Ago time={run.finished ?? run.started ?? run.queued} />
      </td>
    </tr>
  );
}

export function RunTable(props: { runs: readonly Run[]; repo?: boolean }) {
  const repo = props.repo ?? true;
  return (
    <Table
      class="runs"
      head={[
        t('runs.state'),
        t('runs.run'),
        t('runs.change'),
        t('runs.tests'),
        t('runs.took'),
        t('runs.when'),
      ]}
    >
      {props.runs.map((run) => (
        <RunRow
          key={`${run.project}/${run.repo}#${run.number}`}
          run={run}
          repo={repo}
        />
      ))}
    </Table>
  );
}
