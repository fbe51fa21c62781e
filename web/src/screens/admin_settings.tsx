import { useState } from 'preact/hooks';
import * as api from '../api';
import { Opens } from '../components/buttons';
import { FormDialog } from '../components/dialog';
import { Choice, Field, SearchField } from '../components/forms';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { use_action } from '../components/toast';
import { t, t_name } from '../i18n';
import type { Setting } from '../types';
import { use_data } from '../use_data';

function EditSetting(props: {
  setting: Setting;
  close: () => void;
  done: () => void;
}) {
  const { setting } = props;
  const secret = setting.type === 'secret';
  const [value, set_value] = useState(secret ? '' : setting.value);
  return (
    <FormDialog
      title={setting.name}
      action={t('action.save')}
      close={props.close}
      submit={() => api.system.set(setting.name, value)}
      done={props.done}
    >
      <p>{setting.description}</p>
      {setting.type === 'boolean' ? (
        <Choice
          label={t('settings.value')}
          value={value}
          options={[
            ['true', t('settings.on')],
            ['false', t('settings.off')],
          ]}
          change={set_value}
        />
      ) : (
        <Field
          label={t('settings.value')}
          hint={t('settings.default', { value: setting.default || '–' })}
          type={secret ? 'password' : 'text'}
          value={value}
          change={set_value}
          mono
        />
      )}
    </FormDialog>
  );
}

function SettingRow(props: { setting: Setting; reload: () => void }) {
  const { setting, reload } = props;
  const { busy, act } = use_action();
  const reset = () =>
    act(async () => {
      await api.system.unset(setting.name);
      reload();
    }, t('state.saved'));
  return (
    <tr>
      <td>
        <code>{setting.name}</code>
        <p class="faint">{setting.description}</p>
      </td>
      <td>
        <code>{setting.value || '–'}</code>
      </td>
      <td>
        <span class="chip">{t_name('source', setting.source)}</span>
      </td>
      <td class="col-actions">
        {setting.source === 'page' && (
          <button
            type="button"
            class="button small"
            disabled={busy}
            onClick={reset}
          >
            {t('settings.reset')}
          </button>
        )}{' '}
        <Opens
          button={(open) => (
            <button type="button" class="button small" onClick={open}>
              {t('action.edit')}
            </button>
          )}
          dialog={(close) => (
            <EditSetting setting={setting} close={close} done={reload} />
          )}
        />
      </td>
    </tr>
  );
}

export function AdminSettings() {
  const [text, set_text] = useState('');
  const settings = use_data('settings', api.system.settings, {
    topics: ['SettingChanged'],
  });
  const data = settings.data?.filter((setting) =>
    `${setting.name} ${setting.description}`
      .toLowerCase()
      .includes(text.toLowerCase()),
  );
  return (
    <>
      <div class="filters" role="search">
        <SearchField
          label={t('settings.search')}
          value={text}
          change={set_text}
        />
      </div>
      <Panel flush>
        <Listing
          of={{ ...settings, data }}
          rows={8}
          empty={<Empty icon="admin" title={t('settings.none')} />}
        >
          {(items) => (
            <Table
              actions
              head={[
                t('settings.name'),
                t('settings.value'),
                t('settings.source'),
              ]}
            >
              {items.map((setting) => (
                <SettingRow
                  key={setting.name}
                  setting={setting}
                  reload={settings.reload}
                />
              ))}
            </Table>
          )}
        </Listing>
      </Panel>
    </>
  );
}
