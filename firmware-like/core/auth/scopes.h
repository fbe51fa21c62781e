// What scopes of tokens mean. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/auth/accounts.h"

namespace skerry::auth {

using Scopes = std::vector<std::string>;

// Throws invalid for a scope that does not exist. `for_robot`: only project
// scopes.
void check_scopes(const Scopes& scopes, bool for_robot);
// The only project that all scopes speak of, if there is one.
std::optional<std::string> single_project(const Scopes& scopes);

// The highest role in `project` that the scopes let through; no scopes: all.
std::optional<Role> role_of_scopes(const Scopes& scopes,
                                   std::string_view project);
// May it do what is not about one project (sign in elsewhere, tokens, users)?
bool scopes_allow_everything(const Scopes& scopes);
// May a token with these scopes hand on one with `scope`? Scopes of
// repositories always: who asks for them has checked.
bool may_hand_on(const Scopes& scopes, std::string_view scope);
// Does one of the "repository:" scopes name it with this action?
bool scopes_allow_repository(const Scopes& scopes, std::string_view repository,
                             std::string_view action);

// Scopes in the database: separated by spaces.
std::string join_scopes(const Scopes& scopes);
Scopes split_scopes(std::string_view text);

}  // namespace skerry::auth
