import * as api from '../api';
import { IconButton, MoreButton, Opens } from '../components/buttons';
import { FormDialog } from '../components/dialog';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Table } from '../components/table';
import { Ago } from '../components/time';
import { toast, use_action } from '../components/toast';
import { language, t } from '../i18n';
import { date_time, short_id, size } from '../lib/format';
import type { DeletedImage } from '../types';
import { use_data } from '../use_data';
import { use_pages } from '../use_pages';

const page = 50; // as api.images.deleted asks for

function name_of(image: DeletedImage, with_repository: boolean) {
  const tags = image.tag === null ? image.tags.join(', ') : image.tag;
  const name = tags ? `:${tags}` : `@${short_id(image.digest)}`;
  return with_repository ? image.repository + name : name.slice(1);
}

function Purge(props: {
  project: string;
  image: DeletedImage;
  close: () => void;
  done: () => void;
}) {
  const { project, image, close, done } = props;
  return (
    <FormDialog
      danger
      title={t('images.purge_title', { name: name_of(image, true) })}
      action={t('images.purge')}
      close={close}
      submit={() => api.images.purge(project, image.id)}
      done={done}
    >
      <p>{t('images.purge_hint')}</p>
    </FormDialog>
  );
}

function DeletedRow(props: {
  project: string;
  image: DeletedImage;
  with_repository: boolean;
  reload: () => void;
}) {
  const { project, image, with_repository, reload } = props;
  const { busy, act } = use_action();
  const restore = () =>
    act(async () => {
      const { skipped_tags } = await api.images.restore(project, image.id);
      const tags = skipped_tags.join(', ');
      if (tags) toast('bad', t('images.restored_without', { tags }));
      else toast('ok', t('images.restored', { name: name_of(image, true) }));
      reload();
    });
  return (
    <tr>
      <td>
        <strong>{name_of(image, with_repository)}</strong>{' '}
        <span class="chip">
          {image.tag === null ? t('images.whole') : t('images.tag_only')}
        </span>
        <p class="faint">
          <code title={image.digest}>{short_id(image.digest)}</code>
        </p>
      </td>
      <td class="num nowrap">{size(image.size_bytes)}</td>
      <td>
        <span class="nowrap">
          <Ago time={image.deleted} />
        </span>{' '}
        <span class="faint">{image.deleted_by}</span>
      </td>
      <td>{date_time(image.purged, language())}</td>
      <td class="col-actions">
        <button
          type="button"
          class="button small"
          disabled={busy}
          onClick={restore}
        >
          <Icon name="back" /> {t('images.restore')}
        </button>{' '}
        <Opens
          button={(open) => (
            <IconButton icon="trash" label={t('images.purge')} press={open} />
          )}
          dialog={(close) => (
            <Purge
              project={project}
              image={image}
              close={close}
              done={reload}
            />
          )}
        />
      </td>
    </tr>
  );
}

// What can be brought back, of a project or of one of its repositories.
export function DeletedImages(props: { project: string; repository?: string }) {
  const { project, repository } = props;
  const deleted = use_data(
    `deleted-${project}-${repository ?? ''}`,
    () => api.images.deleted(project, repository),
    {
      topics: ['TagDeleted', 'ManifestDeleted', 'ImagePushed'],
      subject: `${project}/`,
    },
  );
  const { list, has_more, busy, more } = use_pages(deleted, page, (last) =>
    api.images.deleted(project, repository, last.id),
  );
  if (repository !== undefined && !list.data?.length && !list.error) {
    return null;
  }
  return (
    <Panel title={t('images.deleted')} flush>
      <Listing
        of={list}
        empty={
          <Empty icon="trash" title={t('images.deleted_none')}>
            {t('images.deleted_hint')}
          </Empty>
        }
      >
        {(items) => (
          <Table
            actions
            head={[
              t('images.image'),
              t('artifacts.size'),
              t('images.deleted_when'),
              t('images.purged'),
            ]}
          >
            {items.map((image) => (
              <DeletedRow
                key={image.id}
                project={project}
                image={image}
                with_repository={repository === undefined}
                reload={deleted.reload}
              />
            ))}
          </Table>
        )}
      </Listing>
      {has_more && <MoreButton busy={busy} more={more} />}
    </Panel>
  );
}
