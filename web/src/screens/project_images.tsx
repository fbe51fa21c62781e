import { useState } from 'preact/hooks';
import * as api from '../api';
import { Copy, CopyLine } from '../components/copy';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Panel } from '../components/page';
import { Ago } from '../components/time';
import { t } from '../i18n';
import { short_id, size } from '../lib/format';
import type { ImageRepository } from '../types';
import { use_data } from '../use_data';

function Tags(props: { project: string; repository: string }) {
  const { project, repository } = props;
  const tags = use_data(
    `tags-${repository}`,
    () => api.projects.image_tags(project, repository),
    { topics: ['ImagePushed'] },
  );
  return (
    <Listing of={tags} rows={2} empty={<p class="hint">{t('images.no_tags')}</p>}>
      {(items) => (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('images.tag')}</th>
              <th scope="col">{t('artifacts.digest')}</th>
              <th scope="col">{t('artifacts.size')}</th>
              <th scope="col">{t('images.pushed')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((tag) => (
              <tr key={tag.name}>
                <td>
                  <code>{tag.name}</code>
                </td>
                <td>
                  <code title={tag.digest}>{short_id(tag.digest)}</code>
                  <Copy text={tag.digest} />
                </td>
                <td class="num">{size(tag.size_bytes)}</td>
                <td>
                  <Ago time={tag.pushed} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Listing>
  );
}

// Charts that were pushed as OCI artifacts lie below charts/.
function pull_command(full: string) {
  return full.split('/')[1] === 'charts'
    ? `helm pull oci://${location.host}/${full}`
    : `docker pull ${location.host}/${full}`;
}

function Repository(props: { project: string; image: ImageRepository }) {
  const { project, image } = props;
  const [open, set_open] = useState(false);
  // Listed by its full name ("demo/hello") or by the part in the project.
  const full = image.name.startsWith(`${project}/`)
    ? image.name
    : `${project}/${image.name}`;
  const count = typeof image.tags === 'number' ? image.tags : image.tags.length;
  return (
    <li class="fold">
      <div class="fold-head">
        <button
          type="button"
          class="disclose"
          aria-expanded={open}
          onClick={() => set_open(!open)}
        >
          <Icon name={open ? 'down' : 'right'} />
          <span>{image.name}</span>
        </button>
        <span class="faint">
          {t('images.tags', { count })} · {size(image.size_bytes)} ·{' '}
          <Ago time={image.updated} />
        </span>
      </div>
      {open && (
        <div class="fold-body">
          <CopyLine text={pull_command(full)} />
          <Tags project={project} repository={image.name} />
        </div>
      )}
    </li>
  );
}

export function ProjectImages(props: { project: string }) {
  const { project } = props;
  const images = use_data(
    `images-${project}`,
    () => api.projects.images(project),
    { topics: ['ImagePushed'], subject: `${project}/` },
  );
  return (
    <Panel flush>
      <Listing
        of={images}
        empty={
          <Empty icon="layers" title={t('images.none')}>
            <p>{t('images.none_hint')}</p>
            <CopyLine text={`docker push ${location.host}/${project}/NAME:TAG`} />
          </Empty>
        }
      >
        {(items) => (
          <ul class="rows">
            {items.map((image) => (
              <Repository key={image.name} project={project} image={image} />
            ))}
          </ul>
        )}
      </Listing>
    </Panel>
  );
}
