import { useState } from 'preact/hooks';
import * as api from '../api';
import { ApiError } from '../api_error';
import { Empty, Failure, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { language, t } from '../i18n';
import { date_time } from '../lib/format';
import type { AuditEntry } from '../types';
import { use_data } from '../use_data';

const page_size = 100;

export function AdminAudit() {
  const newest = use_data('audit', () =>
    api.system.audit(undefined, page_size),
  );
  const [older, set_older] = useState<AuditEntry[]>([]);
  const [at_end, set_at_end] = useState(false);
  const [error, set_error] = useState<ApiError>();
  const all = newest.data && [...newest.data, ...older];
  const more = async () => {
    const last = all?.at(-1);
    if (!last) return;
    set_error(undefined);
    try {
      const page = await api.system.audit(last.id, page_size);
      set_older((before) => [...before, ...page]);
      set_at_end(page.length < page_size);
    } catch (reason) {
      if (reason instanceof ApiError) set_error(reason);
    }
  };
  return (
    <Panel title={t('admin.audit')} flush>
      <Listing
        of={{ ...newest, data: all }}
        rows={8}
        empty={<Empty icon="file" title={t('audit.none')} />}
      >
        {(entries) => (
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{t('audit.time')}</th>
                <th scope="col">{t('audit.actor')}</th>
                <th scope="col">{t('audit.action')}</th>
                <th scope="col">{t('audit.subject')}</th>
                <th scope="col">{t('audit.detail')}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={entry.id}>
                  <td class="num nowrap">
                    {date_time(entry.time, language())}
                  </td>
                  <td>{entry.actor}</td>
                  <td>
                    <code>{entry.action}</code>
                  </td>
                  <td>{entry.subject}</td>
                  <td class="faint">{entry.detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Listing>
      {error && <Failure error={error} />}
      {!at_end && (newest.data?.length ?? 0) >= page_size && (
        <button type="button" class="button more" onClick={more}>
          {t('action.show_more')}
        </button>
      )}
    </Panel>
  );
}
