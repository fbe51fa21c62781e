#include "image/ignore.h"

#include "core/error.h"
#include "image/file_index.h"
#include "image/pattern.h"

namespace skerry::ci {
namespace {

constexpr std::size_t kMaxRules = 10'000;

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool matches_path_or_parent(const std::string& pattern, std::string_view path) {
  while (true) {
    if (match_pattern(pattern, path)) return true;
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return false;
    path = path.substr(0, slash);
  }
}

}  // namespace

IgnoreRules::IgnoreRules(std::string_view text, std::string_view file) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.starts_with('#')) continue;
    line = trim(line);
    Rule rule;
    rule.takes_back = line.starts_with('!');
    if (rule.takes_back) line = trim(line.substr(1));
    rule.pattern = clean_rooted(line);
    if (rule.pattern.empty()) continue;
    if (const auto fault = pattern_fault(rule.pattern); !fault.empty()) {
      fail(ErrorCode::invalid, "{}:{}: {}", file, number, fault);
    }
    if (rules_.size() >= kMaxRules) {
      fail(ErrorCode::too_large, "{}: more than {} patterns", file, kMaxRules);
    }
    rules_.push_back(std::move(rule));
  }
}

bool IgnoreRules::ignores(std::string_view path) const {
  bool ignored = false;
  for (const Rule& rule : rules_) {
    if (rule.takes_back != ignored) continue;  // would change nothing
    if (matches_path_or_parent(rule.pattern, path)) ignored = !rule.takes_back;
  }
  return ignored;
}

}  // namespace skerry::ci
