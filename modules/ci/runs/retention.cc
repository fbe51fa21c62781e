#include "runs/retention.h"

#include <limits>
#include <map>
#include <set>

#include "core/os/file.h"

namespace skerry::ci {
namespace {

constexpr UnixMillis kDay = 24 * 3'600'000;

void remove_run(Context& context, const Run& run) {
  // First the folder: if we stop in between, the row brings us back here.
  remove_tree(context.run_folder(run));
  context.services.db.write(
      [&](Transaction& tx) { context.store.remove(tx, run.id); });
}

struct Branch {
  std::optional<BuildDiscarder> rule;  // of its newest run
  int finished = 0;                    // seen so far, newest first
};

bool beyond(const std::optional<int>& count, const std::optional<int>& days,
            int position, UnixMillis age) {
  return (count && position >= *count) || (days && age > *days * kDay);
}

}  // namespace

void prune_runs(Context& context, std::string_view project,
                std::string_view repo) {
  const auto keep = context.services.settings.integer("ci.keep_runs");
  const UnixMillis now = context.services.clock.now();
  std::map<std::string, Branch> branches;
  std::int64_t position = 0;
  const auto runs = context.store.list(
      {std::string(project), std::string(repo), 0,
       std::numeric_limits<std::int32_t>::max()});
  for (const Run& run : runs) {
    const auto [it, first] = branches.try_emplace(run.ref);
    Branch& branch = it->second;
    if (first) branch.rule = run.discard;
    ++position;
    if (run.state != RunState::finished) continue;
    const int older = branch.finished++;
    const UnixMillis age = now - run.queued;
    if (keep > 0 && position > keep) {
      remove_run(context, run);
    } else if (branch.rule && older > 0 &&
               beyond(branch.rule->runs_to_keep, branch.rule->days_to_keep,
                      older, age)) {
      remove_run(context, run);
    } else if (branch.rule && beyond(branch.rule->artifact_runs_to_keep,
                                     branch.rule->artifact_days_to_keep, older,
                                     age)) {
      context.store.remove_artifacts(run.id);
    }
  }
}

void prune_all_runs(Context& context) {
  for (const auto& [project, repo] : context.store.repositories()) {
    prune_runs(context, project, repo);
  }
}

std::chrono::milliseconds keep_time(const Context& context) {
  return context.services.settings.duration("ci.keep_failed_workspaces");
}

void keep_or_remove_workspaces(Context& context, const Run& run, Result result,
                               RunLog& log) {
  const auto folder = context.kept_folder(run);
  std::error_code fault;
  if (!std::filesystem::exists(folder, fault)) return;
  if (result != Result::failure) {
    remove_tree(folder);
    return;
  }
  log.append(
      fmt::format("The workspace is kept in {} below the data folder for {} "
                  "hours (setting ci.keep_failed_workspaces)\n",
                  folder.lexically_relative(context.services.paths.data)
                      .native(),
                  std::chrono::duration<double, std::ratio<3600>>(
                      keep_time(context))
                      .count()),
      true);
}

void remove_old_workspaces(Context& context) {
  const UnixMillis oldest =
      context.services.clock.now() - keep_time(context).count();
  RunFilter filter;
  filter.limit = std::numeric_limits<std::int32_t>::max();
  for (const Run& run : context.store.list(filter)) {
    const auto folder = context.kept_folder(run);
    std::error_code fault;
    if (run.state == RunState::finished &&
        run.finished.value_or(run.queued) <= oldest &&
        std::filesystem::exists(folder, fault)) {
      remove_tree(folder);
    }
  }
}

}  // namespace skerry::ci
