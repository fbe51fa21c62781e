// The words of the page. Every text a person reads comes from these tables: one
// an idea and language, in en/ and ko/. A translation that is missing, or that
// nothing asks for, does not compile. Only the words of the chosen language are
// loaded: load_language() before anything is drawn.

import type { en } from './en';

export type Translated<Part> = Record<keyof Part, string>;
export type Words = Translated<typeof en>;
export type Key = keyof typeof en;
export const languages = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof languages;

const tables: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en')).en,
  ko: async () => (await import('./ko')).ko,
};
const stored_as = 'skerry-language';

function known(name: string | null | undefined): Language | null {
  const short = (name ?? '').slice(0, 2).toLowerCase();
  return short in languages ? (short as Language) : null;
}

function initial(): Language {
  try {
    const chosen = known(localStorage.getItem(stored_as));
    if (chosen) return chosen;
  } catch {
    // No storage: the browser's language it is.
  }
  for (const name of globalThis.navigator?.languages ?? []) {
    const found = known(name);
    if (found) return found;
  }
  return 'en';
}

let current: Language = initial();
let words: Words;
let changed: () => void = () => {};

export function language() {
  return current;
}

export async function load_language(next: Language = current) {
  words = await tables[next]();
  current = next;
}

export async function set_language(next: Language) {
  await load_language(next);
  document.documentElement.lang = next;
  try {
    localStorage.setItem(stored_as, next);
  } catch {
    // It holds until the page is closed, then.
  }
  changed();
}

export function on_language(handler: () => void) {
  changed = handler;
  document.documentElement.lang = current;
}

export function fill(
  text: string,
  values: Record<string, string | number> = {},
) {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

export function t(key: Key, values?: Record<string, string | number>) {
  return fill(words[key], values);
}

// For names that come from the server: its word when there is none of ours.
export function t_name(prefix: string, name: string) {
  const key = `${prefix}.${name}`;
  return key in words ? words[key as Key] : name;
}
