import { useState } from 'preact/hooks';
import * as api from '../api';
import { FormDialog } from '../components/dialog';
import { Choice, Field } from '../components/forms';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { use_action } from '../components/toast';
import { TokenTable } from '../components/token_table';
import { t, t_name } from '../i18n';
import type { Member, Role } from '../types';
import { use_data } from '../use_data';

const roles: readonly Role[] = ['viewer', 'developer', 'maintainer', 'admin'];
const role_options = () =>
  roles.map((role) => [role, t_name('role', role)] as const);

function AddMember(props: {
  project: string;
  close: () => void;
  done: () => void;
}) {
  const [user, set_user] = useState('');
  const [role, set_role] = useState<string>('developer');
  const submit = async () => {
    await api.projects.set_member(props.project, user.trim(), role as Role);
    props.done();
    props.close();
  };
  return (
    <FormDialog
      title={t('members.add')}
      action={t('action.add')}
      close={props.close}
      submit={submit}
    >
      <Field
        label={t('sign_in.user')}
        value={user}
        change={set_user}
        required
        mono
      />
      <Choice
        label={t('members.role')}
        value={role}
        options={role_options()}
        change={set_role}
      />
    </FormDialog>
  );
}

function MemberRow(props: {
  project: string;
  member: Member;
  change: (action: () => Promise<unknown>) => void;
}) {
  const { project, change } = props;
  const { user, role } = props.member;
  return (
    <li>
      <span class="grow">{user}</span>
      <Choice
        compact
        label={t('members.role_of', { user })}
        value={role}
        options={role_options()}
        change={(next) =>
          change(() => api.projects.set_member(project, user, next as Role))
        }
      />
      <button
        type="button"
        class="button small"
        onClick={() => change(() => api.projects.remove_member(project, user))}
      >
        {t('action.remove')}
      </button>
    </li>
  );
}

function Members(props: { project: string }) {
  const { project } = props;
  const [adding, set_adding] = useState(false);
  const members = use_data(`members-${project}`, () =>
    api.projects.members(project),
  );
  const { act } = use_action();
  const change = (action: () => Promise<unknown>) =>
    act(async () => {
      await action();
      members.reload();
    }, t('state.saved'));
  return (
    <Panel
      title={t('members.title')}
      flush
      actions={
        <button type="button" class="button" onClick={() => set_adding(true)}>
          <Icon name="plus" /> {t('members.add')}
        </button>
      }
    >
      <Listing
        of={members}
        rows={2}
        empty={
          <Empty icon="account" title={t('members.none')}>
            {t('members.none_hint')}
          </Empty>
        }
      >
        {(items) => (
          <ul class="rows">
            {items.map((member) => (
              <MemberRow
                key={member.user}
                project={project}
                member={member}
                change={change}
              />
            ))}
          </ul>
        )}
      </Listing>
      {adding && (
        <AddMember
          project={project}
          close={() => set_adding(false)}
          done={members.reload}
        />
      )}
    </Panel>
  );
}

export function ProjectAccess(props: { project: string }) {
  const { project } = props;
  const tokens = use_data(`robots-${project}`, () =>
    api.projects.tokens(project),
  );
  return (
    <>
      <Members project={project} />
      <TokenTable
        title={t('robots.title')}
        hint={t('robots.hint')}
        scopes={roles.map((role) => [
          `project:${project}:${role}`,
          t_name('role', role),
        ])}
        tokens={tokens}
        create={(token) => api.projects.create_token(project, token)}
        remove={(id) => api.projects.remove_token(project, id)}
      />
    </>
  );
}
