// The frame of a screen: its title, its place, its actions, its tabs.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';

export interface Crumb {
  text: string;
  to: string;
}

export function Page(props: {
  title: string;
  crumbs?: readonly Crumb[];
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  useEffect(() => {
    document.title = `${props.title} · Skerry`;
  }, [props.title]);
  return (
    <>
      <header class="page-head">
        <div class="grow">
          {props.crumbs && (
            <nav aria-label={t('nav.place')} class="crumbs">
              {props.crumbs.map((crumb) => (
                <a key={crumb.to} href={crumb.to}>
                  {crumb.text}
                </a>
              ))}
            </nav>
          )}
          <h1>{props.title}</h1>
          {props.lead && <div class="lead">{props.lead}</div>}
        </div>
        {props.actions && <div class="actions">{props.actions}</div>}
      </header>
      {props.children}
    </>
  );
}

export function Panel(props: {
  title?: string;
  actions?: ComponentChildren;
  flush?: boolean;
  children: ComponentChildren;
}) {
  return (
    <section class="panel">
      {props.title && (
        <header class="panel-head">
          <h2>{props.title}</h2>
          {props.actions}
        </header>
      )}
      <div class={props.flush ? '' : 'panel-body'}>{props.children}</div>
    </section>
  );
}

// Brings what is current into sight where a row of links is too long.
export function use_current_in_sight(current: string) {
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    row.current
      ?.querySelector('[aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return row;
}

export interface Tab {
  name: string;
  text: string;
  to: string;
  count?: number | string;
}

export function Tabs(props: {
  label: string;
  tabs: readonly Tab[];
  current: string;
}) {
  const row = use_current_in_sight(props.current);
  return (
    <nav ref={row} class="tabs" aria-label={props.label}>
      {props.tabs.map((tab) => (
        <a
          key={tab.name}
          href={tab.to}
          aria-current={tab.name === props.current ? 'page' : undefined}
        >
          {tab.text}
          {tab.count !== undefined && <span class="count">{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}
