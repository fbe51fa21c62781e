#include "core/auth/first_boot.h"

#include "core/os/file.h"
#include "core/os/random.h"

namespace skerry::auth {

std::optional<std::filesystem::path> ensure_admin(
    Service& accounts, Database& db, const std::filesystem::path& keys_folder,
    const std::optional<std::string>& password) {
  const bool has_users =
      db.read([](Connection& c) { return !list_users(c).empty(); });
  if (has_users) return std::nullopt;

  const std::filesystem::path file = keys_folder / "admin-password";
  std::string chosen = password.value_or("");
  if (!password) {
    chosen = random_name(20);
    // Before the user: a password that is in the database and nowhere else
    // would lock everybody out after a crash.
    write_file_atomically(file, chosen + "\n", 0600);
  }
  check_password(chosen);
  const std::string hash = accounts.passwords().hash(chosen);
  db.write([&](Transaction& tx) {
    insert_user(tx, {"admin", "Administrator", hash, true}, accounts.now());
    accounts.audit(tx, http::Identity{0, "skerry"}, "user.create", "admin",
                   "first start");
  });
  if (password) return std::nullopt;
  return file;
}

}  // namespace skerry::auth
