// Garbage collections and scrubs: the last ones with what they found, the one
// that is under way, and the buttons that start one.

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { MoreButton } from '../components/buttons';
import { FormDialog } from '../components/dialog';
import { Fold } from '../components/fold';
import { Check } from '../components/forms';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Status } from '../components/status';
import { Table } from '../components/table';
import { Ago, Took } from '../components/time';
import { use_action } from '../components/toast';
import { t } from '../i18n';
import { size } from '../lib/format';
import type { StorageItem, StorageRun } from '../types';
import { use_data } from '../use_data';

type Kind = api.StorageRunKind;

const shown_at_first = 5;
const page = 100;

function summary(kind: Kind, run: StorageRun) {
  const values = { count: run.items, size: size(run.bytes) };
  if (kind === 'scrubs') {
    return t(run.items ? 'storage.faults' : 'storage.read', values);
  }
  return t(run.dry_run ? 'storage.would_free' : 'storage.freed', values);
}

function Items(props: { kind: Kind; run: StorageRun }) {
  const { kind, run } = props;
  const [more, set_more] = useState<StorageItem[]>([]);
  const { busy, act } = use_action();
  // Read again while it grows.
  const items = use_data(
    `${kind}-${run.id}-${run.items}-items`,
    () => api.storage.items(kind, run.id, 0, page),
    { keep: true },
  );
  const data = items.data && [...items.data, ...more];
  const next = async () => {
    const after = data?.at(-1)?.number;
    const found = await api.storage.items(kind, run.id, after, page);
    set_more([...more, ...found]);
  };
  return (
    <>
      <Listing
        of={{ ...items, data }}
        rows={2}
        empty={<p class="hint">{t('storage.no_items')}</p>}
      >
        {(list) => (
          <Table
            class="storage-items"
            head={[
              t('images.kind'),
              t('storage.name'),
              t('storage.why'),
              t('artifacts.size'),
            ]}
          >
            {list.map((item) => (
              <tr key={item.number}>
                <td>{item.kind}</td>
                <td>
                  <code>{item.name}</code>
                </td>
                <td>{item.reason}</td>
                <td class="num nowrap">
                  {item.bytes ? size(item.bytes) : '–'}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Listing>
      {data && data.length < run.items && (
        <MoreButton busy={busy} more={() => act(next)} />
      )}
    </>
  );
}

function RunRow(props: {
  kind: Kind;
  run: StorageRun;
  first: boolean;
  reload: () => void;
}) {
  const { kind, run, reload } = props;
  const { busy, act } = use_action();
  const running = run.finished === null;
  const bad = !!run.error || (kind === 'scrubs' && !!run.items);
  const cancel = () =>
    act(async () => {
      await api.storage.cancel(kind, run.id);
      reload();
    });
  return (
    <Fold
      // The newest opens by itself as soon as it has found something.
      open={props.first && !!run.items}
      head={
        <>
          <Status name={running ? 'running' : bad ? 'failed' : 'passed'} />
          <span class="num">#{run.id}</span>
          {run.dry_run && <span class="chip">{t('storage.dry_run')}</span>}
        </>
      }
      side={
        <>
          <span class="grow">
            {summary(kind, run)}
            {running && <span class="faint"> · {run.step}</span>}
            {run.error && <span class="tone-bad"> · {run.error}</span>}
          </span>
          <span class="faint">
            <Ago time={run.started} /> · <Took {...run} />
          </span>
          {running && (
            <button
              type="button"
              class="button small"
              disabled={busy}
              onClick={cancel}
            >
              {t('action.cancel')}
            </button>
          )}
        </>
      }
    >
      {() => <Items kind={kind} run={run} />}
    </Fold>
  );
}

function Collect(props: { close: () => void; done: () => void }) {
  const [all, set_all] = useState(false);
  return (
    <FormDialog
      danger={all}
      title={t('storage.collect')}
      action={t('storage.collect')}
      close={props.close}
      submit={() =>
        api.storage.start('collections', all ? { age_ms: 0 } : {})
      }
      done={props.done}
    >
      <p>{t('storage.collect_hint')}</p>
      <Check
        checked={all}
        change={set_all}
        hint={t('storage.collect_all_hint')}
      >
        {t('storage.collect_all')}
      </Check>
    </FormDialog>
  );
}

function Starters(props: { kind: Kind; running: boolean; reload: () => void }) {
  const { kind, running, reload } = props;
  const [asking, set_asking] = useState(false);
  const { busy, act } = use_action();
  const start = (order: { dry_run?: boolean }) =>
    act(async () => {
      await api.storage.start(kind, order);
      reload();
    });
  if (kind === 'scrubs') {
    return (
      <button
        type="button"
        class="button"
        disabled={busy || running}
        onClick={() => start({})}
      >
        <Icon name="search" /> {t('storage.scrub')}
      </button>
    );
  }
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={busy || running}
        onClick={() => start({ dry_run: true })}
      >
        {t('storage.dry_run')}
      </button>
      <button
        type="button"
        class="button"
        disabled={busy || running}
        onClick={() => set_asking(true)}
      >
        <Icon name="trash" /> {t('storage.collect')}
      </button>
      {asking && <Collect close={() => set_asking(false)} done={reload} />}
    </>
  );
}

export function StorageRuns(props: { kind: Kind; changed: () => void }) {
  const { kind, changed } = props;
  const [all, set_all] = useState(false);
  const runs = use_data(kind, () => api.storage.runs(kind), {
    every: (data) =>
      data?.some((run) => run.finished === null) ? 1_000 : 15_000,
  });
  const running = !!runs.data?.some((run) => run.finished === null);
  useEffect(() => {
    if (!running) changed();
  }, [running]);
  const is_scrub = kind === 'scrubs';
  return (
    <Panel
      title={t(is_scrub ? 'storage.scrubs' : 'storage.collections')}
      flush
      actions={<Starters kind={kind} running={running} reload={runs.reload} />}
    >
      <Listing
        of={runs}
        rows={2}
        empty={
          <Empty
            icon={is_scrub ? 'search' : 'trash'}
            title={t('storage.no_runs')}
          >
            {t(is_scrub ? 'storage.scrubs_hint' : 'storage.collections_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul class="rows">
            {items
              .slice(0, all ? undefined : shown_at_first)
              .map((run, i) => (
                <RunRow
                  key={run.id}
                  kind={kind}
                  run={run}
                  first={i === 0}
                  reload={runs.reload}
                />
              ))}
          </ul>
        )}
      </Listing>
      {!all && (runs.data?.length ?? 0) > shown_at_first && (
        <MoreButton text={t('action.show_all')} more={() => set_all(true)} />
      )}
    </Panel>
  );
}
