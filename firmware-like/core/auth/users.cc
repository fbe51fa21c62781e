#include "core/auth/users.h"

#include "core/auth/names.h"
#include "core/error.h"

namespace skerry::auth {
namespace {

UserRow row_of(const Rows& rows) {
  UserRow row;
  row.user.id = rows.integer(0);
  row.user.name = rows.text(1);
  row.user.display_name = rows.text(2);
  row.user.server_admin = rows.integer(3) != 0;
  row.user.disabled = rows.integer(4) != 0;
  row.password_hash = rows.text(5);
  row.epoch = rows.integer(6);
  row.created = rows.integer(7);
  return row;
}

UserRow required(Transaction& tx, std::string_view name) {
  auto row = find_user(tx.connection(), name);
  if (!row) fail(ErrorCode::not_found, "there is no user '{}'", name);
  return std::move(*row);
}

// Called after the change, which a throw rolls back.
void keep_an_admin(Transaction& tx) {
  Rows rows = tx.query(
      "select 1 from user where server_admin = 1 and disabled = 0 limit 1");
  if (!rows.next()) {
    fail(ErrorCode::conflict,
         "this is the last server admin; make another one first");
  }
}

}  // namespace

std::optional<UserRow> find_user(Connection& db, std::string_view name) {
  Rows rows = db.query(
      "select id, name, display_name, server_admin, disabled, password_hash, "
      "epoch, created from user where name = ?",
      name);
  if (!rows.next()) return std::nullopt;
  return row_of(rows);
}

std::optional<UserRow> find_user(Connection& db, std::int64_t id) {
  Rows rows = db.query(
      "select id, name, display_name, server_admin, disabled, password_hash, "
      "epoch, created from user where id = ?",
      id);
  if (!rows.next()) return std::nullopt;
  return row_of(rows);
}

std::vector<UserRow> list_users(Connection& db) {
  std::vector<UserRow> users;
  Rows rows = db.query(
      "select id, name, display_name, server_admin, disabled, password_hash, "
      "epoch, created from user order by name");
  while (rows.next()) users.push_back(row_of(rows));
  return users;
}

UserRow insert_user(Transaction& tx, const NewUser& user, UnixMillis now) {
  check_user_name(user.name);
  check_label(user.display_name, "a display name");
  if (find_user(tx.connection(), user.name)) {
    fail(ErrorCode::conflict, "there is a user '{}' already", user.name);
  }
  tx.run(
      "insert into user (name, display_name, password_hash, server_admin, "
      "created) values (?, ?, ?, ?, ?)",
      user.name, user.display_name, user.password_hash, user.server_admin, now);
  return required(tx, user.name);
}

void change_user(Transaction& tx, std::string_view name,
                 const UserChange& change) {
  const UserRow old = required(tx, name);
  if (change.display_name) check_label(*change.display_name, "a display name");
  const bool disabled = change.disabled.value_or(old.user.disabled);
  const bool voids = change.password_hash || (disabled && !old.user.disabled);
  tx.run(
      "update user set display_name = ?, password_hash = ?, server_admin = ?, "
      "disabled = ?, epoch = epoch + ? where id = ?",
      change.display_name.value_or(old.user.display_name),
      change.password_hash.value_or(old.password_hash),
      change.server_admin.value_or(old.user.server_admin), disabled,
      voids ? 1 : 0, old.user.id);
  if (voids) tx.run("delete from session where user_id = ?", old.user.id);
  keep_an_admin(tx);
}

void remove_user(Transaction& tx, std::string_view name) {
  tx.run("delete from user where id = ?", required(tx, name).user.id);
  keep_an_admin(tx);
}

}  // namespace skerry::auth
