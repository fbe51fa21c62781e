import type { ComponentChildren } from 'preact';

// What is worth knowing at a glance: a list of Fact.
export function Facts(props: { children: ComponentChildren }) {
  return <dl class="summary">{props.children}</dl>;
}

export function Fact(props: {
  name: string;
  title?: string;
  wide?: boolean;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <div class={props.wide ? 'wide' : ''}>
      <dt>{props.name}</dt>
      <dd title={props.title} class={props.class}>
        {props.children}
      </dd>
    </div>
  );
}
