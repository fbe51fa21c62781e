#include "runs/run_store.h"

namespace skerry::ci {

std::span<const Migration> RunStore::migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        create table ci_run (
          id            integer primary key autoincrement,
          project       text not null,
          repo          text not null,
          number        integer not null,
          ref           text not null,
          commit_id     text not null,
          event         integer,                  -- RefUpdated
          cause         text not null,
          message       text not null,
          author        text not null,
          parameters    text not null,            -- JSON object of strings
          state         text not null,            -- RunState
          result        text,                     -- Result
          error         text not null default '',
          queued        integer not null,         -- ms since 1970
          started       integer,
          finished      integer,
          attempt       integer not null default 1,
          job           integer not null default 0, -- 0: waits for its turn
          single        integer not null default 0, -- disableConcurrentBuilds
          cancelled_by  text not null default '',
          discard       text not null default '', -- buildDiscarder as JSON
          tests_total   integer not null default 0,
          tests_failed  integer not null default 0,
          tests_skipped integer not null default 0,
          unique (project, repo, number)
        );
        create unique index ci_run_event
          on ci_run (project, repo, ref, commit_id, event)
          where event is not null;
        create index ci_run_open on ci_run (state) where state <> 'finished';
        create index ci_run_ref on ci_run (project, repo, ref, id);
        -- Numbers are never used again, also when all runs were pruned.
        create table ci_counter (
          project text not null,
          repo    text not null,
          last    integer not null,
          primary key (project, repo)
        ) without rowid;
        create table ci_stage (
          run       integer not null references ci_run on delete cascade,
          id        integer not null,   -- as each_stage() counts, from 0
          parent    integer,
          name      text not null,
          state     text not null,
          result    text,
          started   integer,
          finished  integer,
          log_start integer,            -- byte offsets into the run's log
          log_end   integer,
          primary key (run, id)
        ) without rowid;
        create table ci_artifact (
          run    integer not null references ci_run on delete cascade,
          path   text not null,
          digest text not null,
          size   integer not null,
          primary key (run, path)
        ) without rowid;
        create table ci_test_report (
          run    integer not null references ci_run on delete cascade,
          seq    integer not null,
          digest text not null,         -- a blob: JSON array of suites
          primary key (run, seq)
        ) without rowid;
        create table ci_credential (
          project     text not null,
          id          text not null,
          kind        text not null,    -- text, username_password, file
          description text not null,
          user        text not null,    -- or the file's name
          sealed      text not null,    -- core/config/secret_box.h
          changed     integer not null,
          primary key (project, id)
        ) without rowid;
        create table ci_defaults (
          project text primary key,     -- '': of the system
          text    text not null,
          changed integer not null
        ) without rowid;
        create table ci_project (
          project text primary key,
          network text not null         -- none, host
        ) without rowid;
        create table ci_repository (
          project     text not null,
          repo        text not null,
          jenkinsfile text not null,    -- path in the repository
          primary key (project, repo)
        ) without rowid;
      )sql"},
      {2, R"sql(
        create index ci_artifact_digest on ci_artifact (digest);
        create index ci_test_report_digest on ci_test_report (digest);
      )sql"},
  };
  return kMigrations;
}

}  // namespace skerry::ci
