// The stages of a run as rows of a tree, and their place on its time line.

import type { Run, Stage } from '../types';

export interface StageRow {
  stage: Stage;
  depth: number;
  has_children: boolean;
}

// Parents before their children, otherwise in the given order. A stage whose
// parent is missing stands at the top.
export function stage_rows(stages: readonly Stage[]): StageRow[] {
  const ids = new Set(stages.map((stage) => stage.id));
  const children = new Map<Stage['id'] | null, Stage[]>();
  for (const stage of stages) {
    const known = stage.parent !== null && ids.has(stage.parent);
    const parent = known ? stage.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), stage]);
  }
  const rows: StageRow[] = [];
  const visited = new Set<Stage['id']>();
  const visit = (parent: Stage['id'] | null, depth: number) => {
    for (const stage of children.get(parent) ?? []) {
      if (visited.has(stage.id)) continue;
      visited.add(stage.id);
      rows.push({ stage, depth, has_children: children.has(stage.id) });
      visit(stage.id, depth + 1);
    }
  };
  visit(null, 0);
  return rows;
}

// What a badge shows: the result once there is one, otherwise the state.
export function outcome(of: {
  state: string;
  result: string | null;
}): string {
  if (of.state === 'finished') return of.result ?? 'NOT_BUILT';
  return of.state;
}

export function elapsed(
  of: { started: number | null; finished: number | null },
  now: number,
): number | null {
  if (!of.started) return null;
  return Math.max(0, (of.finished ?? now) - of.started);
}

function overlap(a: Stage, b: Stage): boolean {
  const end = (stage: Stage) => stage.log_end ?? Infinity;
  if (a.log_start === null || b.log_start === null) return false;
  return a.log_start < end(b) && b.log_start < end(a);
}

// What begins each line of a stage that ran beside others: "[gcc] ", with the
// names of all branches above it. Empty for one whose part of the log is its
// own.
export function branch_prefix(stages: readonly Stage[], of: Stage): string {
  let prefix = '';
  for (let stage: Stage | undefined = of; stage; ) {
    const { id, parent, name }: Stage = stage;
    const siblings = stages.filter(
      (other) => other.parent === parent && other.id !== id,
    );
    const me = stage;
    if (siblings.some((other) => overlap(me, other))) {
      prefix = `[${name}] ${prefix}`;
    }
    stage = stages.find((other) => other.id === parent);
  }
  return prefix;
}

// Where a stage lies on the run's time line: 0 to 1.
export function time_line(
  run: Run,
  stage: Stage,
  now: number,
): { begin: number; width: number } | null {
  if (!run.started || !stage.started) return null;
  const whole = Math.max(1, (run.finished ?? now) - run.started);
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  const begin = clamp((stage.started - run.started) / whole);
  const end = clamp(((stage.finished ?? now) - run.started) / whole);
  return { begin, width: Math.max(0, end - begin) };
}

// The stage to show when nobody chose one: what runs, what failed.
export function interesting_stage(rows: readonly StageRow[]): Stage | null {
  const leaves = rows.filter((row) => !row.has_children);
  const found =
    leaves.find((row) => row.stage.state === 'running') ??
    leaves.find((row) => row.stage.result === 'FAILURE') ??
    leaves.find((row) => row.stage.result === 'UNSTABLE');
  return found?.stage ?? null;
}
