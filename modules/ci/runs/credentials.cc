#include "runs/credentials.h"

#include <algorithm>

#include "core/config/secret_box.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/os/random.h"

namespace skerry::ci {
namespace {

constexpr std::pair<Credential::Kind, std::string_view> kKinds[] = {
    {Credential::Kind::text, "text"},
    {Credential::Kind::username_password, "username_password"},
    {Credential::Kind::file, "file"}};

// In front of a parameter's value that is a secret.
constexpr std::string_view kSealed = "\x01sealed:";
constexpr std::size_t kMaxSecret = 256u << 10;

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 100 && id.front() != '.' &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
         });
}

}  // namespace

std::string_view to_string(Credential::Kind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  return "";
}

std::optional<Credential::Kind> parse_credential_kind(std::string_view text) {
  for (const auto& [kind, name] : kKinds) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

void Credentials::prepare() {
  if (std::filesystem::exists(key_file_)) return;
  write_file_atomically(key_file_, random_bytes(32), 0600);
}

std::string Credentials::key() const {
  std::string key = read_file(key_file_, 32);
  if (key.size() != 32) {
    fail(ErrorCode::unavailable,
         "{} must hold 32 bytes; restore it from a backup",
         key_file_.native());
  }
  return key;
}

std::string Credentials::hide(std::string_view secret) const {
  return fmt::format("{}{}", kSealed, seal(key(), secret));
}

bool Credentials::is_hidden(std::string_view text) {
  return text.starts_with(kSealed);
}

std::string Credentials::reveal(const std::string& text) const {
  if (!is_hidden(text)) return text;
  return unseal(key(), std::string_view(text).substr(kSealed.size()));
}

std::vector<CredentialInfo> Credentials::list(std::string_view project) {
  return db_.read([&](Connection& c) {
    auto rows = c.query(
        "select id, kind, description, user, changed from ci_credential "
        "where project = ? order by id",
        project);
    std::vector<CredentialInfo> out;
    while (rows.next()) {
      out.push_back({rows.text(0),
                     parse_credential_kind(rows.text(1))
                         .value_or(Credential::Kind::text),
                     rows.text(2), rows.text(3), rows.integer(4)});
    }
    return out;
  });
}

void Credentials::put(Transaction& tx, std::string_view project,
                      std::string_view id, const Credential& credential,
                      std::string_view description, UnixMillis now) {
  if (!is_id(id)) {
    fail(ErrorCode::invalid,
         "'{}' is no credential id: use up to 100 letters, digits, '-', '_' "
         "and '.'",
         id);
  }
  if (credential.secret.empty()) fail(ErrorCode::invalid, "the secret is empty");
  if (credential.secret.size() > kMaxSecret) {
    fail(ErrorCode::too_large, "the secret is larger than {} bytes",
         kMaxSecret);
  }
  const std::string& shown = credential.kind == Credential::Kind::file
                                 ? credential.file_name
                                 : credential.user;
  if (shown.find('/') != std::string::npos &&
      credential.kind == Credential::Kind::file) {
    fail(ErrorCode::invalid, "file_name: '{}' holds a '/'", shown);
  }
  tx.run("insert or replace into ci_credential values (?, ?, ?, ?, ?, ?, ?)",
         project, id, to_string(credential.kind), description, shown,
         seal(key(), credential.secret), now);
}

bool Credentials::remove(Transaction& tx, std::string_view project,
                         std::string_view id) {
  return tx.run("delete from ci_credential where project = ? and id = ?",
                project, id) > 0;
}

Credential Credentials::open(std::string_view project, std::string_view id) {
  Credential credential;
  const std::string sealed = db_.read([&](Connection& c) {
    auto rows = c.query(
        "select kind, user, sealed from ci_credential "
        "where project = ? and id = ?",
        project, id);
    if (!rows.next()) {
      fail(ErrorCode::not_found, "the project {} has no credential '{}'",
           project, id);
    }
    credential.kind = parse_credential_kind(rows.text(0))
                          .value_or(Credential::Kind::text);
    (credential.kind == Credential::Kind::file ? credential.file_name
                                               : credential.user) =
        rows.text(1);
    return rows.text(2);
  });
  credential.secret = unseal(key(), sealed);
  return credential;
}

}  // namespace skerry::ci
