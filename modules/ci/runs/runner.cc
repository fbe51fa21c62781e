#include "runs/runner.h"

#include <fcntl.h>

#include <algorithm>

#include "core/error.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"
#include "executor/pipeline_run.h"
#include "runs/retention.h"
#include "runs/run_log.h"
#include "runs/server_host.h"
#include "runs/trigger.h"

namespace skerry::ci {
namespace {

constexpr std::string_view kInterrupted = "interrupted by a restart of Skerry";
// A run that takes the daemon down with it is not begun for ever.
constexpr int kMaxAttempts = 3;

struct End {
  Result result = Result::success;
  std::string error;
  bool interrupted = false;
};

std::vector<StageRow> stage_rows(const Pipeline& pipeline) {
  std::vector<StageRow> rows;
  std::vector<int> parents;  // by depth
  each_stage(pipeline.stages, [&](const Stage& stage, int depth) {
    StageRow row;
    row.id = static_cast<int>(rows.size());
    row.name = stage.name;
    const auto level = static_cast<std::size_t>(depth);
    if (level > 0) row.parent = parents[level - 1];
    parents.resize(level);
    parents.push_back(row.id);
    rows.push_back(std::move(row));
  });
  return rows;
}

std::map<std::string, Value> parameter_values(const Context& context,
                                              const Pipeline& pipeline,
                                              const Run& run, RunLog& log) {
  std::map<std::string, Value> values;
  for (const Parameter& parameter : pipeline.parameters) {
    const auto it = run.parameters.find(parameter.name);
    const std::string text =
        it == run.parameters.end() ? parameter.default_value
                                   : context.credentials.reveal(it->second);
    if (parameter.kind == Parameter::Kind::password) log.add_secret(text);
    values[parameter.name] = parameter.kind == Parameter::Kind::boolean
                                 ? Value(text == "true")
                                 : Value(text);
  }
  return values;
}

std::map<std::string, std::string> standard_environment(const Context& context,
                                                        const Run& run) {
  const std::string base = context.base_url();
  const std::string number = fmt::to_string(run.number);
  const std::string branch = run.branch(), tag = run.tag();
  std::map<std::string, std::string> all = {
      {"CI", "true"},
      {"SKERRY_URL", base},
      {"BUILD_NUMBER", number},
      {"BUILD_ID", number},
      {"BUILD_DISPLAY_NAME", "#" + number},
      {"BUILD_TAG", fmt::format("skerry-{}-{}-{}", run.project, run.repo,
                                run.number)},
      {"BUILD_URL", fmt::format("{}/projects/{}/repos/{}/runs/{}", base,
                                run.project, run.repo, run.number)},
      {"JOB_NAME", run.job_name()},
      {"JOB_BASE_NAME", run.repo},
      {"GIT_COMMIT", run.commit},
      {"GIT_URL",
       fmt::format("{}/git/{}/{}.git", base, run.project, run.repo)}};
  const std::string name = tag.empty() ? branch : tag;
  if (!name.empty()) {
    all["BRANCH_NAME"] = name;
    all["GIT_BRANCH"] = name;
  }
  if (!tag.empty()) all["TAG_NAME"] = tag;
  return all;
}

std::uint64_t log_size(const Context& context, const Run& run) {
  std::error_code error;
  const auto size = std::filesystem::file_size(context.log_file(run), error);
  return error ? 0 : size;
}

// A failed run's folder of stashes and clones goes with it in any case.
struct ScratchFolder {
  explicit ScratchFolder(std::filesystem::path folder)
      : path(std::move(folder)) {
    std::filesystem::create_directories(path);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::filesystem::path path;
};

RunFacts facts_of(Context& context, const Run& run, const Pipeline& pipeline,
                  RunLog& log) {
  RunFacts facts;
  facts.job_name = run.job_name();
  facts.number = run.number;
  facts.started = context.services.clock.now();
  facts.branch = run.branch();
  facts.tag = run.tag();
  if (const auto previous = context.store.previous(run)) {
    facts.previous = previous->result;
  }
  facts.parameters = parameter_values(context, pipeline, run, log);
  facts.environment = standard_environment(context, run);
  facts.post_time = context.services.settings.duration("ci.post_timeout");
  return facts;
}

End carry_out(Context& context, const Run& run, RunLog& log, JobContext& job) {
  const auto plan = load_plan(context, run.project, run.repo, run.commit);
  if (!plan) {
    return {Result::failure, "the pipeline is gone from the commit", false};
  }
  if (!plan->ok()) {
    log.append(plan->message() + "\n", true);
    return {Result::failure, plan->message(), false};
  }
  context.store.set_stages(run.id, stage_rows(plan->pipeline));
  std::stop_source cancel, shutdown;
  const std::stop_callback watch(job.stop(), [&] {
    (job.cancelled() ? cancel : shutdown).request_stop();
  });
  const ScratchFolder scratch(context.services.paths.work / "ci" /
                              fmt::format("scratch-{}", run.id));
  ServerHost host(context, run, scratch.path);
  PipelineRun pipeline_run(plan->pipeline,
                           facts_of(context, run, plan->pipeline, log), host,
                           log, cancel.get_token(), shutdown.get_token());
  const auto outcome = pipeline_run.run();
  if (shutdown.stop_requested()) {
    return {Result::failure, std::string(kInterrupted), true};
  }
  if (cancel.stop_requested()) {
    const auto now = context.store.find(run.id);
    const std::string who = now ? now->cancelled_by : "";
    return {Result::aborted,
            who.empty() ? "cancelled" : fmt::format("cancelled by {}", who),
            false};
  }
  return {outcome.result, outcome.error, false};
}

// The log is on disk before the row says that the run is over.
void make_durable(const std::filesystem::path& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd) fsync_file(fd.get());
}

void finish(Context& context, const Run& run, const End& end) {
  context.services.db.write([&](Transaction& tx) {
    context.store.finish(tx, run, end.result, end.error,
                         context.services.clock.now());
    wake_waiting(context, tx);
  });
  context.services.metrics
      .counter("skerry_ci_runs_total", "Runs that ended",
               {{"result", std::string(to_string(end.result))}})
      .add();
  context.board.touch(run.id);
}

void begin_again(Context& context, const Run& run) {
  if (context.services.settings.text("ci.resume_interrupted") != "rerun") {
    return;
  }
  if (run.attempt >= kMaxAttempts) {
    log::warning("an interrupted run is not begun again",
                 {{"run", run.subject()}, {"attempts", run.attempt}});
    return;
  }
  try {
    rerun(context, run, fmt::format("restart of the interrupted #{}",
                                    run.number),
          run.attempt + 1);
  } catch (const Error& error) {
    log::warning("an interrupted run could not be begun again",
                 {{"run", run.subject()}, {"error", error.message()}});
  }
}

// Of a run that a dead daemon left running.
End end_of(const Run& run) {
  if (run.cancelled_by.empty()) {
    return {Result::failure, std::string(kInterrupted), true};
  }
  return {Result::aborted, fmt::format("cancelled by {}", run.cancelled_by),
          true};
}

LogSink live_log(Context& context, const Run& run) {
  return [sink = open_log_file(context.log_file(run)), &context,
          id = run.id](std::string_view bytes) {
    sink(bytes);
    context.board.touch(id);
  };
}

void carry_out_claimed(Context& context, const Run& run, JobContext& job) {
  End end;
  std::string log_problem;
  try {
    RunLog log(live_log(context, run), context.services.clock,
               static_cast<std::uint64_t>(
                   context.services.settings.integer("ci.max_log_size")),
               log_size(context, run));
    // It stands there since the run was queued, unless that failed.
    if (log.size() == 0) log.append(first_log_line(run), true);
    try {
      end = carry_out(context, run, log, job);
    } catch (const std::exception& error) {
      log.append(fmt::format("ERROR: {}\n", error.what()), true);
      end = {Result::failure, error.what(), false};
    }
    keep_or_remove_workspaces(context, run, end.result, log);
    if (end.interrupted || end.result == Result::aborted) {
      log.append(end.error + "\n", true);
    }
    log.append(fmt::format("Finished: {}\n", to_string(end.result)), true);
    log_problem = log.problem();
    make_durable(context.log_file(run));
  } catch (const Error& error) {
    log_problem = error.message();
  }
  if (!log_problem.empty()) {
    end.result = worst(end.result, Result::failure);
    end.error = fmt::format("{}{}the log is not whole: {}", end.error,
                            end.error.empty() ? "" : "; ", log_problem);
  }
  finish(context, run, end);
  if (end.interrupted) begin_again(context, run);
  log::info("run finished", {{"run", run.subject()},
                             {"result", to_string(end.result)}});
}

}  // namespace

void run_job(Context& context, JobContext& job) {
  const std::int64_t id = job.job().payload.at("run");
  const auto run = context.store.find(id);
  // A job may come twice; a run begins once.
  if (!run || run->state == RunState::finished) return;
  if (run->state == RunState::running) {
    // This job began it and could not write down its end (a full disk).
    if (run->job != job.job().id) return;
    finish(context, *run, {Result::failure, std::string(kInterrupted), true});
    return;
  }
  const bool mine = context.services.db.write([&](Transaction& tx) {
    return context.store.claim(
        tx, *run, context.services.clock.now(),
        context.services.settings.integer("ci.max_parallel"));
  });
  if (!mine) return;
  carry_out_claimed(context, *run, job);
}

void recover_runs(Context& context) {
  context.credentials.prepare();
  context.executor->remove_leftovers();
  std::vector<Run> interrupted;
  context.services.db.write([&](Transaction& tx) {
    interrupted = context.store.in_state(tx, RunState::running);
    for (const Run& run : interrupted) {
      const End end = end_of(run);
      context.store.finish(tx, run, end.result, end.error,
                           context.services.clock.now());
    }
    wake_waiting(context, tx);
  });
  for (const Run& run : interrupted) {
    try {
      RunLog log(open_log_file(context.log_file(run)), context.services.clock,
                 kNoLimit);
      const End end = end_of(run);
      log.append(fmt::format("\n{}\nFinished: {}\n", end.error,
                             to_string(end.result)),
                 true);
    } catch (const Error& error) {
      log::warning("a run's log could not be ended",
                   {{"run", run.subject()}, {"error", error.message()}});
    }
    if (run.cancelled_by.empty()) begin_again(context, run);
  }
}

}  // namespace skerry::ci
