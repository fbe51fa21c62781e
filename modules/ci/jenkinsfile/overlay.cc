#include <algorithm>

#include "jenkinsfile/fragment.h"

namespace skerry::ci {
namespace {

// Each of `lower` takes the place of the one with the same key in `upper`, or
// is appended.
template <typename T, typename Key>
void overlay_list(std::vector<T>& upper, std::vector<T> lower, Key key) {
  for (T& one : lower) {
    const auto same = std::find_if(upper.begin(), upper.end(), [&](const T& u) {
      return key(u) == key(one);
    });
    if (same != upper.end()) {
      *same = std::move(one);
    } else {
      upper.push_back(std::move(one));
    }
  }
}

template <typename T>
void overlay_value(std::optional<T>& upper, std::optional<T>& lower) {
  if (lower) upper = std::move(lower);
}

void overlay_options(Options& upper, Options lower) {
  overlay_value(upper.timeout, lower.timeout);
  overlay_value(upper.retry, lower.retry);
  overlay_value(upper.timestamps, lower.timestamps);
  overlay_value(upper.disable_concurrent_builds,
                lower.disable_concurrent_builds);
  overlay_value(upper.abort_previous, lower.abort_previous);
  overlay_value(upper.build_discarder, lower.build_discarder);
  overlay_value(upper.skip_default_checkout, lower.skip_default_checkout);
  overlay_value(upper.skip_stages_after_unstable,
                lower.skip_stages_after_unstable);
  overlay_value(upper.parallels_always_fail_fast,
                lower.parallels_always_fail_fast);
  for (auto& [name, place] : lower.places) upper.places[name] = place;
}

}  // namespace

Fragment overlay(Fragment upper, Fragment lower) {
  if (lower.agent) {
    upper.agent = lower.agent;
    upper.agent_place = lower.agent_place;
  }
  const auto name = [](const auto& one) -> const std::string& {
    return one.name;
  };
  overlay_list(upper.environment, std::move(lower.environment), name);
  overlay_list(upper.parameters, std::move(lower.parameters), name);
  overlay_list(upper.stages, std::move(lower.stages), name);
  overlay_list(upper.post, std::move(lower.post),
               [](const PostBlock& block) { return block.when; });
  std::stable_sort(
      upper.post.begin(), upper.post.end(),
      [](const PostBlock& a, const PostBlock& b) { return a.when < b.when; });
  overlay_options(upper.options, std::move(lower.options));
  upper.place = lower.place;
  return upper;
}

}  // namespace skerry::ci
