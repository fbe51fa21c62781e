#include "compare/text_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace skerry::cd {
namespace {

using Lines = std::vector<std::string_view>;

Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

struct Edit {
  char kind;  // ' ', '-', '+'
  std::string_view line;
};

void replace_all(const Lines& a, const Lines& b, std::vector<Edit>& edits) {
  for (auto line : a) edits.push_back({'-', line});
  for (auto line : b) edits.push_back({'+', line});
}

// Longest common subsequence by dynamic programming; `length[i][j]` is that of
// a[i..] and b[j..].
void align(const Lines& a, const Lines& b, std::vector<Edit>& edits) {
  if (a.empty() || b.empty() || a.size() * b.size() > (1u << 20)) {
    return replace_all(a, b, edits);
  }
  const std::size_t width = b.size() + 1;
  std::vector<std::uint32_t> length((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      length[i * width + j] =
          a[i] == b[j] ? length[(i + 1) * width + j + 1] + 1
                       : std::max(length[(i + 1) * width + j],
                                  length[i * width + j + 1]);
    }
  }
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i] == b[j]) {
      edits.push_back({' ', a[i]});
      ++i, ++j;
    } else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) {
      edits.push_back({'-', a[i++]});
    } else {
      edits.push_back({'+', b[j++]});
    }
  }
  while (i < a.size()) edits.push_back({'-', a[i++]});
  while (j < b.size()) edits.push_back({'+', b[j++]});
}

std::vector<Edit> edit_script(const Lines& a, const Lines& b) {
  std::size_t head = 0, tail = 0;
  const std::size_t shorter = std::min(a.size(), b.size());
  while (head < shorter && a[head] == b[head]) ++head;
  while (tail < shorter - head && a[a.size() - 1 - tail] ==
                                      b[b.size() - 1 - tail]) {
    ++tail;
  }
  const auto middle = [&](const Lines& all) {
    return Lines(all.begin() + static_cast<std::ptrdiff_t>(head),
                 all.end() - static_cast<std::ptrdiff_t>(tail));
  };
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < head; ++i) edits.push_back({' ', a[i]});
  align(middle(a), middle(b), edits);
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) {
    edits.push_back({' ', a[i]});
  }
  return edits;
}

// "3,7" or "3"; an empty range names the line before it.
std::string range(std::size_t start, std::size_t count) {
  if (count == 1) return fmt::format("{}", start + 1);
  return fmt::format("{},{}", count == 0 ? start : start + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after,
                         std::size_t context) {
  const auto edits = edit_script(split_lines(before), split_lines(after));
  std::string result;
  std::size_t a = 0, b = 0;  // lines before edits[i]
  std::size_t i = 0;
  while (i < edits.size()) {
    std::size_t change = i;
    while (change < edits.size() && edits[change].kind == ' ') ++change;
    if (change == edits.size()) break;
    const std::size_t begin = std::max(i, change > context ? change - context
                                                           : std::size_t{0});
    a += begin - i, b += begin - i;
    // The hunk ends where more than two contexts of equal lines follow.
    std::size_t end = change, equal = 0;
    for (std::size_t k = change; k < edits.size() && equal <= 2 * context; ++k) {
      equal = edits[k].kind == ' ' ? equal + 1 : 0;
      if (equal == 0) end = k + 1;
    }
    end = std::min(edits.size(), end + context);
    std::size_t removed = 0, added = 0;
    std::string body;
    for (std::size_t k = begin; k < end; ++k) {
      removed += edits[k].kind != '+';
      added += edits[k].kind != '-';
      body += fmt::format("{}{}\n", edits[k].kind, edits[k].line);
    }
    result += fmt::format("@@ -{} +{} @@\n{}", range(a, removed),
                          range(b, added), body);
    a += removed, b += added;
    i = end;
  }
  return result;
}

}  // namespace skerry::cd
