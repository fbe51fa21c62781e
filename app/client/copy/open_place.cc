#include "client/copy/open_place.h"

#include <cstdlib>
#include <optional>

#include "client/copy/layout_place.h"
#include "client/copy/registry_place.h"
#include "client/copy/tar.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/text/encoding.h"
#include "core/text/json.h"

namespace skerry::app {
namespace {

namespace fs = std::filesystem;
using Kind = PlaceName::Kind;

constexpr std::uint64_t kLargestFile = 1u << 20;

std::string host_of(const std::string& url) {
  return url.substr(url.find("://") + 3);
}

// An archive is a layout in a folder beside it while it is copied.
class ArchivePlace : public LayoutPlace {
 public:
  static std::unique_ptr<ArchivePlace> open(const fs::path& file, bool write) {
    TempFolder folder(fs::absolute(file).parent_path(), ".oci-archive-");
    if (!write) unpack_layout(file, folder.path());
    return std::make_unique<ArchivePlace>(std::move(folder), file, write);
  }
  ArchivePlace(TempFolder folder, fs::path file, bool write)
      : LayoutPlace(folder.path(), write),
        folder_(std::move(folder)),
        file_(std::move(file)),
        write_(write) {}
  void finish() override {
    if (write_) pack_layout(folder_.path(), file_);
  }

 private:
  const TempFolder folder_;
  const fs::path file_;
  const bool write_;
};

// What `docker login` and `podman login` keep: {"auths":{HOST:{"auth":...}}}.
std::optional<std::string> login_in(const fs::path& file,
                                    const std::string& host) {
  if (!fs::exists(file)) return {};
  const Json document = parse_json(read_file(file, kLargestFile));
  const auto auths = document.find("auths");
  if (auths == document.end() || !auths->is_object()) return {};
  const auto entry = auths->find(host);
  if (entry == auths->end()) return {};
  return from_base64(optional_string(*entry, "auth"));
}

std::optional<std::string> known_login(const std::string& host) {
  std::vector<fs::path> files;
  const auto add = [&](const char* variable, const char* below) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') files.push_back(fs::path(value) / below);
  };
  if (const char* file = std::getenv("REGISTRY_AUTH_FILE")) {
    files.emplace_back(file);
  }
  add("XDG_RUNTIME_DIR", "containers/auth.json");
  add("DOCKER_CONFIG", "config.json");
  add("HOME", ".docker/config.json");
  for (const auto& file : files) {
    if (auto login = login_in(file, host)) return login;
  }
  return {};
}

RegistryAccount account_of(const End& end, const ClientOptions& o) {
  RegistryAccount account;
  const auto& server = o.server;
  if (!server.ca_file.empty()) {
    account.ca_pem = read_file(server.ca_file, kLargestFile);
  }
  const auto host = host_of(server.url);
  const bool own =
      end.name.kind == Kind::server || end.name.host == host;
  account.base_url =
      own ? server.url
          : (end.plain_http ? "http://" : "https://") + end.name.host;
  std::optional<std::string> login;
  if (!end.credentials.empty()) {
    login = end.credentials;
  } else if (own) {
    account.user = server.user;
    account.password = server.password;
    account.bearer = server.token;
  } else {
    login = known_login(end.name.host);
  }
  if (login) {
    const auto colon = login->find(':');
    if (colon == std::string::npos) {
      fail(ErrorCode::invalid, "credentials must be USER:PASSWORD");
    }
    account.user = login->substr(0, colon);
    account.password = login->substr(colon + 1);
  }
  return account;
}

}  // namespace

std::unique_ptr<ImagePlace> open_place(const End& end, const ClientOptions& o,
                                       bool write) {
  switch (end.name.kind) {
    case Kind::layout:
      return std::make_unique<LayoutPlace>(end.name.path, write);
    case Kind::archive:
      return ArchivePlace::open(end.name.path, write);
    default:
      return std::make_unique<RegistryPlace>(account_of(end, o),
                                             end.name.path, write);
  }
}

std::string place_host(const End& end, const ClientOptions& o) {
  return end.name.kind == Kind::server ? host_of(o.server.url) : end.name.host;
}

}  // namespace skerry::app
