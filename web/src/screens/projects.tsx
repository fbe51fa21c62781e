import { useState } from 'preact/hooks';
import * as api from '../api';
import { FormDialog } from '../components/dialog';
import { Check, Field } from '../components/forms';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Page, Panel } from '../components/page';
import { t } from '../i18n';
import { go, to } from '../router';
import { use_data } from '../use_data';

function CreateProject(props: { close: () => void }) {
  const [name, set_name] = useState('');
  const [description, set_description] = useState('');
  const [is_public, set_public] = useState(false);
  const submit = async () => {
    await api.projects.create({ name, description, is_public });
    props.close();
    go(to.project(name));
  };
  return (
    <FormDialog
      title={t('projects.create')}
      action={t('action.create')}
      close={props.close}
      submit={submit}
    >
      <Field
        label={t('projects.name')}
        hint={t('projects.name_hint')}
        value={name}
        change={set_name}
        pattern="[a-z0-9]([a-z0-9\-]{0,38}[a-z0-9])?"
        required
        mono
      />
      <Field
        label={t('projects.description')}
        value={description}
        change={set_description}
      />
      <Check checked={is_public} change={set_public}>
        {t('projects.public')}
      </Check>
    </FormDialog>
  );
}

export function Projects() {
  const [creating, set_creating] = useState(false);
  const projects = use_data('projects', api.projects.list);
  const create = (
    <button
      type="button"
      class="button primary"
      onClick={() => set_creating(true)}
    >
      <Icon name="plus" /> {t('projects.create')}
    </button>
  );
  return (
    <Page title={t('nav.projects')} actions={create}>
      <Panel flush>
        <Listing
          of={projects}
          empty={
            <Empty icon="projects" title={t('projects.none')}>
              <p>{t('projects.none_hint')}</p>
              {create}
            </Empty>
          }
        >
          {(items) => (
            <ul class="rows">
              {items.map((project) => (
                <li key={project.name}>
                  <a class="row-link" href={to.project(project.name)}>
                    {project.name}
                  </a>
                  <span class="grow faint">{project.description}</span>
                  {project.is_public && (
                    <span class="chip">{t('projects.is_public')}</span>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Listing>
      </Panel>
      {creating && <CreateProject close={() => set_creating(false)} />}
    </Page>
  );
}
