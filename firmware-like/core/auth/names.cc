#include "core/auth/names.h"

#include <algorithm>

#include "core/error.h"

namespace skerry::auth {
namespace {

bool alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view text, std::size_t longest,
             std::string_view marks) {
  return !text.empty() && text.size() <= longest &&
         alphanumeric(text.front()) && alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return alphanumeric(c) || marks.find(c) != std::string_view::npos;
         });
}

}  // namespace

bool is_user_name(std::string_view text) { return is_name(text, 64, "._-"); }
bool is_project_name(std::string_view text) { return is_name(text, 40, "-"); }

void check_user_name(std::string_view text) {
  if (is_user_name(text)) return;
  fail(ErrorCode::invalid,
       "a user's name has 1 to 64 of a-z, 0-9, '.', '_' and '-', and starts "
       "and ends with a letter or digit");
}

void check_project_name(std::string_view text) {
  if (is_project_name(text)) return;
  fail(ErrorCode::invalid,
       "a project's name has 1 to 40 of a-z, 0-9 and '-', and starts and ends "
       "with a letter or digit");
}

void check_token_name(std::string_view text) {
  if (text.empty() || text.size() > 100) {
    fail(ErrorCode::invalid, "a token's name has 1 to 100 characters");
  }
  check_label(text, "a token's name");
}

void check_label(std::string_view text, std::string_view what) {
  if (text.size() > 200) {
    fail(ErrorCode::invalid, "{} has at most 200 bytes", what);
  }
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (control) {
    fail(ErrorCode::invalid, "{} cannot have control characters", what);
  }
}

}  // namespace skerry::auth
