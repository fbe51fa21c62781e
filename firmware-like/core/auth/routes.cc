#include "core/auth/routes.h"

#include "core/auth/scopes.h"
#include "core/error.h"

namespace skerry::auth {
namespace {

const Json* present(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace

void require_full_rights(const http::Identity& who) {
  if (who.user_id <= 0 || !scopes_allow_everything(who.token_scopes)) {
    fail(ErrorCode::denied,
         "this takes a password, a page session or a token with scope admin");
  }
}

std::optional<std::string> member_string(const Json& object,
                                         std::string_view name) {
  const Json* value = present(object, name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    fail(ErrorCode::invalid, "'{}' must be a string", name);
  }
  return value->get<std::string>();
}

std::optional<bool> member_bool(const Json& object, std::string_view name) {
  const Json* value = present(object, name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) {
    fail(ErrorCode::invalid, "'{}' must be true or false", name);
  }
  return value->get<bool>();
}

std::optional<std::int64_t> member_int(const Json& object,
                                       std::string_view name) {
  const Json* value = present(object, name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer()) {
    fail(ErrorCode::invalid, "'{}' must be a whole number", name);
  }
  return value->get<std::int64_t>();
}

}  // namespace skerry::auth
