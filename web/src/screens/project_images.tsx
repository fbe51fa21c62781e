import { useState } from 'preact/hooks';
import * as api from '../api';
import { DeleteButton } from '../components/buttons';
import { CopyLine } from '../components/copy';
import { SearchField } from '../components/forms';
import { Meter, tone_of_share } from '../components/meter';
import { Empty, Failure, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { LinkSegments } from '../components/segments';
import { Table } from '../components/table';
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
import { ImageUpstream } from './image_upstream';
import { Webhooks } from './webhooks';

function Views(props: { project: string; current: string }) {
  const path = to.project(props.project, 'images');
  return (
    <div class="views">
      <LinkSegments
        label={t('images.views')}
        options={[
          ['', t('images.view_repositories')],
          ['deleted', t('images.view_deleted')],
          ['policy', t('images.view_policy')],
          ['upstream', t('images.view_upstream')],
          ['nodes', t('images.view_nodes')],
          ['webhooks', t('images.view_webhooks')],
        ]}
        current={props.current}
        to={(name) => (name ? `${path}?view=${name}` : path)}
      />
    </div>
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
        <DeleteButton
          name={image.name}
          dialog={(close) => (
            <DeleteRepository
              project={project}
              repository={image.name}
              close={close}
              done={reload}
            />
          )}
        />
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
    <Table
      actions
      head={[
        t('images.repository'),
        t('images.tags_title'),
        t('artifacts.size'),
        t('images.pushed'),
      ]}
    >
      {props.images.map((image) => (
        <RepositoryRow key={image.name} {...props} image={image} />
      ))}
    </Table>
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
      <Views project={project} current={view} />
      {view === '' && <Repositories project={project} />}
      {view === 'deleted' && <DeletedImages project={project} />}
      {view === 'policy' && <ImagePolicyForm project={project} />}
      {view === 'upstream' && <ImageUpstream project={project} />}
      {view === 'nodes' && <ImageNodes project={project} />}
      {view === 'webhooks' && <Webhooks project={project} />}
    </>
  );
}
