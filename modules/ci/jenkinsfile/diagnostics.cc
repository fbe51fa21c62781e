#include "jenkinsfile/diagnostics.h"

#include <algorithm>
#include <numeric>

#include "core/text/unicode.h"

namespace skerry::ci {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Edits (insert, remove, replace) that turn `a` into `b`, ignoring case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced =
          diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

// A message may quote half of a character; it must be fit for JSON.
void Faults::keep(const Place& place, std::string_view message) {
  list_.push_back({place, unicode::repaired(message)});
}

std::vector<PipelineDiagnostic> Faults::take() {
  std::stable_sort(
      list_.begin(), list_.end(),
      [](const PipelineDiagnostic& a, const PipelineDiagnostic& b) {
        return a.place < b.place;
      });
  return std::exchange(list_, {});
}

std::string suggestion(std::string_view name,
                       const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kLongestName = 64;
  if (name.size() > kLongestName) return "";
  std::string_view best;
  std::size_t best_distance = name.size() / 3 + 1;  // allowed: a third
  for (const std::string_view candidate : candidates) {
    const std::size_t d = distance(name, candidate);
    if (d < best_distance || (d == best_distance && best.empty())) {
      best = candidate;
      best_distance = d;
    }
  }
  return best.empty() ? "" : fmt::format("; did you mean '{}'?", best);
}

}  // namespace skerry::ci
