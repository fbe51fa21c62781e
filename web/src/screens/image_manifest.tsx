import { useState } from 'preact/hooks';
import * as api from '../api';
import { DeleteButton } from '../components/buttons';
import { Copy, CopyLine } from '../components/copy';
import { Fact, Facts } from '../components/facts';
import { Failure, Loading } from '../components/notice';
import { Page, Panel } from '../components/page';
import { Segments } from '../components/segments';
import { Table } from '../components/table';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { short_id, size } from '../lib/format';
import { full_name, is_digest, kind_of, pull_commands } from '../lib/images';
import { go, to } from '../router';
import type { ImageManifest } from '../types';
import { use_data } from '../use_data';
import { DeleteImage } from './image_dialogs';
import { ImageConfiguration, Pairs } from './image_config';
import { ImageLayers } from './image_layers';
import { ImageReferrers } from './image_referrers';
import { ImageSignatures } from './image_signatures';

interface Shown {
  image: api.ImageKey;
  manifest: ImageManifest;
}

const kind_words = {
  image: () => t('images.kind_image'),
  index: () => t('images.kind_index'),
  chart: () => t('images.kind_chart'),
  artifact: () => t('images.kind_artifact'),
};

function Summary(props: Shown) {
  const { image, manifest } = props;
  const { project, repository } = image;
  const { config } = manifest;
  const created = config?.created ? Date.parse(config.created) : NaN;
  return (
    <Facts>
      <Fact
        name={t('images.kind')}
        title={manifest.artifact_type || manifest.media_type}
      >
        {kind_words[kind_of(manifest)]()}
      </Fact>
      {config?.platform && (
        <Fact name={t('images.platform')}>{config.platform}</Fact>
      )}
      <Fact name={t('artifacts.size')} class="num">
        {size(manifest.size_bytes)}
      </Fact>
      <Fact name={t('images.pushed')}>
        <Ago time={manifest.pushed} />
      </Fact>
      {created > 0 && (
        <Fact name={t('images.created')}>
          <Ago time={created} />
        </Fact>
      )}
      <Fact name={t('images.tags_title')} class="chips">
        {manifest.tags.map((tag) => (
          <a key={tag} class="chip" href={to.image(project, repository, tag)}>
            {tag}
          </a>
        ))}
        {!manifest.tags.length && (
          <span class="faint">{t('images.untagged')}</span>
        )}
      </Fact>
      {manifest.subject && (
        <Fact name={t('images.subject')}>
          <a href={to.image(project, repository, manifest.subject)}>
            <code>{short_id(manifest.subject)}</code>
          </a>
        </Fact>
      )}
    </Facts>
  );
}

function Commands(props: Shown) {
  const { image, manifest } = props;
  const { project, repository, reference } = image;
  const [exact, set_exact] = useState(is_digest(reference));
  const ref = exact ? manifest.digest : reference;
  const commands = pull_commands(
    location.origin,
    full_name(project, repository, ref),
    kind_of(manifest),
  );
  return (
    <Panel
      title={t('images.pull')}
      actions={
        !is_digest(reference) && (
          <Segments
            label={t('images.pull_by')}
            options={[
              ['tag', t('images.tag')],
              ['digest', t('artifacts.digest')],
            ]}
            current={exact ? 'digest' : 'tag'}
            choose={(by) => set_exact(by === 'digest')}
          />
        )
      }
    >
      <dl class="commands">
        {commands.map(({ tool, command }) => (
          <div key={tool}>
            <dt>{tool}</dt>
            <dd>
              <CopyLine
                text={command}
                label={t('images.copy_command', { command: tool })}
              />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Children(props: Shown) {
  const { image, manifest } = props;
  if (!manifest.manifests.length) return null;
  return (
    <Panel title={t('images.children')} flush>
      <Table
        head={[
          t('images.platform'),
          t('artifacts.digest'),
          t('images.manifest_size'),
        ]}
      >
        {manifest.manifests.map((child) => (
          <tr key={child.digest}>
            <td>
              <a
                class="row-link"
                href={to.image(image.project, image.repository, child.digest)}
              >
                {child.platform || t('images.no_platform')}
              </a>{' '}
              <span class="faint">
                {child.annotations['vnd.docker.reference.type']}
              </span>
            </td>
            <td class="nowrap">
              <code title={child.digest}>{short_id(child.digest)}</code>
              <Copy text={child.digest} />
            </td>
            <td class="num nowrap">{size(child.size_bytes)}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function Body(props: Shown) {
  const { image, manifest } = props;
  return (
    <>
      <Summary {...props} />
      <Commands {...props} />
      <Children {...props} />
      <ImageLayers layers={manifest.layers} />
      <ImageSignatures signatures={manifest.signatures} />
      <ImageReferrers image={image} referrers={manifest.referrers} />
      {manifest.config && <ImageConfiguration config={manifest.config} />}
      <Pairs title={t('images.annotations')} pairs={manifest.annotations} />
    </>
  );
}

export function ImageManifestPage(props: { image: api.ImageKey }) {
  const { image } = props;
  const { project, repository, reference } = image;
  const loaded = use_data(
    `manifest-${project}/${repository}-${reference}`,
    () => api.images.manifest(image),
    { topics: ['ImagePushed'], subject: `${project}/${repository}` },
  );
  const { data, error, reload } = loaded;
  return (
    <Page
      title={is_digest(reference) ? short_id(reference) : reference}
      crumbs={[
        { text: t('nav.projects'), to: to.projects },
        { text: project, to: to.project(project) },
        { text: t('project.images'), to: to.project(project, 'images') },
        { text: repository, to: to.image(project, repository) },
      ]}
      lead={
        <p class="facts command-room">
          {data && <CopyLine text={data.digest} />}
        </p>
      }
      actions={
        data && (
          <DeleteButton
            dialog={(close) => (
              <DeleteImage
                image={image}
                close={close}
                done={() => go(to.image(project, repository))}
              />
            )}
          />
        )
      }
    >
      {error && <Failure error={error} retry={reload} />}
      {!data && !error && <Loading rows={8} />}
      {data && <Body image={image} manifest={data} />}
    </Page>
  );
}
