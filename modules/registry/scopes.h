// Scopes as clients ask for them and tokens are cut to them (distribution
// "Token Scope Documentation"): "repository:<name>:<action>,<action>".
// Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access.h"

namespace skerry::registry {

struct Scope {
  std::string type;  // "repository", "registry"
  std::string name;  // "demo/app", "catalog"; a host's port may be in front
  std::vector<std::string> actions;
};

// Nothing for text that is no scope. The type's class ("repository(plugin)")
// is dropped; a name may hold colons.
std::optional<Scope> parse_scope(std::string_view text);

// All scopes of a text that separates them by spaces; what is none is skipped.
std::vector<Scope> parse_scopes(std::string_view text);

// "pull", "push", "delete"; nothing for other actions.
std::optional<Action> parse_action(std::string_view text);

}  // namespace skerry::registry
