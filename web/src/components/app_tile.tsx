import { t } from '../i18n';
import { short_id } from '../lib/format';
import { to } from '../router';
import type { Application } from '../types';
import { Status, tone_of } from './status';
import { Ago } from './time';

export function source_text(app: Application): string {
  const source = app.spec.source ?? app.spec.sources?.[0];
  if (!source) return '';
  const name = source.chart ?? source.path ?? '';
  const place = (source.repoURL ?? '').replace(/^[a-z+]+:\/\//, '');
  return name && name !== '.' ? `${place} · ${name}` : place;
}

export function AppTile(props: { app: Application }) {
  const { app } = props;
  const { status } = app;
  const tone = tone_of(status.health);
  return (
    <li class={`tile edge-${tone === 'ok' ? tone_of(status.sync) : tone}`}>
      <a class="tile-name" href={to.application(app.project, app.name)}>
        {app.name}
      </a>
      <span class="tile-project">{app.project}</span>
      <div class="tile-states">
        <Status name={status.health} prefix={t('applications.health')} />
        <Status name={status.sync} prefix={t('applications.sync')} />
      </div>
      <p class="tile-source" title={source_text(app)}>
        {source_text(app)}
      </p>
      <p class="tile-foot">
        <code>{short_id(status.revision || '–')}</code>
        <span>
          <Ago time={status.operation?.finished ?? status.last_reconciled} />
        </span>
      </p>
    </li>
  );
}
