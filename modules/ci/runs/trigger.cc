#include "runs/trigger.h"

#include <algorithm>

#include "core/error.h"
#include "core/telemetry/log.h"
#include "runs/run_log.h"

namespace skerry::ci {
namespace {

struct RefName {
  std::string project, repo, ref;
};

// "<project>/<repo>:<ref>"
std::optional<RefName> parse_subject(std::string_view subject) {
  const auto slash = subject.find('/');
  const auto colon = subject.find(':');
  if (slash == std::string_view::npos || colon == std::string_view::npos ||
      slash > colon) {
    return std::nullopt;
  }
  return RefName{std::string(subject.substr(0, slash)),
                 std::string(subject.substr(slash + 1, colon - slash - 1)),
                 std::string(subject.substr(colon + 1))};
}

bool is_deletion(std::string_view id) {
  return id.find_first_not_of('0') == std::string_view::npos;
}

std::string first_line(const std::string& text) {
  return text.substr(0, std::min(text.find('\n'), text.size()));
}

std::string trim(std::string text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::string checked_value(const Parameter& parameter, std::string value) {
  switch (parameter.kind) {
    case Parameter::Kind::boolean:
      if (value != "true" && value != "false") {
        fail(ErrorCode::invalid, "parameter '{}' must be true or false",
             parameter.name);
      }
      break;
    case Parameter::Kind::choice:
      if (std::find(parameter.choices.begin(), parameter.choices.end(),
                    value) == parameter.choices.end()) {
        fail(ErrorCode::invalid, "parameter '{}' has no choice '{}'",
             parameter.name, value);
      }
      break;
    default:
      if (parameter.trim) value = trim(std::move(value));
  }
  return value;
}

// The given values over the defaults. `strict` refuses a name that the
// pipeline does not declare.
Parameters complete(const Context& context, const Pipeline& pipeline,
                    const Parameters& given, bool strict) {
  Parameters all;
  for (const Parameter& parameter : pipeline.parameters) {
    const auto it = given.find(parameter.name);
    all[parameter.name] = it == given.end()
                              ? parameter.default_value
                              : checked_value(parameter, it->second);
    std::string& value = all[parameter.name];
    if (parameter.kind == Parameter::Kind::password &&
        !Credentials::is_hidden(value)) {
      value = context.credentials.hide(value);
    }
  }
  if (strict) {
    for (const auto& [name, value] : given) {
      if (!all.contains(name)) {
        fail(ErrorCode::invalid, "the pipeline has no parameter '{}'", name);
      }
    }
  }
  return all;
}

void enqueue(Context& context, Transaction& tx, const Run& run) {
  context.store.set_job(
      tx, run.id,
      context.services.jobs.enqueue(tx, kRunJob, run.subject(),
                                    {{"run", run.id}}));
}

// The log begins when the run is queued, so that a watcher sees at once that
// the push has arrived. A log that cannot be written is told when it is run.
void begin_log(Context& context, const Run& run, const std::string& lines) {
  try {
    std::error_code ignored;  // a number whose transaction failed left one
    std::filesystem::remove(context.log_file(run), ignored);
    open_log_file(context.log_file(run))(first_log_line(run) + lines);
  } catch (const Error& error) {
    log::warning("a run's log could not be begun",
                 {{"run", run.subject()}, {"error", error.message()}});
  }
}

// A pipeline that cannot be read: the run is over before it begins, and its
// log says why.
void add_broken(Context& context, Transaction& tx, const Run& run,
                const std::string& message) {
  begin_log(context, run, message + "\nFinished: FAILURE\n");
  context.store.finish(tx, run, Result::failure, message,
                       context.services.clock.now());
}

void abort_superseded(Context& context, const Run& newer) {
  for (const Run& run :
       context.store.list({newer.project, newer.repo, newer.id, 200})) {
    if (run.ref == newer.ref && run.state != RunState::finished) {
      cancel_run(context, run, fmt::format("#{}", newer.number));
    }
  }
}

// Row, event and job in one transaction.
std::optional<Run> add_run(Context& context, Run run, const LoadResult& plan) {
  const Options& options = plan.pipeline.options;
  run.single = plan.ok() && options.disable_concurrent_builds.value_or(false);
  run.discard = options.build_discarder;
  run.queued = context.services.clock.now();
  const auto added =
      context.services.db.write([&](Transaction& tx) -> std::optional<Run> {
        // The repository may have gone since it was read.
        if (!context.sources.resolve(run.project, run.repo, run.commit)) {
          return std::nullopt;
        }
        auto row = context.store.add(tx, run);
        if (!row) return std::nullopt;
        if (plan.ok()) {
          begin_log(context, *row, "");
          enqueue(context, tx, *row);
        } else {
          add_broken(context, tx, *row, plan.message());
        }
        return row;
      });
  if (added && run.single && options.abort_previous.value_or(false)) {
    abort_superseded(context, *added);
  }
  return added;
}

Run needed_run(std::optional<Run> run) {
  if (!run) {
    fail(ErrorCode::not_found, "the commit went with its repository meanwhile");
  }
  return std::move(*run);
}

Run describe(Context& context, std::string_view project, std::string_view repo,
             std::string_view ref, std::string_view commit) {
  const CommitInfo info = context.sources.commit(project, repo, commit);
  Run run;
  run.project = project;
  run.repo = repo;
  run.ref = ref;
  run.commit = info.id;
  run.message = first_line(info.message);
  run.author = info.author;
  return run;
}

// The full name of what a person calls "main" or "v1".
std::string full_ref(Context& context, std::string_view project,
                     std::string_view repo, std::string_view ref) {
  if (ref.starts_with("refs/")) return std::string(ref);
  for (const char* prefix : {"refs/heads/", "refs/tags/"}) {
    std::string name = fmt::format("{}{}", prefix, ref);
    if (context.sources.resolve(project, repo, name)) return name;
  }
  return std::string(ref);
}

}  // namespace

std::string first_log_line(const Run& run) {
  return fmt::format("{} #{}: {} of {} at {}\n", run.job_name(), run.number,
                     run.cause, run.ref, run.commit.substr(0, 12));
}

std::optional<LoadResult> load_plan(Context& context, std::string_view project,
                                    std::string_view repo,
                                    std::string_view commit) {
  const auto tree = context.sources.tree(project, repo, commit);
  const std::string path = context.configuration.jenkinsfile(project, repo);
  PipelineTexts texts;
  texts.system = context.configuration.defaults("");
  texts.project = context.configuration.defaults(project);
  const auto entry = tree->find(path);
  const bool found = entry && (entry->kind == EntryKind::file ||
                               entry->kind == EntryKind::executable);
  if (found && entry->size > kMaxPipelineBytes) {
    LoadResult refused;
    refused.diagnostics.push_back(
        {{}, fmt::format("{} is larger than {} bytes", path,
                         kMaxPipelineBytes)});
    return refused;
  }
  if (found) {
    texts.repository = tree->read(path, kMaxPipelineBytes);
  } else if (!texts.system && !texts.project) {
    return std::nullopt;
  }
  LoadResult result = load_pipeline(texts);
  // Defaults that are no whole pipeline start nothing by themselves.
  if (!found && (!result.ok() || result.pipeline.stages.empty())) {
    return std::nullopt;
  }
  return result;
}

void on_ref_updated(Context& context, const Event& event) {
  const auto name = parse_subject(event.subject);
  if (!name || is_deletion(event.version)) return;
  if (!name->ref.starts_with("refs/heads/") &&
      !name->ref.starts_with("refs/tags/")) {
    return;
  }
  try {
    // An annotated tag's object stands for the commit that it names.
    const auto commit =
        context.sources.resolve(name->project, name->repo, event.version);
    if (!commit) return;
    Run run = describe(context, name->project, name->repo, name->ref, *commit);
    const auto plan =
        load_plan(context, name->project, name->repo, run.commit);
    if (!plan) return;
    run.event = event.id;
    run.cause = "push";
    if (plan->ok()) run.parameters = complete(context, plan->pipeline, {}, false);
    add_run(context, std::move(run), *plan);
  } catch (const Error& error) {
    // Worth another attempt, or for ever so: the ref's objects or its project
    // are gone, a tag names no commit. The latter must not hold up the others.
    if (error.code() == ErrorCode::io || error.code() == ErrorCode::busy ||
        error.code() == ErrorCode::unavailable ||
        error.code() == ErrorCode::internal) {
      throw;
    }
    log::warning("no run for a push", {{"subject", event.subject},
                                       {"error", error.message()}});
  }
}

Run start_run(Context& context, std::string_view project, std::string_view repo,
              std::string_view ref, const Parameters& parameters,
              std::string_view who) {
  const std::string full = full_ref(context, project, repo, ref);
  const auto commit = context.sources.resolve(project, repo, full);
  if (!commit) {
    fail(ErrorCode::not_found, "{}/{} has no branch, tag or commit '{}'",
         project, repo, ref);
  }
  Run run = describe(context, project, repo, full, *commit);
  const auto plan = load_plan(context, project, repo, run.commit);
  if (!plan) {
    fail(ErrorCode::not_found, "{}/{} has no {} at {}", project, repo,
         context.configuration.jenkinsfile(project, repo), ref);
  }
  run.cause = fmt::format("started by {}", who);
  if (plan->ok()) {
    run.parameters = complete(context, plan->pipeline, parameters, true);
  }
  return needed_run(add_run(context, std::move(run), *plan));
}

Run rerun(Context& context, const Run& old, std::string_view cause,
          int attempt) {
  Run run = old;
  run.event.reset();
  run.cause = cause;
  run.attempt = attempt;
  run.state = RunState::queued;
  const auto plan = load_plan(context, run.project, run.repo, run.commit);
  if (!plan) {
    fail(ErrorCode::not_found, "{}/{} has no pipeline at {}", run.project,
         run.repo, run.commit);
  }
  if (plan->ok()) {
    run.parameters = complete(context, plan->pipeline, run.parameters, false);
  }
  return needed_run(add_run(context, std::move(run), *plan));
}

bool cancel_run(Context& context, const Run& run, std::string_view who) {
  const UnixMillis now = context.services.clock.now();
  std::int64_t job = 0;
  const bool over = context.services.db.write([&](Transaction& tx) {
    // Read again under the lock: it may have begun or ended meanwhile.
    auto rows = tx.query("select state, job from ci_run where id = ?", run.id);
    if (!rows.next() || rows.text(0) == "finished") return true;
    const bool queued = rows.text(0) == "queued";
    job = rows.integer(1);
    context.store.ask_cancel(tx, run.id, who);
    if (queued) {
      context.store.finish(tx, run, Result::aborted,
                           fmt::format("cancelled by {}", who), now);
    }
    return false;
  });
  if (over) return false;
  if (job != 0) context.services.jobs.cancel(job);
  context.board.touch(run.id);
  return true;
}

void wake_waiting(Context& context, Transaction& tx) {
  for (const Run& run : context.store.waiting(tx, 16)) {
    enqueue(context, tx, run);
  }
}

}  // namespace skerry::ci
