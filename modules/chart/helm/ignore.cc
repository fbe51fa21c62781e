#include "helm/ignore.h"

#include "core/error.h"
#include "gotemplate/funcs/common.h"
#include "helm/glob.h"

namespace skerry::chart {

IgnoreRules::IgnoreRules(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    add(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  add("templates/.?*");
}

void IgnoreRules::add(std::string_view line) {
  line = trim_space(line);
  if (line.empty() || line[0] == '#') return;
  if (line.find("**") != line.npos) {
    fail(ErrorCode::invalid, "double-star (**) syntax is not supported");
  }
  if (!path_match(line, "abc")) {
    fail(ErrorCode::invalid, "syntax error in pattern");
  }
  Rule rule;
  rule.is_negated = line.starts_with('!');
  if (rule.is_negated) line.remove_prefix(1);
  rule.folders_only = line.ends_with('/');
  if (rule.folders_only) line.remove_suffix(1);
  if (line.starts_with('/')) {
    line.remove_prefix(1);
  } else {
    rule.name_only = line.find('/') == line.npos;
  }
  rule.pattern = line;
  rules_.push_back(std::move(rule));
}

bool IgnoreRules::ignores(std::string_view path, bool is_folder) const {
  for (auto& rule : rules_) {
    std::string_view subject =
        rule.name_only ? path.substr(path.rfind('/') + 1) : path;
    // Helm's negation: what does not match is ignored.
    if (rule.is_negated) {
      if (rule.folders_only && !is_folder) return true;
      if (!path_match(rule.pattern, subject).value_or(false)) return true;
      continue;
    }
    if (rule.folders_only && !is_folder) continue;
    if (path_match(rule.pattern, subject).value_or(false)) return true;
  }
  return false;
}

}  // namespace skerry::chart
