import * as api from '../api';
import { AddDialog } from '../components/buttons';
import { DefaultsEditor } from '../components/defaults_editor';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { Ago } from '../components/time';
import { use_action } from '../components/toast';
import { t, t_name } from '../i18n';
import type { Credential } from '../types';
import { use_data } from '../use_data';
import { AddCredential } from './add_credential';

function CredentialTable(props: {
  credentials: Credential[];
  remove: (credential: Credential) => void;
}) {
  return (
    <Table
      actions
      head={[
        t('credentials.id'),
        t('credentials.kind'),
        t('projects.description'),
        t('credentials.changed'),
      ]}
    >
      {props.credentials.map((credential) => (
        <tr key={credential.id}>
          <td>
            <code>{credential.id}</code>
          </td>
          <td>
            {t_name('credential', credential.kind)}{' '}
            <span class="faint">
              {credential.user ?? credential.file_name ?? ''}
            </span>
          </td>
          <td>{credential.description}</td>
          <td>
            <Ago time={credential.changed} />
          </td>
          <td class="col-actions">
            <button
              type="button"
              class="button small"
              onClick={() => props.remove(credential)}
            >
              {t('action.remove')}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Credentials(props: { project: string }) {
  const { project } = props;
  const { act } = use_action();
  const credentials = use_data(`credentials-${project}`, () =>
    api.pipelines.credentials(project),
  );
  const remove = ({ id }: Credential) =>
    act(async () => {
      await api.pipelines.remove_credential(project, id);
      credentials.reload();
    }, t('credentials.removed', { id }));
  return (
    <Panel
      title={t('credentials.title')}
      flush
      actions={
        <AddDialog
          text={t('credentials.add')}
          dialog={(close) => (
            <AddCredential
              project={project}
              close={close}
              done={credentials.reload}
            />
          )}
        />
      }
    >
      <Listing
        of={credentials}
        rows={2}
        empty={
          <Empty icon="key" title={t('credentials.none')}>
            {t('credentials.none_hint')}
          </Empty>
        }
      >
        {(items) => <CredentialTable credentials={items} remove={remove} />}
      </Listing>
    </Panel>
  );
}

export function ProjectPipelines(props: { project: string }) {
  return (
    <>
      <Credentials project={props.project} />
      <DefaultsEditor project={props.project} />
    </>
  );
}

export function AdminPipelines() {
  return <DefaultsEditor project={null} />;
}
