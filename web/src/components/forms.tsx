import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  hint?: string;
  value: string;
  change: (value: string) => void;
  type?: 'text' | 'password';
  required?: boolean;
  pattern?: string;
  placeholder?: string;
  autoComplete?: string;
  rows?: number;
  mono?: boolean;
  error?: string; // what is wrong with the value
}

const plain = { type: 'text' } as const;
const password = { type: 'password' } as const;

export function Field(props: FieldProps) {
  const id = useId();
  const shared = {
    id,
    value: props.value,
    required: props.required,
    placeholder: props.placeholder,
    'aria-describedby':
      props.hint || props.error ? `${id}-hint` : undefined,
    'aria-invalid': props.error ? true : undefined,
    class: props.mono ? 'input mono' : 'input',
    spellcheck: false,
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.rows ? (
        <textarea
          {...shared}
          rows={props.rows}
          onInput={(event) => props.change(event.currentTarget.value)}
        />
      ) : (
        <input
          {...shared}
          {...(props.type === 'password' ? password : plain)}
          pattern={props.pattern}
          autoComplete={props.autoComplete ?? 'off'}
          autoCapitalize="none"
          onInput={(event) => props.change(event.currentTarget.value)}
        />
      )}
      {(props.hint || props.error) && (
        <p class={props.error ? 'field-error' : 'hint'} id={`${id}-hint`}>
          {props.error ?? props.hint}
        </p>
      )}
    </div>
  );
}

// A secret; by default one that is set here, not one that the browser knows.
export function PasswordField(props: Omit<FieldProps, 'type' | 'rows'>) {
  return <Field autoComplete="new-password" {...props} type="password" />;
}

export function Choice(props: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  change: (value: string) => void;
  compact?: boolean;
}) {
  const id = useId();
  return (
    <div class={props.compact ? 'field compact' : 'field'}>
      <label for={id} class={props.compact ? 'sr-only' : ''}>
        {props.label}
      </label>
      <select
        id={id}
        class="input"
        value={props.value}
        onChange={(event) => props.change(event.currentTarget.value)}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Check(props: {
  checked: boolean;
  change: (checked: boolean) => void;
  children: ComponentChildren;
  hint?: string;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.change(event.currentTarget.checked)}
      />
      <span>
        {props.children}
        {props.hint && <span class="hint">{props.hint}</span>}
      </span>
    </label>
  );
}

export function SearchField(props: {
  label: string;
  value: string;
  change: (value: string) => void;
}) {
  return (
    <input
      type="search"
      class="input search"
      data-search
      aria-label={props.label}
      placeholder={props.label}
      value={props.value}
      onInput={(event) => props.change(event.currentTarget.value)}
    />
  );
}
