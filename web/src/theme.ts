// Light, dark, or as the system says.

export type Theme = 'system' | 'light' | 'dark';
const stored_as = 'skerry-theme';
const themes: readonly Theme[] = ['system', 'light', 'dark'];

export function theme(): Theme {
  try {
    const stored = localStorage.getItem(stored_as) as Theme | null;
    return stored && themes.includes(stored) ? stored : 'system';
  } catch {
    return 'system';
  }
}

export function apply_theme(next: Theme = theme()) {
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}

export function set_theme(next: Theme) {
  try {
    localStorage.setItem(stored_as, next);
  } catch {
    // It holds until the page is closed, then.
  }
  apply_theme(next);
}

export function next_theme(): Theme {
  return themes[(themes.indexOf(theme()) + 1) % themes.length]!;
}
