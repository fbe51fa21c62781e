import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { t } from '../i18n';
import { change_count, diff_rows, manifest_text } from '../lib/diff';
import { resource_id } from '../lib/resources';
import { to } from '../router';
import type { Application, ResourceDiff } from '../types';
import { use_data } from '../use_data';

const signs = { same: ' ', added: '+', removed: '−', hunk: '' };

function Unified(props: { text: string }) {
  return (
    <div class="diff" role="table" tabIndex={0} aria-label={t('diff.changes')}>
      {diff_rows(props.text).map((row, index) => (
        <div key={index} role="row" class={`diff-row diff-${row.kind}`}>
          <span class="diff-number">{row.before ?? ''}</span>
          <span class="diff-number">{row.after ?? ''}</span>
          <span class="diff-sign">{signs[row.kind]}</span>
          <span class="diff-text" role="cell">
            {row.text}
          </span>
        </div>
      ))}
    </div>
  );
}

type View = 'changes' | 'live' | 'desired';

function Body(props: { of: ResourceDiff; view: View }) {
  const { of, view } = props;
  if (view === 'changes') {
    return of.diff ? (
      <Unified text={of.diff} />
    ) : (
      <p class="panel-body faint">{t('diff.same')}</p>
    );
  }
  const text = manifest_text(of[view]);
  if (!text) {
    return (
      <p class="panel-body faint">
        {t(view === 'live' ? 'diff.not_live' : 'diff.not_desired')}
      </p>
    );
  }
  return (
    <pre class="code" tabIndex={0}>
      {text}
    </pre>
  );
}

function Difference(props: { of: ResourceDiff; chosen: boolean }) {
  const { of, chosen } = props;
  const [open, set_open] = useState(chosen || !!of.diff);
  const [view, set_view] = useState<View>('changes');
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'start' });
  }, [chosen]);
  const { added, removed } = change_count(diff_rows(of.diff ?? ''));
  const views: View[] = ['changes', 'live', 'desired'];
  return (
    <section ref={element} class={chosen ? 'panel chosen' : 'panel'}>
      <header class="panel-head">
        <button
          type="button"
          class="disclose"
          aria-expanded={open}
          onClick={() => set_open(!open)}
        >
          <Icon name={open ? 'down' : 'right'} />
          <span>
            <span class="faint">{of.kind}</span> {of.name}
            {of.namespace && <span class="faint"> · {of.namespace}</span>}
          </span>
        </button>
        {of.diff ? (
          <span class="num diff-count">
            <span class="tone-ok">+{added}</span>{' '}
            <span class="tone-bad">−{removed}</span>
          </span>
        ) : (
          <span class="faint">{t('diff.equal')}</span>
        )}
        {open && (
          <div class="segments" role="group" aria-label={t('diff.view')}>
            {views.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={view === name}
                onClick={() => set_view(name)}
              >
                {t(`diff.${name}`)}
              </button>
            ))}
          </div>
        )}
      </header>
      {open && <Body of={of} view={view} />}
    </section>
  );
}

export function ApplicationDiff(props: {
  app: Application;
  version: string;
  only: string | null;
}) {
  const { app, only } = props;
  const diff = use_data(
    `diff-${props.version}`,
    () => api.applications.diff(app.project, app.name),
    { keep: true },
  );
  const data = diff.data?.filter((of) => !only || resource_id(of) === only);
  const sorted = data?.sort((a, b) => Number(!a.diff) - Number(!b.diff));
  return (
    <>
      {only && (
        <p class="filters">
          <a
            class="button small"
            href={to.application(app.project, app.name, 'diff')}
          >
            <Icon name="close" /> {t('diff.show_all')}
          </a>
        </p>
      )}
      <Listing
        of={{ ...diff, data: sorted }}
        empty={
          <Empty icon="layers" title={t('diff.none')}>
            {t('resource.none_hint')}
          </Empty>
        }
      >
        {(items) =>
          items.map((of) => (
            <Difference key={resource_id(of)} of={of} chosen={!!only} />
          ))
        }
      </Listing>
    </>
  );
}
