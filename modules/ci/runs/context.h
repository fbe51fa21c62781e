// What the parts of the running half share. Made once, by CiModule.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "ci/chart_publisher.h"
#include "ci/image_store.h"
#include "ci/sources.h"
#include "core/boot/module.h"
#include "executor/executor.h"
#include "jenkinsfile/load.h"
#include "runs/configuration.h"
#include "runs/credentials.h"
#include "runs/log_board.h"
#include "runs/run_store.h"

namespace skerry::ci {

inline constexpr std::string_view kRunJob = "ci.run";

struct Context {
  Services& services;
  SourceProvider& sources;
  ImageStore& images;
  ChartPublisher& charts;
  std::function<std::string()> base_url;
  RunStore store;
  Configuration configuration;
  Credentials credentials;
  LogBoard board{};
  std::unique_ptr<Executor> executor{};

  std::filesystem::path log_file(const Run& run) const {
    return run_folder(run) / "log";
  }
  // <data>/runs/<project>/<repo>/<number>
  std::filesystem::path run_folder(const Run& run) const {
    return services.paths.data / "runs" / run.project / run.repo /
           std::to_string(run.number);
  }
  // Workspaces of a run that failed, to be looked at for a while.
  std::filesystem::path kept_folder(const Run& run) const {
    return run_folder(run) / "kept";
  }
};

// The repository's pipeline at a commit under the defaults above it; nothing
// when there is neither a file nor any default stage.
std::optional<LoadResult> load_plan(Context& context, std::string_view project,
                                    std::string_view repo,
                                    std::string_view commit);

}  // namespace skerry::ci
