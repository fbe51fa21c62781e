import { Empty } from '../components/notice';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { short_id } from '../lib/format';
import { to } from '../router';
import type { RetentionPreview } from '../types';

const most_shown = 500;

// The tags and images that go, of all repositories.
function going(preview: RetentionPreview) {
  return preview.repositories.flatMap(({ name, tags, manifests }) =>
    [...tags, ...manifests]
      .filter((verdict) => !verdict.stays)
      .map((verdict) => ({ ...verdict, repository: name })),
  );
}

// What the rules on the form would remove, saved or not.
export function PreviewTable(props: {
  project: string;
  preview: RetentionPreview;
}) {
  const { project, preview } = props;
  const all = going(preview);
  return (
    <div class="preview" role="status">
      <Panel
        title={t('policy.preview_title')}
        flush
        actions={
          <span class="faint">
            {t('policy.preview_count', {
              tags: preview.removed_tags,
              images: preview.removed_manifests,
            })}
          </span>
        }
      >
        {!all.length && <Empty icon="ok" title={t('policy.preview_none')} />}
        {!!all.length && (
          <Table
            head={[
              t('images.image'),
              t('images.pushed'),
              t('storage.why'),
            ]}
          >
            {all.slice(0, most_shown).map((one) => {
              const reference = one.name ?? one.digest;
              return (
                <tr key={`${one.repository} ${reference}`}>
                  <td>
                    <a href={to.image(project, one.repository, reference)}>
                      {one.repository}
                      {one.name ? `:${one.name}` : `@${short_id(one.digest)}`}
                    </a>
                  </td>
                  <td class="nowrap">
                    <Ago time={one.pushed} />
                  </td>
                  <td>{one.reason}</td>
                </tr>
              );
            })}
          </Table>
        )}
        {all.length > most_shown && (
          <p class="panel-body hint">
            {t('policy.preview_more', { count: most_shown })}
          </p>
        )}
      </Panel>
    </div>
  );
}
