// Who may do what to a repository, and how a refusal tells a client to get a
// token (distribution "Token Authentication Specification").
#pragma once

#include <string>
#include <string_view>

#include "core/auth/accounts.h"
#include "core/http/message.h"
#include "names.h"
#include "repositories.h"

namespace skerry::registry {

enum class Action { pull, push, remove };

// "pull" (viewer), "push" (developer), "delete" (maintainer): as in scopes.
std::string_view to_string(Action action);

// The place that a request of pattern /v2/{project}/{name+}/... names,
// when the caller may do `action` there. Throws ProtocolError: NAME_INVALID;
// 401 with a challenge for the anonymous and for a token that is narrower
// than its owner; DENIED; NAME_UNKNOWN for a project that does not exist.
Place enter(auth::Accounts& accounts, const http::Request& request,
            Action action);

// The same for a place whose project_id is not known yet.
Place enter_place(auth::Accounts& accounts, const http::Request& request,
                  Action action, Place place);

// True when the caller may `action` there, whether it exists or not.
bool may(auth::Accounts& accounts, const http::Identity& who, Action action,
         std::string_view project, std::string_view repository);

// True when the owner of the caller's token may `action` there, be the token
// itself narrower than that: clients ask for no more than they need.
bool owner_may(auth::Accounts& accounts, const http::Identity& who,
               Action action, const Place& place);

// For a push to `place` that takes a blob from a repository which the token
// does not cover: throws 401 asking for a token that does, when the user
// behind it may read the source.
void challenge_for_source(auth::Accounts& accounts,
                          const http::Request& request, const Place& place,
                          const FullName& source);

// Throws 401 asking for a token of this scope ("" asks for any).
[[noreturn]] void challenge(const http::Request& request,
                            std::string_view scope, std::string message);

}  // namespace skerry::registry
