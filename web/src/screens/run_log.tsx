// The stages of a run beside the log of the chosen one.

import { LogView } from '../components/log_view';
import { StatusIcon } from '../components/status';
import { use_now } from '../components/time';
import { t } from '../i18n';
import { duration } from '../lib/format';
import {
  branch_prefix,
  elapsed,
  outcome,
  stage_rows,
  time_line,
  type StageRow,
} from '../lib/stages';
import { set_query } from '../router';
import type { Run, Stage } from '../types';

function StageBar(props: { run: Run; stage: Stage; now: number }) {
  const place = time_line(props.run, props.stage, props.now);
  if (!place) return <span class="stage-bar" />;
  return (
    <span class="stage-bar" aria-hidden="true">
      <span
        style={{
          left: `${place.begin * 100}%`,
          width: `max(3px, ${place.width * 100}%)`,
        }}
      />
    </span>
  );
}

function StageButton(props: {
  run: Run;
  row: StageRow;
  now: number;
  chosen: boolean;
}) {
  const { stage, depth } = props.row;
  const took = elapsed(stage, props.now);
  return (
    <li class={`stage stage-${outcome(stage)}`}>
      <button
        type="button"
        aria-pressed={props.chosen}
        style={{ paddingLeft: `${10 + depth * 18}px` }}
        onClick={() =>
          set_query({
            stage: props.chosen ? undefined : String(stage.id),
            line: undefined,
          })
        }
      >
        <StatusIcon name={outcome(stage)} />
        <span class="stage-name">{stage.name}</span>
        <span class="stage-time num">
          {took === null ? '' : duration(took)}
        </span>
        <StageBar run={props.run} stage={stage} now={props.now} />
      </button>
    </li>
  );
}

function Stages(props: { run: Run; rows: StageRow[]; chosen: string | null }) {
  const { run, rows, chosen } = props;
  const now = use_now(run.state === 'running' ? 500 : 0);
  return (
    <nav class="stages" aria-label={t('run.stages')}>
      <ol>
        <li class="stage">
          <button
            type="button"
            aria-pressed={!chosen}
            onClick={() => set_query({ stage: undefined, line: undefined })}
          >
            <StatusIcon name={outcome(run)} />
            <span class="stage-name">{t('run.whole')}</span>
            <span class="stage-time num">
              {run.started ? duration(elapsed(run, now) ?? 0) : ''}
            </span>
          </button>
        </li>
        {rows.map((row) => (
          <StageButton
            key={row.stage.id}
            run={run}
            row={row}
            now={now}
            chosen={chosen === String(row.stage.id)}
          />
        ))}
      </ol>
      {!rows.length && <p class="hint">{t('run.no_stages')}</p>}
    </nav>
  );
}

export function RunLog(props: {
  run: Run;
  query: URLSearchParams;
  told: (run: Run) => void;
}) {
  const { run, query, told } = props;
  const rows = stage_rows(run.stages ?? []);
  const wanted = query.get('stage');
  const chosen = rows.find((row) => String(row.stage.id) === wanted)?.stage;
  const started = !chosen || chosen.log_start !== null;
  // A growing stage is followed to its end, so its end is no part of the key:
  // the view must not begin anew when the stage finishes.
  const until =
    chosen?.state === 'finished' ? (chosen.log_end ?? null) : null;
  const only = chosen ? branch_prefix(run.stages ?? [], chosen) : '';
  return (
    <div class="run-log">
      <Stages run={run} rows={rows} chosen={chosen ? wanted : null} />
      {started ? (
        <LogView
          key={chosen ? `${chosen.id} ${only}` : ''}
          run={run}
          range={{ from: chosen?.log_start ?? 0, until, only }}
          line={Number(query.get('line') ?? 0)}
          told={told}
        />
      ) : (
        <p class="log-waiting">{t('run.stage_waiting')}</p>
      )}
    </div>
  );
}
