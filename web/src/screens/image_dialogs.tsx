// Deletions of images: each says what it frees and until when it can be
// undone.

import { useState } from 'preact/hooks';
import * as api from '../api';
import { ConfirmDelete } from '../components/confirm_delete';
import { Choice } from '../components/forms';
import { Failure, Loading } from '../components/notice';
import { language, t } from '../i18n';
import { date_time, short_id, size } from '../lib/format';
import { is_digest } from '../lib/images';
import type { ImageManifest } from '../types';
import { use_data } from '../use_data';

export function undo_sentence(undo_ms: number) {
  if (undo_ms <= 0) return t('action.no_undo');
  const time = date_time(Date.now() + undo_ms, language());
  return t('images.undo_until', { time });
}

function Consequences(props: { manifest: ImageManifest; whole: boolean }) {
  const { manifest, whole } = props;
  return (
    <>
      <p>
        {whole
          ? t('images.frees', { size: size(manifest.frees_bytes) })
          : t('images.frees_nothing', { digest: short_id(manifest.digest) })}
      </p>
      <p>{undo_sentence(manifest.undo_ms)}</p>
    </>
  );
}

export function DeleteImage(props: {
  image: api.ImageKey;
  close: () => void;
  done: () => void;
}) {
  const { image, close, done } = props;
  const { reference, repository } = image;
  const tagged = !is_digest(reference);
  const { data, error, reload } = use_data(
    `deleting-${repository}-${reference}`,
    () => api.images.manifest(image),
  );
  const [chosen, set_chosen] = useState('');
  const others = data?.tags.filter((tag) => tag !== reference) ?? [];
  const what = chosen || (tagged && others.length ? 'tag' : 'image');
  const whole = what === 'image';
  const remove = async () => {
    if (!data) return;
    const target = whole ? data.digest : reference;
    await api.images.remove({ ...image, reference: target });
  };
  return (
    <ConfirmDelete
      name={`${repository}${tagged ? ':' : '@'}${short_id(reference)}`}
      disabled={!data}
      close={close}
      remove={remove}
      done={done}
    >
      {error && <Failure error={error} retry={reload} />}
      {!data && !error && <Loading rows={3} />}
      {data && tagged && (
        <Choice
          label={t('images.delete_what')}
          value={what}
          options={[
            ['tag', t('images.delete_tag', { tag: reference })],
            ['image', t('images.delete_whole', { tags: data.tags.join(', ') })],
          ]}
          change={set_chosen}
        />
      )}
      {data && !tagged && !!data.tags.length && (
        <p>{t('images.delete_whole', { tags: data.tags.join(', ') })}</p>
      )}
      {data && <Consequences manifest={data} whole={whole} />}
    </ConfirmDelete>
  );
}

export function DeleteRepository(props: {
  project: string;
  repository: string;
  close: () => void;
  done: () => void;
}) {
  const { project, repository, close, done } = props;
  const { data, error, reload } = use_data(`deleting-${repository}`, () =>
    api.images.list(project),
  );
  const found = data?.find(({ name }) => name === repository);
  return (
    <ConfirmDelete
      name={repository}
      disabled={!data}
      close={close}
      remove={() => api.images.remove_repository(project, repository)}
      done={done}
    >
      {error && <Failure error={error} retry={reload} />}
      {!data && !error && <Loading rows={2} />}
      {found && (
        <p>
          {t('images.delete_repository', {
            tags: found.tags,
            size: size(found.size_bytes),
          })}
        </p>
      )}
      <p>{t('images.undo_listed')}</p>
    </ConfirmDelete>
  );
}
