import * as api from '../api';
import { AddDialog } from '../components/buttons';
import { FormDialog } from '../components/dialog';
import { Check, Field } from '../components/forms';
import { Empty, Listing } from '../components/notice';
import { Page, Panel } from '../components/page';
import { t } from '../i18n';
import { go, to } from '../router';
import { use_data } from '../use_data';
import { use_fields } from '../use_fields';

function CreateProject(props: { close: () => void }) {
  const { values, text, check } = use_fields({
    name: '',
    description: '',
    is_public: false,
  });
  const submit = async () => {
    await api.projects.create(values);
    go(to.project(values.name));
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
        {...text('name')}
        pattern="[a-z0-9]([a-z0-9\-]{0,38}[a-z0-9])?"
        required
        mono
      />
      <Field label={t('projects.description')} {...text('description')} />
      <Check {...check('is_public')}>{t('projects.public')}</Check>
    </FormDialog>
  );
}

export function Projects() {
  const projects = use_data('projects', api.projects.list);
  const create = (
    <AddDialog
      look="primary"
      text={t('projects.create')}
      dialog={(close) => <CreateProject close={close} />}
    />
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
    </Page>
  );
}
