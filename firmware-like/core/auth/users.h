// Rows of users. Called within a read or a write of the database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/auth/accounts.h"

namespace skerry::auth {

struct UserRow {
  User user;
  std::string password_hash;
  std::int64_t epoch = 0;
  UnixMillis created = 0;
};

std::optional<UserRow> find_user(Connection& db, std::string_view name);
std::optional<UserRow> find_user(Connection& db, std::int64_t id);
std::vector<UserRow> list_users(Connection& db);

struct NewUser {
  std::string name;
  std::string display_name;
  std::string password_hash;
  bool server_admin = false;
};
// Throws conflict when the name is taken.
UserRow insert_user(Transaction& tx, const NewUser& user, UnixMillis now);

// Unset: as it was.
struct UserChange {
  std::optional<std::string> display_name;
  std::optional<std::string> password_hash;
  std::optional<bool> server_admin;
  std::optional<bool> disabled;
};
// Throws not_found, and conflict when no enabled server admin would be left.
void change_user(Transaction& tx, std::string_view name,
                 const UserChange& change);
void remove_user(Transaction& tx, std::string_view name);

}  // namespace skerry::auth
