// A unified diff as numbered rows.

export interface DiffRow {
  kind: 'same' | 'added' | 'removed' | 'hunk';
  text: string;
  before: number | null; // line numbers
  after: number | null;
}

const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

export function diff_rows(unified: string): DiffRow[] {
  const rows: DiffRow[] = [];
  let before = 1;
  let after = 1;
  let in_hunk = false;
  const lines = unified.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) {
    const start = hunk.exec(line);
    if (start) {
      before = Number(start[1]);
      after = Number(start[2]);
      in_hunk = true;
      rows.push({ kind: 'hunk', text: line, before: null, after: null });
    } else if (!in_hunk && /^(---|\+\+\+|diff |index )/.test(line)) {
      continue;
    } else if (line.startsWith('\\')) {
      continue; // "\ No newline at end of file"
    } else if (line.startsWith('+')) {
      rows.push({ kind: 'added', text: line.slice(1), before: null, after });
      after++;
    } else if (line.startsWith('-')) {
      rows.push({ kind: 'removed', text: line.slice(1), before, after: null });
      before++;
    } else {
      rows.push({ kind: 'same', text: line.slice(1), before, after });
      before++;
      after++;
    }
  }
  return rows;
}

export function change_count(rows: readonly DiffRow[]) {
  const count = (kind: DiffRow['kind']) =>
    rows.filter((row) => row.kind === kind).length;
  return { added: count('added'), removed: count('removed') };
}

// A manifest as it came: text stays, anything else is shown as JSON.
export function manifest_text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
