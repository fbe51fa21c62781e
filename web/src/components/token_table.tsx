// Access tokens: of a person, or of a project's robots.

import { useState } from 'preact/hooks';
import { t } from '../i18n';
import type { Token } from '../types';
import type { Loaded } from '../use_data';
import { AddDialog } from './buttons';
import { CopyLine } from './copy';
import { Dialog, FormDialog } from './dialog';
import { Choice, Field } from './forms';
import { Empty, Listing, Notice } from './notice';
import { Panel } from './page';
import { Table } from './table';
import { Ago } from './time';
import { use_action } from './toast';
import { date_time } from '../lib/format';
import { language } from '../i18n';

const day_ms = 86_400_000;
const lifetimes = ['7', '30', '90', '365', ''] as const;

interface TokenActions {
  create: (token: {
    name: string;
    scopes: string[];
    expires: number | null;
  }) => Promise<{ secret: string }>;
  remove: (id: number) => Promise<unknown>;
}

function CreateToken(props: {
  scopes: readonly (readonly [scope: string, text: string])[];
  create: TokenActions['create'];
  created: (secret: string) => void;
  close: () => void;
}) {
  const { scopes, create, created, close } = props;
  const [name, set_name] = useState('');
  const [scope, set_scope] = useState(scopes[0]?.[0] ?? '');
  const [days, set_days] = useState<string>('90');
  const submit = async () => {
    const expires = days ? Date.now() + Number(days) * day_ms : null;
    const { secret } = await create({ name, scopes: [scope], expires });
    created(secret);
  };
  return (
    <FormDialog
      title={t('tokens.create')}
      action={t('action.create')}
      close={close}
      submit={submit}
    >
      <Field
        label={t('projects.name')}
        hint={t('tokens.name_hint')}
        value={name}
        change={set_name}
        required
      />
      <Choice
        label={t('tokens.scope')}
        value={scope}
        options={scopes}
        change={set_scope}
      />
      <Choice
        label={t('tokens.expires')}
        value={days}
        options={lifetimes.map((count) => [
          count,
          count ? t('tokens.days', { count }) : t('tokens.forever'),
        ])}
        change={set_days}
      />
    </FormDialog>
  );
}

function Expiry(props: { token: Token }) {
  const { expires } = props.token;
  if (!expires) return <span class="faint">{t('tokens.forever')}</span>;
  const past = expires < Date.now();
  return (
    <span class={past ? 'tone-bad' : ''} title={date_time(expires, language())}>
      {past ? t('tokens.expired') : <Ago time={expires} />}
    </span>
  );
}

function Rows(props: { tokens: Token[]; remove: (token: Token) => void }) {
  const head = [
    t('projects.name'),
    t('tokens.scope'),
    t('tokens.expires'),
    t('tokens.last_used'),
  ];
  return (
    <Table head={head} actions>
      {props.tokens.map((token) => (
        <tr key={token.id}>
          <td>{token.name}</td>
          <td>
            {token.scopes.map((scope) => (
              <code key={scope} class="chip">
                {scope}
              </code>
            ))}
          </td>
          <td>
            <Expiry token={token} />
          </td>
          <td>
            <Ago time={token.last_used} />
          </td>
          <td class="col-actions">
            <button
              type="button"
              class="button small"
              onClick={() => props.remove(token)}
            >
              {t('tokens.revoke')}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function TokenTable(
  props: TokenActions & {
    title: string;
    hint: string;
    scopes: readonly (readonly [scope: string, text: string])[];
    tokens: Loaded<Token[]>;
  },
) {
  const { tokens } = props;
  const [secret, set_secret] = useState('');
  const { act } = use_action();
  const remove = (token: Token) =>
    act(async () => {
      await props.remove(token.id);
      tokens.reload();
    }, t('tokens.revoked', { name: token.name }));
  return (
    <Panel
      title={props.title}
      flush
      actions={
        <AddDialog
          text={t('tokens.create')}
          dialog={(close) => (
            <CreateToken
              scopes={props.scopes}
              create={props.create}
              close={close}
              created={(made) => {
                set_secret(made);
                tokens.reload();
              }}
            />
          )}
        />
      }
    >
      <Listing
        of={tokens}
        rows={2}
        empty={
          <Empty icon="key" title={t('tokens.none')}>
            {props.hint}
          </Empty>
        }
      >
        {(items) => <Rows tokens={items} remove={remove} />}
      </Listing>
      {secret && (
        <Dialog title={t('tokens.created')} close={() => set_secret('')}>
          <div class="dialog-body">
            <Notice tone="warn">{t('tokens.shown_once')}</Notice>
            <CopyLine text={secret} />
          </div>
        </Dialog>
      )}
    </Panel>
  );
}
