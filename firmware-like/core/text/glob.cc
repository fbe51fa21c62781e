#include "core/text/glob.h"

#include <string>
#include <vector>

namespace skerry {
namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

// The usual greedy match with one point of return: linear times linear.
bool segment_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' ||
                                      pattern[p] == text[t])) {
      ++p;
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

bool match_by_segment(
    std::string_view pattern, std::string_view path,
    const std::function<bool(std::string_view, std::string_view)>& match) {
  const auto patterns = segments(pattern), names = segments(path);
  std::size_t p = 0, n = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (n < names.size()) {
    if (p < patterns.size() && patterns[p] == "**") {
      star = p++;
      resume = n;
    } else if (p < patterns.size() && match(patterns[p], names[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < patterns.size() && patterns[p] == "**") ++p;
  return p == patterns.size();
}

bool glob_match(std::string_view pattern, std::string_view path) {
  std::string whole(pattern);
  if (!whole.empty() && whole.back() == '/') whole += "**";  // as Ant reads it
  return match_by_segment(whole, path, segment_match);
}

}  // namespace skerry
