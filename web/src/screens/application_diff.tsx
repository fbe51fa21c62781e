import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api';
import { Disclose } from '../components/fold';
import { Icon } from '../components/icons';
import { Empty, Listing } from '../components/notice';
import { Segments } from '../components/segments';
import { UnifiedDiff } from '../components/unified_diff';
import { t } from '../i18n';
import { change_count, diff_rows, manifest_text } from '../lib/diff';
import { resource_id } from '../lib/resources';
import { to } from '../router';
import type { Application, Manifest, ResourceDiff } from '../types';
import { use_data } from '../use_data';

type View = 'changes' | 'live' | 'desired';
const views: readonly View[] = ['changes', 'live', 'desired'];

function Text(props: { text: string; otherwise: string }) {
  if (!props.text) return <p class="panel-body faint">{props.otherwise}</p>;
  return (
    <pre class="code" tabIndex={0}>
      {props.text}
    </pre>
  );
}

function Body(props: { of: ResourceDiff; view: View }) {
  const { of, view } = props;
  if (view === 'changes' && of.diff) return <UnifiedDiff text={of.diff} />;
  if (view === 'changes') return <Text text="" otherwise={t('diff.same')} />;
  const missing = view === 'live' ? 'diff.not_live' : 'diff.not_desired';
  return <Text text={manifest_text(of[view])} otherwise={t(missing)} />;
}

// One resource that folds open; it comes into sight when it was chosen.
function Foldable(props: {
  of: { kind: string; name: string; namespace?: string };
  chosen: boolean;
  open: boolean;
  side: ComponentChildren;
  tools?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { of, chosen } = props;
  const [open, set_open] = useState(props.open);
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'start' });
  }, [chosen]);
  return (
    <section ref={element} class={chosen ? 'panel chosen' : 'panel'}>
      <header class="panel-head">
        <Disclose open={open} set_open={set_open}>
          <span>
            <span class="faint">{of.kind}</span> {of.name}
            {of.namespace && <span class="faint"> · {of.namespace}</span>}
          </span>
        </Disclose>
        {props.side}
        {open && props.tools}
      </header>
      {open && props.children}
    </section>
  );
}

function Difference(props: { of: ResourceDiff; chosen: boolean }) {
  const { of, chosen } = props;
  const [view, set_view] = useState<View>('changes');
  const { added, removed } = change_count(diff_rows(of.diff));
  return (
    <Foldable
      of={of}
      chosen={chosen}
      open
      side={
        <span class="num diff-count">
          <span class="tone-ok">+{added}</span>{' '}
          <span class="tone-bad">−{removed}</span>
        </span>
      }
      tools={
        <Segments
          label={t('diff.view')}
          options={views.map((name) => [name, t(`diff.${name}`)])}
          current={view}
          choose={set_view}
        />
      }
    >
      <Body of={of} view={view} />
    </Foldable>
  );
}

function Equal(props: { of: Manifest; chosen: boolean }) {
  return (
    <Foldable
      of={props.of}
      chosen={props.chosen}
      open={props.chosen}
      side={<span class="faint">{t('diff.equal')}</span>}
    >
      <Text text={props.of.manifest} otherwise={t('diff.not_desired')} />
    </Foldable>
  );
}

export function ApplicationDiff(props: {
  app: Application;
  version: string;
  only: string | null;
}) {
  const { app, only, version } = props;
  const both = use_data(
    `diff-${version}`,
    () =>
      Promise.all([
        api.applications.diff(app.project, app.name),
        api.applications.manifests(app.project, app.name),
      ]),
    { keep: true },
  );
  const is_shown = (of: ResourceDiff | Manifest) =>
    !only || resource_id(of) === only;
  const [differing, manifests] = both.data ?? [[], []];
  const changed = new Set(differing.map(resource_id));
  const equal = manifests.filter((of) => !changed.has(resource_id(of)));
  const data = both.data && [...differing, ...equal].filter(is_shown);
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
        of={{ ...both, data }}
        empty={
          <Empty icon="layers" title={t('diff.none')}>
            {t('resource.none_hint')}
          </Empty>
        }
      >
        {(items) =>
          items.map((of) =>
            'diff' in of ? (
              <Difference key={resource_id(of)} of={of} chosen={!!only} />
            ) : (
              <Equal key={resource_id(of)} of={of} chosen={!!only} />
            ),
          )
        }
      </Listing>
    </>
  );
}
