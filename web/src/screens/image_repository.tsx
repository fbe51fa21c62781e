import * as api from '../api';
import { DeleteButton } from '../components/buttons';
import { Copy, CopyLine } from '../components/copy';
import { SearchField } from '../components/forms';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Page, Panel } from '../components/page';
import { Table } from '../components/table';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { short_id, size } from '../lib/format';
import { full_name, kind_of, pull_commands } from '../lib/images';
import { go, set_query, to } from '../router';
import type { ImageTag } from '../types';
import { use_data } from '../use_data';
import { DeletedImages } from './image_deleted';
import { DeleteImage, DeleteRepository } from './image_dialogs';

interface Place {
  project: string;
  repository: string;
}

function pull_command(place: Place, tag: ImageTag, reference: string) {
  const name = full_name(place.project, place.repository, reference);
  return pull_commands(location.origin, name, kind_of(tag))[0]!.command;
}

// By whom, as far as the project's policy knows the keys.
function Signed(props: { tag: ImageTag }) {
  const { signed, signed_by } = props.tag;
  if (!signed) return null;
  const names = signed_by?.join(', ');
  return (
    <span class={names ? 'chip tone-ok' : 'chip'}>
      <Icon name="key" />{' '}
      {names
        ? t('images.signed_by', { names })
        : t(signed_by ? 'images.signed_unknown' : 'images.signed')}
    </span>
  );
}

function TagName(props: { place: Place; tag: ImageTag }) {
  const { project, repository } = props.place;
  const { tag } = props;
  const kind = kind_of(tag);
  return (
    <>
      <a class="row-link" href={to.image(project, repository, tag.name)}>
        {tag.name}
      </a>{' '}
      <Signed tag={tag} />{' '}
      {kind === 'chart' && <span class="chip">{t('images.kind_chart')}</span>}
      {kind === 'artifact' && (
        <span class="chip" title={tag.artifact_type}>
          {t('images.kind_artifact')}
        </span>
      )}
    </>
  );
}

function Pulls(props: { tag: ImageTag }) {
  const { pulls, last_pulled } = props.tag;
  return (
    <>
      <span class="num">{pulls}</span>
      {!!last_pulled && (
        <span class="faint">
          {' · '}
          <Ago time={last_pulled} />
        </span>
      )}
    </>
  );
}

function TagRow(props: { place: Place; tag: ImageTag; reload: () => void }) {
  const { place, tag, reload } = props;
  const by_tag = pull_command(place, tag, tag.name);
  const by_digest = pull_command(place, tag, tag.digest);
  return (
    <tr>
      <td>
        <TagName place={place} tag={tag} />
      </td>
      <td>
        <span class="chips">
          {tag.platforms.map((platform) => (
            <span key={platform} class="chip">
              {platform}
            </span>
          ))}
        </span>
      </td>
      <td class="num nowrap">{size(tag.size_bytes)}</td>
      <td class="nowrap">
        <Ago time={tag.pushed} />
      </td>
      <td class="nowrap">
        <Pulls tag={tag} />
      </td>
      <td class="nowrap">
        <code title={tag.digest}>{short_id(tag.digest)}</code>
        <Copy
          text={by_digest}
          label={t('images.copy_command', { command: by_digest })}
        />
      </td>
      <td class="col-actions">
        <Copy
          text={by_tag}
          label={t('images.copy_command', { command: by_tag })}
        />
        <DeleteButton
          name={tag.name}
          dialog={(close) => (
            <DeleteImage
              image={{ ...place, reference: tag.name }}
              close={close}
              done={reload}
            />
          )}
        />
      </td>
    </tr>
  );
}

function TagTable(props: {
  place: Place;
  tags: ImageTag[];
  reload: () => void;
}) {
  return (
    <Table
      actions
      head={[
        t('images.tag'),
        t('images.platforms'),
        t('artifacts.size'),
        t('images.pushed'),
        t('images.pulls'),
        t('artifacts.digest'),
      ]}
    >
      {props.tags.map((tag) => (
        <TagRow key={tag.name} {...props} tag={tag} />
      ))}
    </Table>
  );
}

function fits(tag: ImageTag, text: string) {
  return [tag.name, tag.digest, ...tag.platforms]
    .join(' ')
    .toLowerCase()
    .includes(text.toLowerCase());
}

export function ImageRepositoryPage(props: Place & { query: URLSearchParams }) {
  const { project, repository, query } = props;
  const tags = use_data(
    `tags-${project}/${repository}`,
    () => api.images.tags(project, repository),
    {
      topics: ['ImagePushed', 'TagDeleted', 'ManifestDeleted'],
      subject: `${project}/${repository}`,
    },
  );
  const text = query.get('q') ?? '';
  const data = tags.data
    ?.filter((tag) => fits(tag, text))
    .sort((a, b) => b.pushed - a.pushed);
  const newest = tags.data?.length
    ? tags.data.reduce((a, b) => (b.pushed > a.pushed ? b : a))
    : undefined;
  return (
    <Page
      title={repository}
      crumbs={[
        { text: t('nav.projects'), to: to.projects },
        { text: project, to: to.project(project) },
        { text: t('project.images'), to: to.project(project, 'images') },
      ]}
      actions={
        <DeleteButton
          dialog={(close) => (
            <DeleteRepository
              project={project}
              repository={repository}
              close={close}
              done={() => go(to.project(project, 'images'))}
            />
          )}
        />
      }
      lead={
        <p class="facts command-room">
          {newest && (
            <CopyLine text={pull_command(props, newest, newest.name)} />
          )}
        </p>
      }
    >
      <div class="filters" role="search">
        <SearchField
          label={t('images.search_tags')}
          value={text}
          change={(q) => set_query({ q })}
        />
      </div>
      <Panel flush>
        <Listing
          of={{ ...tags, data }}
          rows={5}
          empty={
            <Empty
              icon="layers"
              title={t(text ? 'images.no_tags_fit' : 'images.no_tags')}
            />
          }
        >
          {(items) => (
            <TagTable
              place={{ project, repository }}
              tags={items}
              reload={tags.reload}
            />
          )}
        </Listing>
      </Panel>
      <DeletedImages project={project} repository={repository} />
    </Page>
  );
}
