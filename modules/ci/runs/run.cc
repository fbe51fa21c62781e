#include "runs/run.h"

#include <fmt/format.h>

namespace skerry::ci {
namespace {

std::string after(const std::string& ref, std::string_view prefix) {
  return ref.starts_with(prefix) ? ref.substr(prefix.size()) : std::string();
}

}  // namespace

std::string_view to_string(RunState state) {
  switch (state) {
    case RunState::queued:
      return "queued";
    case RunState::running:
      return "running";
    case RunState::finished:
      break;
  }
  return "finished";
}

std::string Run::subject() const {
  return fmt::format("{}/{}#{}", project, repo, number);
}

std::string Run::branch() const { return after(ref, "refs/heads/"); }
std::string Run::tag() const { return after(ref, "refs/tags/"); }

}  // namespace skerry::ci
