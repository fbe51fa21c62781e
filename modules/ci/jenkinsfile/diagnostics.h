// Collects the faults of a text; keeps the first kMaxFaults of them. Not
// thread-safe.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "jenkinsfile/load.h"

namespace skerry::ci {

class Faults {
 public:
  static constexpr std::size_t kMaxFaults = 100;

  template <typename... Args>
  void add(const Place& place, fmt::format_string<Args...> format,
           Args&&... args) {
    if (++count_ > kMaxFaults) return;
    keep(place, fmt::format(format, std::forward<Args>(args)...));
  }
  bool empty() const { return count_ == 0; }
  // All that were added, those past kMaxFaults too.
  std::size_t size() const { return count_; }
  // Sorted by place.
  std::vector<PipelineDiagnostic> take();

 private:
  void keep(const Place& place, std::string_view message);

  std::vector<PipelineDiagnostic> list_;
  std::size_t count_ = 0;
};

// "; did you mean 'echo'?" when a candidate is near enough to `name` to be
// what was meant, otherwise "".
std::string suggestion(std::string_view name,
                       const std::vector<std::string_view>& candidates);

}  // namespace skerry::ci
