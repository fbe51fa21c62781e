import * as api from '../api';
import { AddDialog } from '../components/buttons';
import { FormDialog } from '../components/dialog';
import { Choice, Field } from '../components/forms';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { use_action } from '../components/toast';
import { TokenTable } from '../components/token_table';
import { t, t_name } from '../i18n';
import type { Member, Role } from '../types';
import { use_data } from '../use_data';
import { use_fields } from '../use_fields';

const roles: readonly Role[] = ['viewer', 'developer', 'maintainer', 'admin'];
const role_options = () =>
  roles.map((role) => [role, t_name('role', role)] as const);

function AddMember(props: {
  project: string;
  close: () => void;
  done: () => void;
}) {
  const { values, text } = use_fields({ user: '', role: 'developer' });
  const { user, role } = values;
  return (
    <FormDialog
      title={t('members.add')}
      action={t('action.add')}
      close={props.close}
      submit={() =>
        api.projects.set_member(props.project, user.trim(), role as Role)
      }
      done={props.done}
    >
      <Field label={t('sign_in.user')} {...text('user')} required mono />
      <Choice
        label={t('members.role')}
        {...text('role')}
        options={role_options()}
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
        <AddDialog
          text={t('members.add')}
          dialog={(close) => (
            <AddMember project={project} close={close} done={members.reload} />
          )}
        />
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
