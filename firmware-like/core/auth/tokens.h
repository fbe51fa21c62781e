// Rows of tokens. Only the SHA-256 of a token's secret is stored. Called
// within a read or a write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/auth/accounts.h"

namespace skerry::auth {

inline constexpr std::string_view kPersonalPrefix = "skp_";
inline constexpr std::string_view kRobotPrefix = "skr_";

// SHA-256 in hexadecimal.
std::string hash_secret(std::string_view secret);

// Throws invalid for a name, scopes or time of expiry that cannot be.
Accounts::NewToken insert_token(Transaction& tx, const Token& token,
                                UnixMillis now);
std::optional<Token> find_token(Connection& db, std::string_view secret);
std::optional<Token> find_token(Connection& db, std::int64_t id);
std::vector<Token> list_user_tokens(Connection& db, std::int64_t user_id);
std::vector<Token> list_project_tokens(Connection& db, std::int64_t project_id);
// Is the robot token `id` one of the project's?
bool is_project_token(Connection& db, std::int64_t id, std::int64_t project_id);
void remove_token(Transaction& tx, std::int64_t id);
void touch_token(Transaction& tx, std::int64_t id, UnixMillis now);

}  // namespace skerry::auth
