#include "scopes.h"

namespace skerry::registry {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(separator);
    if (end != 0 && !text.empty()) parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<Scope> parse_scope(std::string_view text) {
  const auto first = text.find(':');
  const auto last = text.rfind(':');
  if (first == std::string_view::npos || first == last || first == 0) return {};
  Scope scope;
  const auto type = text.substr(0, first);
  scope.type = type.substr(0, type.find('('));
  scope.name = text.substr(first + 1, last - first - 1);
  scope.actions = split(text.substr(last + 1), ',');
  if (scope.name.empty()) return {};
  return scope;
}

std::vector<Scope> parse_scopes(std::string_view text) {
  std::vector<Scope> scopes;
  for (const auto& part : split(text, ' ')) {
    if (auto scope = parse_scope(part)) scopes.push_back(std::move(*scope));
  }
  return scopes;
}

std::optional<Action> parse_action(std::string_view text) {
  if (text == "pull") return Action::pull;
  if (text == "push") return Action::push;
  if (text == "delete") return Action::remove;
  return {};
}

}  // namespace skerry::registry
