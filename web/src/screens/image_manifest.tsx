import { useState } from 'preact/hooks';
import * as api from '../api';
import { Copy, CopyLine } from '../components/copy';
import { Icon } from '../components/icons';
import { Failure, Loading } from '../components/notice';
import { Page, Panel } from '../components/page';
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

function Facts(props: Shown) {
  const { image, manifest } = props;
  const { project, repository } = image;
  const { config } = manifest;
  const created = config?.created ? Date.parse(config.created) : NaN;
  return (
    <dl class="summary">
      <div>
        <dt>{t('images.kind')}</dt>
        <dd title={manifest.artifact_type || manifest.media_type}>
          {kind_words[kind_of(manifest)]()}
        </dd>
      </div>
      {config?.platform && (
        <div>
          <dt>{t('images.platform')}</dt>
          <dd>{config.platform}</dd>
        </div>
      )}
      <div>
        <dt>{t('artifacts.size')}</dt>
        <dd class="num">{size(manifest.size_bytes)}</dd>
      </div>
      <div>
        <dt>{t('images.pushed')}</dt>
        <dd>
          <Ago time={manifest.pushed} />
        </dd>
      </div>
      {created > 0 && (
        <div>
          <dt>{t('images.created')}</dt>
          <dd>
            <Ago time={created} />
          </dd>
        </div>
      )}
      <div>
        <dt>{t('images.tags_title')}</dt>
        <dd class="chips">
          {manifest.tags.map((tag) => (
            <a key={tag} class="chip" href={to.image(project, repository, tag)}>
              {tag}
            </a>
          ))}
          {!manifest.tags.length && (
            <span class="faint">{t('images.untagged')}</span>
          )}
        </dd>
      </div>
      {manifest.subject && (
        <div>
          <dt>{t('images.subject')}</dt>
          <dd>
            <a href={to.image(project, repository, manifest.subject)}>
              <code>{short_id(manifest.subject)}</code>
            </a>
          </dd>
        </div>
      )}
    </dl>
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
          <div class="segments" role="group" aria-label={t('images.pull_by')}>
            {[false, true].map((by_digest) => (
              <button
                key={String(by_digest)}
                type="button"
                aria-pressed={exact === by_digest}
                onClick={() => set_exact(by_digest)}
              >
                {by_digest ? t('artifacts.digest') : t('images.tag')}
              </button>
            ))}
          </div>
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
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('images.platform')}</th>
            <th scope="col">{t('artifacts.digest')}</th>
            <th scope="col">{t('images.manifest_size')}</th>
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </Panel>
  );
}

function Body(props: Shown) {
  const { image, manifest } = props;
  return (
    <>
      <Facts {...props} />
      <Commands {...props} />
      <Children {...props} />
      <ImageLayers layers={manifest.layers} />
      <ImageReferrers image={image} referrers={manifest.referrers} />
      {manifest.config && <ImageConfiguration config={manifest.config} />}
      <Pairs title={t('images.annotations')} pairs={manifest.annotations} />
    </>
  );
}

function DeleteButton(props: { image: api.ImageKey }) {
  const { project, repository } = props.image;
  const [open, set_open] = useState(false);
  return (
    <>
      <button type="button" class="button" onClick={() => set_open(true)}>
        <Icon name="trash" /> {t('action.delete')}
      </button>
      {open && (
        <DeleteImage
          image={props.image}
          close={() => set_open(false)}
          done={() => go(to.image(project, repository))}
        />
      )}
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
      actions={data && <DeleteButton image={image} />}
    >
      {error && <Failure error={error} retry={reload} />}
      {!data && !error && <Loading rows={8} />}
      {data && <Body image={image} manifest={data} />}
    </Page>
  );
}
