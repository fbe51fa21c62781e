import { useState } from 'preact/hooks';
import * as api from '../api';
import { CopyLine } from '../components/copy';
import { SearchField } from '../components/forms';
import { Icon } from '../components/icons';
import { Meter, tone_of_share } from '../components/meter';
import { Empty, Failure, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { size } from '../lib/format';
import { to } from '../router';
import type { ImageRepository } from '../types';
import { use_data } from '../use_data';
import { DeletedImages } from './image_deleted';
import { DeleteRepository } from './image_dialogs';
import { ImageNodes } from './image_nodes';
import { ImagePolicyForm } from './image_policy';

function Views(props: { project: string; current: string }) {
  const views = [
    ['', t('images.view_repositories')],
    ['deleted', t('images.view_deleted')],
    ['policy', t('images.view_policy')],
    ['nodes', t('images.view_nodes')],
  ] as const;
  const path = to.project(props.project, 'images');
  return (
    <nav class="segments" aria-label={t('images.views')}>
      {views.map(([name, text]) => (
        <a
          key={name}
          href={name ? `${path}?view=${name}` : path}
          aria-current={name === props.current ? 'page' : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}

function Usage(props: { project: string }) {
  const { data, error, reload } = use_data(
    `usage-${props.project}`,
    () => api.images.usage(props.project),
    { topics: ['ImagePushed'], subject: `${props.project}/` },
  );
  if (error) return <Failure error={error} retry={reload} />;
  const { used_bytes = 0, quota_bytes = null } = data ?? {};
  const share = quota_bytes === null ? 0 : used_bytes / quota_bytes;
  return (
    <p class="usage">
      {!data && <span class="faint">{t('state.loading')}</span>}
      {data && quota_bytes === null && (
        <span>{t('images.used', { used: size(used_bytes) })}</span>
      )}
      {data && quota_bytes !== null && (
        <>
          <span>
            {t('images.used_of', {
              used: size(used_bytes),
              quota: size(quota_bytes),
            })}
          </span>
          <Meter share={share} tone={tone_of_share(share)} />
        </>
      )}
    </p>
  );
}

function RepositoryRow(props: {
  project: string;
  image: ImageRepository;
  reload: () => void;
}) {
  const { project, image, reload } = props;
  const [deleting, set_deleting] = useState(false);
  return (
    <tr>
      <td>
        <a class="row-link" href={to.image(project, image.name)}>
          {image.name}
        </a>
      </td>
      <td class="num">{image.tags}</td>
      <td class="num nowrap">{size(image.size_bytes)}</td>
      <td class="nowrap">
        <Ago time={image.updated} />
      </td>
      <td class="col-actions">
        <button
          type="button"
          class="button icon-only small"
          aria-label={t('images.delete_named', { name: image.name })}
          title={t('action.delete')}
          onClick={() => set_deleting(true)}
        >
          <Icon name="trash" />
        </button>
        {deleting && (
          <DeleteRepository
            project={project}
            image={image}
            close={() => set_deleting(false)}
            done={reload}
          />
        )}
      </td>
    </tr>
  );
}

function RepositoryTable(props: {
  project: string;
  images: ImageRepository[];
  reload: () => void;
}) {
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">{t('images.repository')}</th>
          <th scope="col">{t('images.tags_title')}</th>
          <th scope="col">{t('artifacts.size')}</th>
          <th scope="col">{t('images.pushed')}</th>
          <th scope="col">
            <span class="sr-only">{t('action.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.images.map((image) => (
          <RepositoryRow key={image.name} {...props} image={image} />
        ))}
      </tbody>
    </table>
  );
}

function Repositories(props: { project: string }) {
  const { project } = props;
  const [text, set_text] = useState('');
  const images = use_data(
    `images-${project}`,
    () => api.images.list(project),
    {
      topics: ['ImagePushed', 'TagDeleted', 'ManifestDeleted'],
      subject: `${project}/`,
    },
  );
  const data = images.data?.filter((image) =>
    image.name.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <>
      <div class="filters" role="search">
        <SearchField
          label={t('images.search')}
          value={text}
          change={set_text}
        />
        <Usage project={project} />
      </div>
      <Panel flush>
        <Listing
          of={{ ...images, data }}
          empty={
            text ? (
              <Empty icon="layers" title={t('images.none_fit')} />
            ) : (
              <Empty icon="layers" title={t('images.none')}>
                <p>{t('images.none_hint')}</p>
                <CopyLine
                  text={`docker push ${location.host}/${project}/NAME:TAG`}
                />
              </Empty>
            )
          }
        >
          {(items) => (
            <RepositoryTable
              project={project}
              images={items}
              reload={images.reload}
            />
          )}
        </Listing>
      </Panel>
    </>
  );
}

export function ProjectImages(props: {
  project: string;
  query: URLSearchParams;
}) {
  const { project, query } = props;
  const view = query.get('view') ?? '';
  return (
    <>
      <div class="views">
        <Views project={project} current={view} />
      </div>
      {view === '' && <Repositories project={project} />}
      {view === 'deleted' && <DeletedImages project={project} />}
      {view === 'policy' && <ImagePolicyForm project={project} />}
      {view === 'nodes' && <ImageNodes project={project} />}
    </>
  );
}
