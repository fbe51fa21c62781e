#include "runs/removal.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/error.h"
#include "core/os/file.h"
#include "core/telemetry/log.h"
#include "core/text/number.h"

namespace skerry::ci {
namespace fs = std::filesystem;
namespace {

void remove_folder(const fs::path& folder) {
  try {
    remove_tree(folder);
    std::error_code ignored;  // the repository's last run?
    fs::remove(folder.parent_path(), ignored);
  } catch (const Error& error) {
    log::warning("a deleted run's folder stays for now",
                 {{"folder", folder.native()}, {"error", error.message()}});
  }
}

void forget_run(Context& context, Transaction& tx, const Run& run) {
  context.store.remove(tx, run.id);
  tx.after_commit([&context, run] {
    if (run.state != RunState::finished && run.job != 0) {
      context.services.jobs.cancel(run.job);
    }
    remove_folder(context.run_folder(run));
    context.board.touch(run.id);
  });
}

struct RunPlace {
  std::string project, repo;
  std::int64_t number = 0;
  fs::path folder;
};

// <data>/runs/<project>/<repo>/<number>
std::optional<RunPlace> place_of(const fs::path& runs, const fs::path& folder) {
  const fs::path inside = folder.lexically_relative(runs);
  auto part = inside.begin();
  RunPlace place;
  place.project = (part++)->native();
  place.repo = (part++)->native();
  const auto number = parse_number<decltype(place.number)>(part->native());
  if (!number) return std::nullopt;
  place.number = *number;
  place.folder = folder;
  return place;
}

std::vector<RunPlace> run_folders(const fs::path& runs) {
  constexpr int kDepthOfRuns = 2;
  std::vector<RunPlace> places;
  std::error_code fault;
  for (fs::recursive_directory_iterator it(runs, fault), end;
       !fault && it != end; it.increment(fault)) {
    if (it.depth() != kDepthOfRuns) continue;
    it.disable_recursion_pending();
    if (auto place = place_of(runs, it->path())) {
      places.push_back(std::move(*place));
    }
  }
  return places;
}

}  // namespace

void forget_repository(Context& context, Transaction& tx,
                       std::string_view project, std::string_view repo) {
  for (const Run& run : context.store.of_repository(tx, project, repo)) {
    forget_run(context, tx, run);
  }
  tx.run("delete from ci_repository where project = ? and repo = ?", project,
         repo);
}

void forget_project(Context& context, Transaction& tx,
                    std::string_view project) {
  for (const Run& run : context.store.of_repository(tx, project, "")) {
    forget_run(context, tx, run);
  }
  for (const char* sql : {"delete from ci_counter where project = ?",
                          "delete from ci_repository where project = ?",
                          "delete from ci_credential where project = ?",
                          "delete from ci_defaults where project = ?",
                          "delete from ci_project where project = ?"}) {
    tx.run(sql, project);
  }
  tx.after_commit([folder = context.services.paths.data / "runs" / project] {
    std::error_code ignored;  // it may never have had a run
    fs::remove(folder, ignored);
  });
}

std::int64_t count_live_runs(Context& context, std::string_view project) {
  const std::string prefix = std::string(project) + "/";  // of Run::subject()
  const auto jobs = context.services.jobs.running(kRunJob);
  return std::count_if(jobs.begin(), jobs.end(), [&](const Job& job) {
    return job.subject.starts_with(prefix);
  });
}

// A run's folder is made within the transaction that adds its row: under the
// write lock a folder without a row belongs to nobody.
void sweep_run_folders(Context& context) {
  for (const RunPlace& place :
       run_folders(context.services.paths.data / "runs")) {
    if (context.store.find(place.project, place.repo, place.number)) continue;
    context.services.db.write_alone([&](Transaction&) {
      if (!context.store.find(place.project, place.repo, place.number)) {
        remove_folder(place.folder);
      }
    });
  }
}

}  // namespace skerry::ci
