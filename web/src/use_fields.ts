// The values of a form's fields. `text` and `check` give an input of
// components/forms.tsx what it shows and how it is changed.

import { useCallback, useState } from 'preact/hooks';

type Named<Values, Kind> = {
  [Name in keyof Values]: Values[Name] extends Kind ? Name : never;
}[keyof Values];

export function use_fields<Values extends object>(first: Values) {
  const [values, set_values] = useState(first);
  const change = useCallback(
    (part: Partial<Values>) =>
      set_values((before) => ({ ...before, ...part })),
    [],
  );
  const changed = (name: keyof Values) => (value: string | boolean) =>
    change({ [name]: value } as Partial<Values>);
  const text = (name: Named<Values, string>) => ({
    value: values[name] as string,
    change: changed(name) as (value: string) => void,
  });
  const check = (name: Named<Values, boolean>) => ({
    checked: values[name] as boolean,
    change: changed(name) as (value: boolean) => void,
  });
  return { values, change, text, check };
}
