#include "image/pattern.h"

#include <optional>
#include <string>

#include "core/text/glob.h"

namespace skerry::ci {
namespace {

// One thing of a pattern other than '*': how long it is, and whether it
// matches `c`. Nothing when it is malformed.
struct Step {
  std::size_t length;
  bool matches;
};

std::optional<Step> match_class(std::string_view pattern, char c) {
  std::size_t i = 1;
  const bool negated = i < pattern.size() && pattern[i] == '^';
  if (negated) ++i;
  bool found = false;
  const std::size_t first = i;
  const auto literal = [&]() -> std::optional<char> {
    if (i < pattern.size() && pattern[i] == '\\') ++i;
    if (i >= pattern.size()) return std::nullopt;
    return pattern[i++];
  };
  while (i < pattern.size() && (pattern[i] != ']' || i == first)) {
    const auto low = literal();
    if (!low) return std::nullopt;
    auto high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      ++i;
      high = literal();
      if (!high) return std::nullopt;
    }
    const auto byte = static_cast<unsigned char>(c);
    found = found || (static_cast<unsigned char>(*low) <= byte &&
                      byte <= static_cast<unsigned char>(*high));
  }
  if (i >= pattern.size()) return std::nullopt;
  return Step{i + 1, found != negated};
}

std::optional<Step> match_one(std::string_view pattern, char c) {
  switch (pattern.front()) {
    case '?':
      return Step{1, true};
    case '[':
      return match_class(pattern, c);
    case '\\':
      if (pattern.size() < 2) return std::nullopt;
      return Step{2, pattern[1] == c};
    default:
      return Step{1, pattern.front() == c};
  }
}

// The usual greedy match with one point of return: linear times linear.
bool match_segment(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
      continue;
    }
    const auto step = p < pattern.size() ? match_one(pattern.substr(p), text[t])
                                         : std::optional<Step>(Step{0, false});
    if (!step) return false;
    if (step->matches) {
      p += step->length;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

bool match_pattern(std::string_view pattern, std::string_view path) {
  return match_by_segment(pattern, path, match_segment);
}

bool is_pattern(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '*' || text[i] == '?' || text[i] == '[') {
      return true;
    }
  }
  return false;
}

std::string_view pattern_fault(std::string_view pattern) {
  while (!pattern.empty()) {
    const auto step = pattern.front() == '*'
                          ? std::optional<Step>(Step{1, true})
                          : match_one(pattern, '\0');
    if (!step) {
      return pattern.front() == '[' ? "'[' is not closed"
                                    : "nothing follows the backslash";
    }
    pattern.remove_prefix(step->length);
  }
  return "";
}

}  // namespace skerry::ci
