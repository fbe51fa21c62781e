// The names of users, projects and tokens.
#pragma once

#include <string_view>

namespace skerry::auth {

// [a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?
bool is_user_name(std::string_view text);
// [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?
bool is_project_name(std::string_view text);

// Throw invalid with the rule.
void check_user_name(std::string_view text);
void check_project_name(std::string_view text);
// 1 to 100 printable characters, no control characters.
void check_token_name(std::string_view text);
// At most 200 bytes without control characters.
void check_label(std::string_view text, std::string_view what);

}  // namespace skerry::auth
