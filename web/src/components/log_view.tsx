// A log on the screen. Only the lines in sight are drawn, so its length does
// not matter; it follows the end until someone scrolls away from it.

import type { RefObject } from 'preact';
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
import type { LogLines as Lines } from '../lib/log_lines';
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
  const box = useRef<HTMLDivElement>(null);
  const [range, set_range] = useState({ top: 0, height: 800 });
  const measure = useCallback(() => {
    const { scrollTop = 0, clientHeight = 0 } = box.current ?? {};
    if (box.current) set_range({ top: scrollTop, height: clientHeight });
  }, []);
  useEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, [measure]);
  const begin = Math.max(0, Math.floor(range.top / line_height) - margin);
  const seen = Math.ceil(range.height / line_height) + 2 * margin;
  return { box, measure, begin, end: Math.min(count, begin + seen) };
}

function DrawnLines(props: {
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

// Follows the end of the log, or stays where someone scrolled to.
function use_scrolling(view: {
  box: RefObject<HTMLDivElement | null>;
  lines: Lines;
  linked: number;
  measure: () => void;
}) {
  const { box, lines, linked, measure } = view;
  const [following, set_following] = useState(!linked);
  const scroll_to = useCallback(
    (number: number) => {
      if (!box.current) return;
      set_following(false);
      const top = (number - lines.first) * line_height;
      box.current.scrollTop = Math.max(0, top - box.current.clientHeight / 2);
    },
    [box, lines],
  );
  // A linked line comes into sight once, as soon as it is there.
  const linked_shown = useRef(false);
  useLayoutEffect(() => {
    if (!linked || linked_shown.current || lines.last < linked) return;
    linked_shown.current = true;
    scroll_to(linked);
  });
  useLayoutEffect(() => {
    if (box.current && following) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [following, lines.version]);
  const scrolled = () => {
    if (!box.current) return;
    measure();
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    set_following(scrollHeight - scrollTop - clientHeight < line_height * 1.5);
  };
  return { following, follow: () => set_following(true), scroll_to, scrolled };
}

function LogBar(props: {
  run: Run;
  lines: Lines;
  complete: boolean;
  following: boolean;
  follow: () => void;
  show: (line: number) => void;
  search: (text: string) => void;
}) {
  const { run, lines, complete } = props;
  return (
    <div class="log-bar">
      <LogSearch lines={lines} show={props.show} search={props.search} />
      <span class="faint num log-count">
        {t('log.lines', { count: lines.last })}
      </span>
      {!props.following && (
        <button type="button" class="button small" onClick={props.follow}>
          <Icon name="down" /> {t(complete ? 'log.end' : 'log.follow')}
        </button>
      )}
      <a
        class="button small"
        href={api.runs.log_url(run)}
        download={`${run.repo}-${run.number}.log`}
      >
        <Icon name="download" /> {t('log.download')}
      </a>
    </div>
  );
}

function link_line(event: MouseEvent) {
  const number = (event.target as Element).getAttribute('data-line');
  if (number) set_query({ line: number });
}

export function LogView(props: LogViewProps) {
  const { follower, error, complete } = use_follower(props);
  const { lines } = follower;
  const { box, measure, begin, end } = use_window(lines.count);
  const [found, set_found] = useState('');
  const { following, follow, scroll_to, scrolled } = use_scrolling({
    box,
    lines,
    linked: props.line,
    measure,
  });
  return (
    <section class="log" aria-label={t('run.log')}>
      <LogBar
        run={props.run}
        lines={lines}
        complete={complete}
        following={following}
        follow={follow}
        show={scroll_to}
        search={set_found}
      />
      <LogState
        error={error}
        complete={complete}
        skipped={follower.skipped}
        forgot={lines.forgot}
        empty={!lines.count}
      />
      <div
        ref={box}
        class="log-box"
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t('run.log')}
        onScroll={scrolled}
        onClick={link_line}
      >
        <div style={{ height: `${lines.count * line_height}px` }}>
          <DrawnLines
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
