import { describe, expect, it } from 'vitest';
import {
  branch_prefix,
  interesting_stage,
  outcome,
  stage_rows,
  time_line,
} from '../src/lib/stages';
import type { Run, Stage } from '../src/types';

function stage(
  id: string,
  parent: string | null,
  log: [number | null, number | null] = [null, null],
  more: Partial<Stage> = {},
): Stage {
  return {
    id,
    parent,
    name: id,
    state: 'finished',
    result: 'SUCCESS',
    started: 1000,
    finished: 2000,
    log_start: log[0],
    log_end: log[1],
    ...more,
  };
}

describe('stage_rows', () => {
  it('puts children below their parent', () => {
    const rows = stage_rows([
      stage('test', null),
      stage('chart', null),
      stage('gcc', 'test'),
      stage('clang', 'test'),
    ]);
    expect(rows.map((row) => [row.stage.id, row.depth])).toEqual([
      ['test', 0],
      ['gcc', 1],
      ['clang', 1],
      ['chart', 0],
    ]);
    expect(rows[0]!.has_children).toBe(true);
  });
  it('loses no stage to a parent that is missing', () => {
    expect(stage_rows([stage('a', 'gone')])).toHaveLength(1);
  });
});

describe('branch_prefix', () => {
  const stages = [
    stage('build', null, [0, 10]),
    stage('test', null, [10, 100]),
    stage('gcc', 'test', [20, 90]),
    stage('clang', 'test', [25, null]),
    stage('unit', 'gcc', [30, 40]),
    stage('lint', 'gcc', [40, 50]),
  ];
  const of = (id: string) =>
    branch_prefix(stages, stages.find((known) => known.id === id)!);
  it('is empty for stages one after the other', () => {
    expect(of('build')).toBe('');
    expect(of('test')).toBe('');
  });
  it('names the branch, also for stages inside of it', () => {
    expect(of('clang')).toBe('[clang] ');
    expect(of('unit')).toBe('[gcc] ');
  });
});

it('shows a state until there is a result', () => {
  expect(outcome({ state: 'running', result: null })).toBe('running');
  expect(outcome({ state: 'finished', result: 'FAILURE' })).toBe('FAILURE');
  expect(outcome({ state: 'finished', result: null })).toBe('NOT_BUILT');
});

it('places a stage on the time line', () => {
  const run = { started: 1000, finished: 3000 } as Run;
  const of = (started: number | null, finished: number | null) =>
    time_line(run, stage('a', null, [0, 0], { started, finished }), 9000);
  expect(of(1500, 2000)).toEqual({ begin: 0.25, width: 0.25 });
  expect(of(1, 99_000)).toEqual({ begin: 0, width: 1 });
  expect(of(null, null)).toBeNull();
});

it('shows first what runs, then what failed', () => {
  const fine = stage('fine', null);
  const failed = stage('bad', null, [0, 0], { result: 'FAILURE' });
  const runs = stage('runs', null, [0, 0], { state: 'running', result: null });
  const pick = (...stages: Stage[]) =>
    interesting_stage(stage_rows(stages))?.id ?? null;
  expect(pick(fine, failed, runs)).toBe('runs');
  expect(pick(fine, failed)).toBe('bad');
  expect(pick(fine)).toBeNull();
});
