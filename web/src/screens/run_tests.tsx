import { useState } from 'preact/hooks';
import * as api from '../api';
import { Choice, SearchField } from '../components/forms';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Status } from '../components/status';
import { t, t_name } from '../i18n';
import { duration } from '../lib/format';
import type { Run, TestCase, TestSuite } from '../types';
import { use_data } from '../use_data';

const states = ['failed', 'error', 'skipped', 'passed'] as const;
const is_bad = (test: TestCase) =>
  test.status === 'failed' || test.status === 'error';

function CaseRow(props: { test: TestCase }) {
  const { test } = props;
  const explanation = [test.message, test.details].filter(Boolean).join('\n\n');
  return (
    <li class="case">
      <Status name={test.status} />
      <span class="case-name">
        {test.class_name && <span class="faint">{test.class_name}.</span>}
        {test.name}
      </span>
      <span class="num faint">{duration(test.seconds * 1000)}</span>
      {explanation && (
        <details open={is_bad(test)}>
          <summary>{t('tests.output')}</summary>
          <pre class="code">{explanation}</pre>
        </details>
      )}
    </li>
  );
}

function Suite(props: { suite: TestSuite; shown: TestCase[] }) {
  const { suite, shown } = props;
  const failed = suite.cases.filter(is_bad).length;
  const seconds = suite.cases.reduce((sum, test) => sum + test.seconds, 0);
  const sorted = [...shown].sort(
    (a, b) => states.indexOf(a.status) - states.indexOf(b.status),
  );
  return (
    <Panel
      title={suite.name || t('tests.unnamed')}
      flush
      actions={
        <span class="faint num">
          {failed
            ? t('tests.failed_of', { failed, total: suite.cases.length })
            : t('tests.all_passed', { total: suite.cases.length })}{' '}
          · {duration(seconds * 1000)}
        </span>
      }
    >
      <ul class="cases">
        {sorted.map((test, index) => (
          <CaseRow key={`${test.class_name}.${test.name}.${index}`} test={test} />
        ))}
      </ul>
    </Panel>
  );
}

export function RunTests(props: { run: Run }) {
  const { run } = props;
  const [state, set_state] = useState('');
  const [text, set_text] = useState('');
  // The report changes while the run goes on.
  const version = `${run.state}-${run.tests?.total ?? 0}`;
  const tests = use_data(
    `tests-${run.number}-${version}`,
    () => api.runs.tests(run),
    { keep: true },
  );
  const fits = (test: TestCase) =>
    (!state || test.status === state) &&
    `${test.class_name}.${test.name}`
      .toLowerCase()
      .includes(text.toLowerCase());
  return (
    <>
      <div class="filters" role="search">
        <SearchField
          label={t('tests.search')}
          value={text}
          change={set_text}
        />
        <Choice
          compact
          label={t('runs.state')}
          value={state}
          options={[
            ['', t('tests.any')],
            ...states.map((name) => [name, t_name('status', name)] as const),
          ]}
          change={set_state}
        />
      </div>
      <Listing
        of={tests}
        empty={
          <Empty icon="file" title={t('tests.none')}>
            {t('tests.none_hint')}
          </Empty>
        }
      >
        {(suites) => {
          const filled = suites
            .map((suite) => ({ suite, shown: suite.cases.filter(fits) }))
            .filter(({ shown }) => shown.length);
          if (!filled.length) {
            return <Empty icon="search" title={t('tests.none_fit')} />;
          }
          return filled.map(({ suite, shown }, index) => (
            <Suite key={index} suite={suite} shown={shown} />
          ));
        }}
      </Listing>
    </>
  );
}
