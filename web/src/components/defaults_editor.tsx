import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { t } from '../i18n';
import { use_data } from '../use_data';
import { use_submit } from '../use_submit';
import { Field } from './forms';
import { Failure, Loading } from './notice';
import { Panel } from './page';
import { toast } from './toast';

// The Jenkinsfile that pipelines start from: of a project, or with null of
// the whole system.
export function DefaultsEditor(props: { project: string | null }) {
  const { project } = props;
  const loaded = use_data(`defaults-${project ?? ''}`, () =>
    api.pipelines.defaults(project),
  );
  const [text, set_text] = useState<string>();
  const { busy, error, submit } = use_submit();
  useEffect(() => {
    if (loaded.data !== undefined) set_text(loaded.data);
  }, [loaded.data]);
  const save = (event: Event) => {
    event.preventDefault();
    void submit(async () => {
      await api.pipelines.set_defaults(project, text ?? '');
      toast('ok', t('state.saved'));
      loaded.reload();
    });
  };
  if (loaded.error) {
    return <Failure error={loaded.error} retry={loaded.reload} />;
  }
  if (text === undefined) return <Loading rows={4} />;
  const hint = project === null ? 'defaults.hint_system' : 'defaults.hint_project';
  return (
    <Panel title={t('defaults.title')}>
      <form onSubmit={save}>
        <Field
          label="Jenkinsfile"
          hint={t(hint)}
          value={text}
          change={set_text}
          rows={14}
          mono
        />
        {error && <Failure error={error} />}
        <button type="submit" class="button" disabled={busy || text === loaded.data}>
          {t('action.save')}
        </button>
      </form>
    </Panel>
  );
}
