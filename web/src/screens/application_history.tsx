import { useState } from 'preact/hooks';
import * as api from '../api';
import { FormDialog } from '../components/dialog';
import { Icon } from '../components/icons';
import { Empty, Listing, Notice } from '../components/notice';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { Ago } from '../components/time';
import { toast } from '../components/toast';
import { t } from '../i18n';
import { short_id } from '../lib/format';
import type { Application, Deployment } from '../types';
import { use_data } from '../use_data';

function source_of(entry: Deployment): string {
  return [entry.source ?? []]
    .flat()
    .map(({ chart, path, targetRevision }) =>
      [chart ?? path, targetRevision].filter(Boolean).join(' '),
    )
    .join(' · ');
}

function is_automated(app: Application) {
  const automated = app.spec.syncPolicy?.automated;
  return !!automated && automated.enabled !== false;
}

function RollbackDialog(props: {
  app: Application;
  entry: Deployment;
  close: () => void;
  done: () => void;
}) {
  const { app, entry, close, done } = props;
  const submit = async () => {
    await api.applications.rollback(app.project, app.name, entry.id);
    toast('ok', t('history.started', { revision: short_id(entry.revision) }));
  };
  return (
    <FormDialog
      title={t('history.rollback_title', { app: app.name })}
      action={t('history.rollback')}
      close={close}
      submit={submit}
      done={done}
    >
      <p>{t('history.rollback_to', { revision: entry.revision })}</p>
      {is_automated(app) && (
        <Notice tone="warn">{t('history.automated')}</Notice>
      )}
    </FormDialog>
  );
}

function HistoryTable(props: {
  entries: Deployment[];
  current: number | undefined;
  choose: (entry: Deployment) => void;
}) {
  return (
    <Table
      actions
      head={[
        t('history.id'),
        t('application.revision'),
        t('application.source'),
        t('history.by'),
        t('history.deployed'),
      ]}
    >
      {props.entries.map((entry) => (
        <tr key={entry.id}>
          <td class="num">{entry.id}</td>
          <td title={entry.revision}>
            <code>{short_id(entry.revision)}</code>{' '}
            {entry.id === props.current && (
              <span class="chip">{t('history.current')}</span>
            )}
          </td>
          <td>{source_of(entry)}</td>
          <td>{entry.initiated_by}</td>
          <td>
            <Ago time={entry.deployed} />
          </td>
          <td class="col-actions">
            {entry.id !== props.current && (
              <button
                type="button"
                class="button small"
                onClick={() => props.choose(entry)}
              >
                <Icon name="back" /> {t('history.rollback')}
              </button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function ApplicationHistory(props: {
  app: Application;
  version: string;
  reload: () => void;
}) {
  const { app, reload } = props;
  const [chosen, set_chosen] = useState<Deployment>();
  const history = use_data(
    `history-${props.version}`,
    () => api.applications.history(app.project, app.name),
    { keep: true },
  );
  const data = history.data && [...history.data].sort((a, b) => b.id - a.id);
  return (
    <Panel flush>
      <Listing
        of={{ ...history, data }}
        empty={
          <Empty icon="wait" title={t('history.none')}>
            {t('history.none_hint')}
          </Empty>
        }
      >
        {(entries) => (
          <HistoryTable
            entries={entries}
            current={entries[0]?.id}
            choose={set_chosen}
          />
        )}
      </Listing>
      {chosen && (
        <RollbackDialog
          app={app}
          entry={chosen}
          close={() => set_chosen(undefined)}
          done={reload}
        />
      )}
    </Panel>
  );
}
