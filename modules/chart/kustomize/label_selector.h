// Kubernetes' label selectors: "app=web,tier in (a, b),!canary".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::chart::kustomize {

// Immutable, thread-safe.
class LabelSelector {
 public:
  // The value of a key; nothing when it is not there.
  using Labels = std::function<std::optional<std::string>(std::string_view)>;

  // Throws invalid with Kubernetes' sentences. An empty text selects all.
  explicit LabelSelector(std::string_view text);

  bool matches(const Labels& labels) const;
  bool selects_all() const { return requirements_.empty(); }

 private:
  enum class Operator { in, not_in, exists, absent, greater, less };
  struct Requirement {
    std::string key;
    Operator op = Operator::exists;
    std::vector<std::string> values;

    bool matches(const std::optional<std::string>& value) const;
  };
  class Parser;

  std::vector<Requirement> requirements_;
};

}  // namespace skerry::chart::kustomize
