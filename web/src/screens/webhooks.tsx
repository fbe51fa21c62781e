// Whom a project, or the whole server, tells what happens to images.

import * as api from '../api';
import { AddDialog, DeleteButton, Opens } from '../components/buttons';
import { ConfirmDelete } from '../components/confirm_delete';
import { Fact, Facts } from '../components/facts';
import { Fold } from '../components/fold';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Status } from '../components/status';
import { Table } from '../components/table';
import { Ago } from '../components/time';
import { toast, use_action } from '../components/toast';
import { t, t_name } from '../i18n';
import { duration } from '../lib/format';
import { webhook_state } from '../lib/webhooks';
import type { Delivery, Webhook } from '../types';
import { use_data } from '../use_data';
import { WebhookForm } from './webhook_form';

interface WebhookProps {
  project: string | null;
  webhook: Webhook;
  reload: () => void;
}

function Answer(props: { delivery: Delivery }) {
  const { delivered, status, error } = props.delivery;
  return (
    <>
      <Status name={delivered ? 'delivered' : 'failed'} />{' '}
      {status && <span class="num">{status}</span>}{' '}
      {error && <span class="faint">{error}</span>}
    </>
  );
}

function Deliveries(props: { project: string | null; webhook: Webhook }) {
  const { project, webhook } = props;
  const newest = webhook.last_delivery?.id ?? 0;
  const deliveries = use_data(
    `deliveries-${webhook.id}-${newest}`,
    () => api.webhooks(project).deliveries(webhook.id),
    { keep: true },
  );
  const head = [
    t('runs.when'),
    t('webhooks.event'),
    t('webhooks.answer'),
    t('webhooks.attempt'),
    t('runs.took'),
  ];
  return (
    <Listing
      of={deliveries}
      rows={2}
      empty={<p class="hint">{t('webhooks.no_deliveries')}</p>}
    >
      {(items) => (
        <Table class="deliveries" head={head}>
          {items.map((one) => (
            <tr key={one.id}>
              <td class="nowrap">
                <Ago time={one.time} />
              </td>
              <td>
                {t_name('webhook_event', one.action)} <code>{one.target}</code>
              </td>
              <td>
                <Answer delivery={one} />
              </td>
              <td class="num">{one.attempt}</td>
              <td class="num nowrap">{duration(one.duration_ms)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Listing>
  );
}

function Standing(props: { webhook: Webhook }) {
  const { webhook } = props;
  const { failing_since, next_try, last_delivery } = webhook;
  return (
    <Facts>
      <Fact name={t('webhooks.pending')} class="num">
        {webhook.pending}
      </Fact>
      <Fact name={t('webhooks.dropped')} class="num">
        {webhook.dropped}
      </Fact>
      <Fact name={t('webhooks.last_delivery')}>
        <Ago time={last_delivery?.time} />
      </Fact>
      {failing_since !== null && (
        <Fact name={t('webhooks.failing_since')}>
          <Ago time={failing_since} />
        </Fact>
      )}
      {next_try !== null && (
        <Fact name={t('webhooks.next_try')}>
          <Ago time={next_try} />
        </Fact>
      )}
      <Fact name={t('webhooks.actions')} class="chips">
        {webhook.actions.map((action) => (
          <span key={action} class="chip">
            {t_name('webhook_action', action)}
          </span>
        ))}
      </Fact>
      <Fact name={t('policy.repositories')}>
        <code>{webhook.repositories}</code>
      </Fact>
    </Facts>
  );
}

function Actions(props: WebhookProps) {
  const { project, webhook, reload } = props;
  const { name } = webhook;
  const { busy, act } = use_action();
  const test = () =>
    act(async () => {
      const result = await api.webhooks(project).test(webhook.id);
      const status = result.status ?? '';
      const time = duration(result.duration_ms);
      if (result.delivered) {
        toast('ok', t('webhooks.test_accepted', { name, status, time }));
      } else {
        toast('bad', t('webhooks.test_failed', { name, why: result.error }));
      }
      reload();
    });
  return (
    <span class="actions">
      <button
        type="button"
        class="button small"
        aria-label={t('webhooks.test_named', { name })}
        disabled={busy}
        onClick={test}
      >
        {t('webhooks.test')}
      </button>
      <Opens
        button={(open) => (
          <button
            type="button"
            class="button small"
            aria-label={t('action.edit_named', { name })}
            onClick={open}
          >
            {t('action.edit')}
          </button>
        )}
        dialog={(close) => (
          <WebhookForm
            project={project}
            webhook={webhook}
            close={close}
            done={reload}
          />
        )}
      />
      <DeleteButton
        name={name}
        dialog={(close) => (
          <ConfirmDelete
            name={name}
            close={close}
            remove={() => api.webhooks(project).remove(webhook.id)}
            done={reload}
          >
            <p>{t('webhooks.delete_hint', { count: webhook.pending })}</p>
          </ConfirmDelete>
        )}
      />
    </span>
  );
}

function WebhookRow(props: WebhookProps) {
  const { webhook } = props;
  const { last_delivery } = webhook;
  return (
    <Fold
      head={
        <>
          <Status name={webhook_state(webhook)} />
          <span>{webhook.name}</span>
        </>
      }
      side={
        <>
          <span class="grow webhook-about">
            <code>{webhook.url}</code>
            {last_delivery?.error && (
              <span class="tone-bad"> · {last_delivery.error}</span>
            )}
          </span>
          <Actions {...props} />
        </>
      }
    >
      {() => (
        <>
          <Standing webhook={webhook} />
          <Deliveries {...props} />
        </>
      )}
    </Fold>
  );
}

// Of a project, or with null of the whole server.
export function Webhooks(props: { project: string | null }) {
  const { project } = props;
  const webhooks = use_data(
    `webhooks-${project ?? ''}`,
    () => api.webhooks(project).list(),
    {
      every: (data) =>
        data?.some((one) => one.pending || one.failing_since) ? 2_000 : 10_000,
    },
  );
  return (
    <Panel
      title={t('images.view_webhooks')}
      flush
      actions={
        <AddDialog
          text={t('webhooks.add')}
          dialog={(close) => (
            <WebhookForm
              project={project}
              close={close}
              done={webhooks.reload}
            />
          )}
        />
      }
    >
      <Listing
        of={webhooks}
        rows={2}
        empty={
          <Empty icon="globe" title={t('webhooks.none')}>
            {t('webhooks.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul class="rows">
            {items.map((webhook) => (
              <WebhookRow
                key={webhook.id}
                project={project}
                webhook={webhook}
                reload={webhooks.reload}
              />
            ))}
          </ul>
        )}
      </Listing>
    </Panel>
  );
}

export function AdminWebhooks() {
  return <Webhooks project={null} />;
}
