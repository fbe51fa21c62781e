import type { ComponentChildren } from 'preact';
import { t } from '../i18n';

// A table: its head, and the rows as children.
export function Table(props: {
  head: readonly string[];
  actions?: boolean; // a last column of buttons; its head is only heard
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <table class={`table ${props.class ?? ''}`}>
      <thead>
        <tr>
          {props.head.map((text) => (
            <th key={text} scope="col">
              {text}
            </th>
          ))}
          {props.actions && (
            <th scope="col">
              <span class="sr-only">{t('action.actions')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>{props.children}</tbody>
    </table>
  );
}
