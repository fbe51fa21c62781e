// A log on the screen. Only the lines in sight are drawn, so its length does
// not matter; it follows the end until someone scrolls away from it.

import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'preact/hooks';
import * as api from '../api';
import type { ApiError } from '../api_error';
import { t } from '../i18n';
import { explain } from '../lib/explain';
import { size } from '../lib/format';
import { LogFollower, type LogRange } from '../log_follow';
import { set_query } from '../router';
import type { Run } from '../types';
import { Icon } from './icons';
import { LogLine } from './log_line';
import { LogSearch } from './log_search';

const line_height = 19; // pixels, as .log-line in log.css
const margin = 40; // lines drawn above and below what is seen

interface LogViewProps {
  run: Run;
  range: LogRange;
  line: number; // the linked one; 0: none
  told: (run: Run) => void;
}

// The follower and what it last said; draws at most once a frame.
function use_follower(props: LogViewProps) {
  const { project, repo, number } = props.run;
  const [, set_drawn] = useState(0);
  const [error, set_error] = useState<ApiError>();
  const [complete, set_complete] = useState(false);
  const told = useRef(props.told);
  told.current = props.told;
  const { from, until, only } = props.range;

  const follower = useMemo(() => {
    let frame = 0;
    const draw = () => {
      frame = 0;
      set_drawn((before) => before + 1);
    };
    return new LogFollower({ project, repo, number }, { from, until, only }, {
      changed: () => {
        set_error(undefined);
        frame ||= requestAnimationFrame(draw);
      },
      run: (run) => told.current(run),
      failed: set_error,
      complete: () => {
        set_complete(true);
        set_error(undefined);
      },
    });
    // One follower for the life of the view: its key says what it shows.
    // eslint-disable-next-line
  }, []);
  useEffect(() => {
    follower.start();
    return () => follower.stop();
  }, [follower]);
  useEffect(() => {
    if (until !== null) follower.end_at(until);
  }, [follower, until]);
  return { follower, error, complete };
}

function use_window(count: number) {
  const element = useRef<HTMLDivElement>(null);
  const [range, set_range] = useState({ top: 0, height: 800 });
  const measure = useCallback(() => {
    const box = element.current;
    if (box) set_range({ top: box.scrollTop, height: box.clientHeight });
  }, []);
  useEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [measure]);
  const begin = Math.max(0, Math.floor(range.top / line_height) - margin);
  const seen = Math.ceil(range.height / line_height) + 2 * margin;
  return { element, measure, begin, end: Math.min(count, begin + seen) };
}

function LogLines(props: {
  follower: LogFollower;
  begin: number;
  end: number;
  linked: number;
  found: string;
}) {
  const { lines } = props.follower;
  const drawn = [];
  for (let index = props.begin; index < props.end; index++) {
    const number = lines.first + index;
    drawn.push(
      <LogLine
        key={number}
        number={number}
        pieces={lines.pieces(number)}
        linked={number === props.linked}
        found={props.found}
      />,
    );
  }
  return (
    <div
      class="log-window"
      style={{ transform: `translateY(${props.begin * line_height}px)` }}
    >
      {drawn}
    </div>
  );
}

function LogState(props: {
  error: ApiError | undefined;
  complete: boolean;
  skipped: number;
  forgot: boolean;
  empty: boolean;
}) {
  const { error, complete, skipped, forgot, empty } = props;
  return (
    <>
      {(skipped > 0 || forgot) && (
        <p class="log-note">
          {skipped > 0
            ? t('log.skipped', { size: size(skipped) })
            : t('log.forgot')}
        </p>
      )}
      {error && (
        <p class="log-note tone-bad" role="alert">
          {explain(error)} {t('log.retrying')}
        </p>
      )}
      {empty && !error && (
        <p class="log-waiting">
          {t(complete ? 'log.empty' : 'log.waiting')}
        </p>
      )}
    </>
  );
}

export function LogView(props: LogViewProps) {
  const { follower, error, complete } = use_follower(props);
  const { lines } = follower;
  const { element, measure, begin, end } = use_window(lines.count);
  const [following, set_following] = useState(!props.line);
  const [found, set_found] = useState('');
  const scroll_to = useCallback((number: number) => {
    const box = element.current;
    if (!box) return;
    set_following(false);
    const middle = (number - follower.lines.first) * line_height;
    box.scrollTop = Math.max(0, middle - box.clientHeight / 2);
  }, []);

  // A linked line comes into sight once, as soon as it is there.
  const linked_shown = useRef(false);
  useLayoutEffect(() => {
    if (!props.line || linked_shown.current || lines.last < props.line) return;
    linked_shown.current = true;
    scroll_to(props.line);
  });
  useLayoutEffect(() => {
    const box = element.current;
    if (box && following) box.scrollTop = box.scrollHeight;
  }, [following, lines.version]);

  const scrolled = () => {
    const box = element.current;
    if (!box) return;
    measure();
    const rest = box.scrollHeight - box.scrollTop - box.clientHeight;
    set_following(rest < line_height * 1.5);
  };
  return (
    <section class="log" aria-label={t('run.log')}>
      <div class="log-bar">
        <LogSearch lines={lines} show={scroll_to} search={set_found} />
        <span class="faint num log-count">
          {t('log.lines', { count: lines.last })}
        </span>
        {!following && (
          <button
            type="button"
            class="button small"
            onClick={() => set_following(true)}
          >
            <Icon name="down" /> {t(complete ? 'log.end' : 'log.follow')}
          </button>
        )}
        <a
          class="button small"
          href={api.runs.log_url(props.run)}
          download={`${props.run.repo}-${props.run.number}.log`}
        >
          <Icon name="download" /> {t('log.download')}
        </a>
      </div>
      <LogState
        error={error}
        complete={complete}
        skipped={follower.skipped}
        forgot={lines.forgot}
        empty={!lines.count}
      />
      <div
        ref={element}
        class="log-box"
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t('run.log')}
        onScroll={scrolled}
        onClick={(event) => {
          const number = (event.target as Element).getAttribute('data-line');
          if (number) set_query({ line: number });
        }}
      >
        <div style={{ height: `${lines.count * line_height}px` }}>
          <LogLines
            follower={follower}
            begin={begin}
            end={end}
            linked={props.line}
            found={found}
          />
        </div>
      </div>
    </section>
  );
}
