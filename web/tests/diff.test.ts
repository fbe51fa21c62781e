import { describe, expect, it } from 'vitest';
import { change_count, diff_rows, manifest_text } from '../src/lib/diff';

const unified = `--- live
+++ desired
@@ -4,3 +4,4 @@
 spec:
-  replicas: 1
+  replicas: 2
+--- a line of the text itself
\\ No newline at end of file
`;

describe('diff_rows', () => {
  const rows = diff_rows(unified);
  it('numbers both sides', () => {
    expect(rows.map((row) => [row.kind, row.before, row.after])).toEqual([
      ['hunk', null, null],
      ['same', 4, 4],
      ['removed', 5, null],
      ['added', null, 5],
      ['added', null, 6],
    ]);
    expect(rows.at(-1)!.text).toBe('--- a line of the text itself');
  });
  it('counts', () => {
    expect(change_count(rows)).toEqual({ added: 2, removed: 1 });
  });
  it('is empty for nothing', () => expect(diff_rows('')).toEqual([]));
});

it('shows a manifest as it comes', () => {
  expect(manifest_text('kind: Pod\n')).toBe('kind: Pod\n');
  expect(manifest_text({ kind: 'Pod' })).toBe('{\n  "kind": "Pod"\n}');
  expect(manifest_text(null)).toBe('');
});
