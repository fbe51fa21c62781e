#include "executor/steps.h"

#include <array>
#include <utility>

#include "core/tree/tree.h"

namespace skerry::ci {
namespace {

constexpr std::pair<std::string_view, StepFunction> kSteps[] = {
    {"archiveArtifacts", steps::archive_artifacts},
    {"buildImage", steps::build_image},
    {"catchError", steps::catch_error},
    {"checkout", steps::checkout},
    {"deleteDir", steps::delete_dir},
    {"dir", steps::dir},
    {"echo", steps::echo},
    {"error", steps::error},
    {"fileExists", steps::file_exists},
    {"git", steps::git},
    {"junit", steps::junit},
    {"publishChart", steps::publish_chart},
    {"readFile", steps::read_file},
    {"retry", steps::retry},
    {"script", steps::script},
    {"sh", steps::sh},
    {"sleep", steps::sleep},
    {"stash", steps::stash},
    {"timeout", steps::timeout},
    {"timestamps", steps::timestamps},
    {"unstable", steps::unstable},
    {"unstash", steps::unstash},
    {"warnError", steps::warn_error},
    {"withCredentials", steps::with_credentials},
    {"withEnv", steps::with_env},
    {"writeFile", steps::write_file},
};

}  // namespace

StepFunction find_step_function(std::string_view name) {
  for (const auto& [known, function] : kSteps) {
    if (known == name) return function;
  }
  return nullptr;
}

Site& StepCall::site() const {
  if (frame.site == nullptr) {
    fail(ErrorCode::invalid, "it needs an agent");
  }
  return *frame.site;
}

std::string StepCall::path(std::string_view relative) const {
  // A path as a script sees it is understood too.
  const std::string workspace = site().workspace_path();
  if (relative == workspace) return {};
  if (relative.starts_with(workspace + "/")) {
    return clean_path(relative.substr(workspace.size() + 1));
  }
  if (relative.starts_with('/')) {
    fail(ErrorCode::denied, "{} is outside of the workspace", relative);
  }
  try {
    return join_path(frame.folder, relative);
  } catch (const Error&) {
    fail(ErrorCode::denied, "{} is outside of the workspace", relative);
  }
}

}  // namespace skerry::ci
