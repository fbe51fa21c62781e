import { useState } from 'preact/hooks';
import * as api from '../api';
import { AddButton, IconButton } from '../components/buttons';
import { FormDialog } from '../components/dialog';
import { Field } from '../components/forms';
import { t } from '../i18n';
import { short_ref } from '../lib/format';
import { go, to } from '../router';
import type { Run } from '../types';
import { use_data } from '../use_data';

const hidden = '****'; // what the server shows of a password
type Pair = [name: string, value: string];

function Parameters(props: { pairs: Pair[]; change: (pairs: Pair[]) => void }) {
  const { pairs, change } = props;
  const set = (index: number, pair: Pair) =>
    change(pairs.map((before, i) => (i === index ? pair : before)));
  return (
    <fieldset class="pairs">
      <legend>{t('start.parameters')}</legend>
      {pairs.map(([name, value], index) => (
        <div class="pair" key={index}>
          <input
            class="input mono"
            aria-label={t('start.name')}
            placeholder={t('start.name')}
            value={name}
            onInput={(event) => set(index, [event.currentTarget.value, value])}
          />
          <input
            class="input mono"
            aria-label={t('start.value')}
            placeholder={t('start.value')}
            value={value}
            onInput={(event) => set(index, [name, event.currentTarget.value])}
          />
          <IconButton
            icon="close"
            label={t('action.remove')}
            large
            press={() => change(pairs.filter((_, i) => i !== index))}
          />
        </div>
      ))}
      <AddButton
        look="small"
        text={t('start.add_parameter')}
        add={() => change([...pairs, ['', '']])}
      />
    </fieldset>
  );
}

// Starts a run of a branch or tag. The parameters of the last run are filled
// in, so that "the same with one change" is one field away.
export function StartRun(props: {
  project: string;
  repo: string;
  last?: Run;
  default_ref?: string;
  close: () => void;
}) {
  const { project, repo, last, close } = props;
  const [ref, set_ref] = useState(
    short_ref(last?.ref ?? '') || last?.branch || props.default_ref || '',
  );
  const [pairs, set_pairs] = useState<Pair[]>(
    Object.entries(last?.parameters ?? {}).map(([name, value]) => [
      name,
      value === hidden ? '' : String(value),
    ]),
  );
  const refs = use_data(`refs-${project}/${repo}`, () =>
    api.repos.refs(project, repo),
  );
  const submit = async () => {
    const parameters = Object.fromEntries(
      pairs.filter(([name]) => name.trim()),
    );
    const run = await api.runs.start(project, repo, ref.trim(), parameters);
    go(to.run(run));
  };
  return (
    <FormDialog
      title={t('start.title', { repo: `${project}/${repo}` })}
      action={t('start.action')}
      close={close}
      submit={submit}
    >
      <Field
        label={t('start.ref')}
        hint={t('start.ref_hint', {
          refs: (refs.data ?? [])
            .slice(0, 6)
            .map((known) => short_ref(known.name))
            .join(', '),
        })}
        value={ref}
        change={set_ref}
        required
        mono
      />
      <Parameters pairs={pairs} change={set_pairs} />
    </FormDialog>
  );
}
