// The REST routes of accounts. The references outlive the routes.
#pragma once

#include <vector>

#include "core/auth/service.h"
#include "core/config/settings.h"
#include "core/events/event_log.h"
#include "core/http/route.h"

namespace skerry::auth {

std::vector<http::Route> session_routes(Service& accounts);
std::vector<http::Route> user_routes(Service& accounts, Database& db);
std::vector<http::Route> project_routes(Service& accounts, Database& db,
                                        const Settings& settings,
                                        EventLog& events);
std::vector<http::Route> token_routes(Service& accounts, Database& db);
std::vector<http::Route> audit_routes(Database& db);
std::vector<http::Route> setting_routes(Service& accounts, Database& db,
                                        Settings& settings, EventLog& events);

// Throws denied for a token that was cut: with it, one could otherwise get
// one's full rights back.
void require_full_rights(const http::Identity& who);

// A member that is there and not null, as its type; invalid otherwise.
std::optional<std::string> member_string(const Json& object,
                                         std::string_view name);
std::optional<bool> member_bool(const Json& object, std::string_view name);
std::optional<std::int64_t> member_int(const Json& object,
                                       std::string_view name);

}  // namespace skerry::auth
