import * as api from '../api';
import { MoreButton } from '../components/buttons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { language, t } from '../i18n';
import { date_time } from '../lib/format';
import { use_data } from '../use_data';
import { use_pages } from '../use_pages';

const page_size = 100;

export function AdminAudit() {
  const newest = use_data('audit', () =>
    api.system.audit(undefined, page_size),
  );
  const { list, has_more, busy, more } = use_pages(newest, page_size, (last) =>
    api.system.audit(last.id, page_size),
  );
  return (
    <Panel title={t('admin.audit')} flush>
      <Listing
        of={list}
        rows={8}
        empty={<Empty icon="file" title={t('audit.none')} />}
      >
        {(entries) => (
          <Table
            head={[
              t('audit.time'),
              t('audit.actor'),
              t('audit.action'),
              t('audit.subject'),
              t('audit.detail'),
            ]}
          >
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
          </Table>
        )}
      </Listing>
      {has_more && <MoreButton busy={busy} more={more} />}
    </Panel>
  );
}
