#include "runs/run_store.h"

#include "core/error.h"
#include "core/text/json.h"

namespace skerry::ci {
namespace {

constexpr std::string_view kColumns =
    "select id, project, repo, number, ref, commit_id, event, cause, message, "
    "author, parameters, state, result, error, queued, started, finished, "
    "attempt, job, single, cancelled_by, tests_total, tests_failed, "
    "tests_skipped, discard from ci_run ";

RunState parse_state(std::string_view text) {
  if (text == "queued") return RunState::queued;
  return text == "running" ? RunState::running : RunState::finished;
}

std::optional<Result> result_at(const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return parse_result(rows.text(column));
}

std::string discard_to_json(const std::optional<BuildDiscarder>& discard) {
  if (!discard) return {};
  Json json = Json::object();
  const auto put = [&](const char* name, const std::optional<int>& value) {
    if (value) json[name] = *value;
  };
  put("runs", discard->runs_to_keep);
  put("days", discard->days_to_keep);
  put("artifact_runs", discard->artifact_runs_to_keep);
  put("artifact_days", discard->artifact_days_to_keep);
  return json.dump();
}

std::optional<BuildDiscarder> discard_from_json(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const Json json = parse_json(text);
  BuildDiscarder discard;
  const auto get = [&](const char* name, std::optional<int>& value) {
    if (json.contains(name)) value = json[name].get<int>();
  };
  get("runs", discard.runs_to_keep);
  get("days", discard.days_to_keep);
  get("artifact_runs", discard.artifact_runs_to_keep);
  get("artifact_days", discard.artifact_days_to_keep);
  return discard;
}

Run read_run(const Rows& rows) {
  Run run;
  run.id = rows.integer(0);
  run.project = rows.text(1);
  run.repo = rows.text(2);
  run.number = rows.integer(3);
  run.ref = rows.text(4);
  run.commit = rows.text(5);
  run.event = rows.optional_integer(6);
  run.cause = rows.text(7);
  run.message = rows.text(8);
  run.author = rows.text(9);
  parse_json(rows.text(10)).get_to(run.parameters);
  run.state = parse_state(rows.text(11));
  run.result = result_at(rows, 12);
  run.error = rows.text(13);
  run.queued = rows.integer(14);
  run.started = rows.optional_integer(15);
  run.finished = rows.optional_integer(16);
  run.attempt = static_cast<int>(rows.integer(17));
  run.job = rows.integer(18);
  run.single = rows.integer(19) != 0;
  run.cancelled_by = rows.text(20);
  run.tests_total = static_cast<int>(rows.integer(21));
  run.tests_failed = static_cast<int>(rows.integer(22));
  run.tests_skipped = static_cast<int>(rows.integer(23));
  run.discard = discard_from_json(rows.text(24));
  return run;
}

std::vector<Run> read_all(Rows rows) {
  std::vector<Run> runs;
  while (rows.next()) runs.push_back(read_run(rows));
  return runs;
}

std::optional<Run> read_one(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return read_run(rows);
}


}  // namespace

// --- reading -----------------------------------------------------------------

std::optional<Run> RunStore::find(std::int64_t id) {
  return db_.read([&](Connection& c) {
    return read_one(c.query(std::string(kColumns) + "where id = ?", id));
  });
}

std::optional<Run> RunStore::find(std::string_view project,
                                  std::string_view repo, std::int64_t number) {
  return db_.read([&](Connection& c) {
    return read_one(c.query(std::string(kColumns) +
                                "where project = ? and repo = ? and number = ?",
                            project, repo, number));
  });
}

std::vector<Run> RunStore::list(const RunFilter& filter) {
  return db_.read([&](Connection& c) {
    return read_all(
        c.query(std::string(kColumns) +
                    "where (?1 = '' or project = ?1) and (?2 = '' or repo = ?2)"
                    " and (?3 = 0 or id < ?3) order by id desc limit ?4",
                filter.project, filter.repo, filter.before, filter.limit));
  });
}

std::vector<Run> RunStore::in_state(Transaction& tx, RunState state) {
  return read_all(tx.query(std::string(kColumns) + "where state = ? order by id",
                           to_string(state)));
}

std::vector<Run> RunStore::of_repository(Transaction& tx,
                                         std::string_view project,
                                         std::string_view repo) {
  return read_all(tx.query(std::string(kColumns) +
                               "where project = ?1 and (?2 = '' or repo = ?2)",
                           project, repo));
}

std::vector<Run> RunStore::waiting(Transaction& tx, std::size_t limit) {
  return read_all(tx.query(std::string(kColumns) +
                               "where state = 'queued' and job = 0 "
                               "order by id limit ?",
                           limit));
}

std::optional<Run> RunStore::previous(const Run& run) {
  return db_.read([&](Connection& c) {
    return read_one(c.query(
        std::string(kColumns) +
            "where project = ? and repo = ? and ref = ? and id < ? and "
            "state = 'finished' order by id desc limit 1",
        run.project, run.repo, run.ref, run.id));
  });
}

std::vector<StageRow> RunStore::stages(std::int64_t run) {
  return db_.read([&](Connection& c) {
    auto rows = c.query(
        "select id, parent, name, state, result, started, finished, log_start, "
        "log_end from ci_stage where run = ? order by id",
        run);
    std::vector<StageRow> stages;
    while (rows.next()) {
      StageRow stage;
      stage.id = static_cast<int>(rows.integer(0));
      if (!rows.is_null(1)) stage.parent = static_cast<int>(rows.integer(1));
      stage.name = rows.text(2);
      stage.state = parse_state(rows.text(3));
      stage.result = result_at(rows, 4);
      stage.started = rows.optional_integer(5);
      stage.finished = rows.optional_integer(6);
      stage.log_start = rows.optional_integer(7);
      stage.log_end = rows.optional_integer(8);
      stages.push_back(std::move(stage));
    }
    return stages;
  });
}

std::vector<Artifact> RunStore::artifacts(std::int64_t run) {
  return db_.read([&](Connection& c) {
    auto rows = c.query(
        "select path, digest, size from ci_artifact where run = ? order by path",
        run);
    std::vector<Artifact> out;
    while (rows.next()) {
      out.push_back({rows.text(0), rows.text(1), rows.integer(2)});
    }
    return out;
  });
}

std::optional<Artifact> RunStore::artifact(std::int64_t run,
                                           std::string_view path) {
  return db_.read([&](Connection& c) -> std::optional<Artifact> {
    auto rows = c.query(
        "select path, digest, size from ci_artifact where run = ? and path = ?",
        run, path);
    if (!rows.next()) return std::nullopt;
    return Artifact{rows.text(0), rows.text(1), rows.integer(2)};
  });
}

std::vector<std::string> RunStore::test_reports(std::int64_t run) {
  return db_.read([&](Connection& c) {
    auto rows = c.query(
        "select digest from ci_test_report where run = ? order by seq", run);
    std::vector<std::string> digests;
    while (rows.next()) digests.push_back(rows.text(0));
    return digests;
  });
}

std::vector<std::pair<std::string, std::string>> RunStore::repositories() {
  return db_.read([&](Connection& c) {
    auto rows = c.query("select distinct project, repo from ci_run");
    std::vector<std::pair<std::string, std::string>> out;
    while (rows.next()) out.emplace_back(rows.text(0), rows.text(1));
    return out;
  });
}

std::optional<std::string> RunStore::blob_user(Connection& db,
                                               const Digest& digest) {
  const auto text = digest.to_string();
  auto rows = db.query(
      "select r.project, r.repo, r.number from ci_run r where r.id = coalesce("
      "(select run from ci_artifact where digest = ?1 limit 1), "
      "(select run from ci_test_report where digest = ?1 limit 1))",
      text);
  if (!rows.next()) return {};
  return fmt::format("run {}/{}#{}", rows.text(0), rows.text(1),
                     rows.integer(2));
}

// --- the life of a run -------------------------------------------------------

std::optional<Run> RunStore::add(Transaction& tx, Run run) {
  if (run.event) {
    auto rows = tx.query(
        "select 1 from ci_run where project = ? and repo = ? and ref = ? and "
        "commit_id = ? and event = ?",
        run.project, run.repo, run.ref, run.commit, *run.event);
    if (rows.next()) return std::nullopt;
  }
  tx.run("insert into ci_counter values (?, ?, 1) on conflict "
         "do update set last = last + 1",
         run.project, run.repo);
  {
    auto rows = tx.query(
        "select last from ci_counter where project = ? and repo = ?",
        run.project, run.repo);
    rows.next();
    run.number = rows.integer(0);
  }
  Json parameters = Json::object();
  for (const auto& [name, value] : run.parameters) parameters[name] = value;
  tx.run("insert into ci_run (project, repo, number, ref, commit_id, event, "
         "cause, message, author, parameters, state, queued, attempt, single, "
         "discard) "
         "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)",
         run.project, run.repo, run.number, run.ref, run.commit, run.event,
         run.cause, run.message, run.author,
         parameters.dump(-1, ' ', false, Json::error_handler_t::replace),
         run.queued, run.attempt, run.single, discard_to_json(run.discard));
  run.id = tx.last_insert_id();
  events_.append(tx, "RunQueued", run.subject(), fmt::to_string(run.id));
  return run;
}

void RunStore::set_job(Transaction& tx, std::int64_t run, std::int64_t job) {
  tx.run("update ci_run set job = ? where id = ?", job, run);
}

bool RunStore::claim(Transaction& tx, const Run& run, UnixMillis now,
                     std::int64_t limit) {
  bool room = false;
  {
    auto rows = tx.query(
        "select count(*), coalesce(sum(project = ? and repo = ? and ref = ?), "
        "0) from ci_run where state = 'running'",
        run.project, run.repo, run.ref);
    rows.next();
    room = rows.integer(0) < limit && !(run.single && rows.integer(1) > 0);
  }
  if (!room) {
    tx.run("update ci_run set job = 0 where id = ? and state = 'queued'",
           run.id);
    return false;
  }
  return tx.run("update ci_run set state = 'running', started = ? "
                "where id = ? and state = 'queued'",
                now, run.id) > 0;
}

bool RunStore::finish(Transaction& tx, const Run& run, Result result,
                      std::string_view error, UnixMillis now) {
  if (tx.run("update ci_run set state = 'finished', result = ?, error = ?, "
             "finished = ? where id = ? and state <> 'finished'",
             to_string(result), error, now, run.id) == 0) {
    return false;
  }
  // Stages that never began did not run; those that did share the run's end.
  tx.run("update ci_stage set state = 'finished', result = 'NOT_BUILT', "
         "finished = ? where run = ? and state = 'queued'",
         now, run.id);
  tx.run("update ci_stage set state = 'finished', result = ?, finished = ? "
         "where run = ? and state = 'running'",
         to_string(result), now, run.id);
  events_.append(tx, "RunFinished", run.subject(), to_string(result));
  return true;
}

void RunStore::ask_cancel(Transaction& tx, std::int64_t run,
                          std::string_view who) {
  tx.run("update ci_run set cancelled_by = ? where id = ?", who, run);
}

// --- what a run leaves -------------------------------------------------------

void RunStore::set_stages(std::int64_t run,
                          const std::vector<StageRow>& stages) {
  db_.write([&](Transaction& tx) {
    tx.run("delete from ci_stage where run = ?", run);
    for (const StageRow& stage : stages) {
      tx.run("insert into ci_stage (run, id, parent, name, state) "
             "values (?, ?, ?, ?, 'queued')",
             run, stage.id, stage.parent, stage.name);
    }
  });
}

void RunStore::start_stage(std::int64_t run, int stage, UnixMillis now,
                           std::uint64_t log_start) {
  db_.write([&](Transaction& tx) {
    tx.run("update ci_stage set state = 'running', result = null, started = ?, "
           "finished = null, log_start = ?, log_end = null "
           "where run = ? and id = ?",
           now, log_start, run, stage);
  });
}

void RunStore::finish_stage(std::int64_t run, int stage, Result result,
                            UnixMillis now, std::uint64_t log_end) {
  db_.write([&](Transaction& tx) {
    tx.run("update ci_stage set state = 'finished', result = ?, finished = ?, "
           "log_end = ? where run = ? and id = ?",
           to_string(result), now, log_end, run, stage);
  });
}

void RunStore::add_artifact(std::int64_t run, const Artifact& artifact) {
  db_.write([&](Transaction& tx) {
    tx.run("insert or replace into ci_artifact values (?, ?, ?, ?)", run,
           artifact.path, artifact.digest, artifact.size);
  });
}

void RunStore::add_tests(std::int64_t run, std::string_view digest, int total,
                         int failed, int skipped) {
  db_.write([&](Transaction& tx) {
    tx.run("insert into ci_test_report select ?1, count(*), ?2 from "
           "ci_test_report where run = ?1",
           run, digest);
    tx.run("update ci_run set tests_total = tests_total + ?, "
           "tests_failed = tests_failed + ?, tests_skipped = tests_skipped + ? "
           "where id = ?",
           total, failed, skipped, run);
  });
}

void RunStore::remove(Transaction& tx, std::int64_t run) {
  for (const char* sql : {"delete from ci_stage where run = ?",
                          "delete from ci_artifact where run = ?",
                          "delete from ci_test_report where run = ?",
                          "delete from ci_run where id = ?"}) {
    tx.run(sql, run);
  }
}

void RunStore::remove_artifacts(std::int64_t run) {
  db_.write([&](Transaction& tx) {
    tx.run("delete from ci_artifact where run = ?", run);
  });
}

}  // namespace skerry::ci
