// The secrets of a project that its pipelines may use: sealed in the database
// under a key in the keys folder, never given back over the API.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/store/sqlite.h"
#include "executor/host.h"

namespace skerry::ci {

std::string_view to_string(Credential::Kind kind);
std::optional<Credential::Kind> parse_credential_kind(std::string_view text);

struct CredentialInfo {
  std::string id;
  Credential::Kind kind = Credential::Kind::text;
  std::string description;
  std::string user;  // or the file's name
  UnixMillis changed = 0;
};

// Thread-safe.
class Credentials {
 public:
  Credentials(Database& db, std::filesystem::path keys)
      : db_(db), key_file_(keys / "ci-credentials.key") {}

  // Makes the key on the first start.
  void prepare();
  std::vector<CredentialInfo> list(std::string_view project);
  // Replaces the one of the same id. Throws invalid for a bad id.
  void put(Transaction& tx, std::string_view project, std::string_view id,
           const Credential& credential, std::string_view description,
           UnixMillis now);
  bool remove(Transaction& tx, std::string_view project, std::string_view id);
  // A text that may stand in the database, and back; a text that was not
  // sealed here comes back as it is.
  std::string hide(std::string_view secret) const;
  std::string reveal(const std::string& text) const;
  static bool is_hidden(std::string_view text);
  // Throws not_found.
  Credential open(std::string_view project, std::string_view id);

 private:
  std::string key() const;

  Database& db_;
  const std::filesystem::path key_file_;
};

}  // namespace skerry::ci
