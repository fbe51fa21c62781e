#include "client/copy/copy_command.h"

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <optional>

#include "client/copy/copy.h"
#include "client/copy/layout_place.h"
#include "client/copy/place_name.h"
#include "client/copy/registry_place.h"
#include "client/copy/tar.h"
#include "client/image_view.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/text/encoding.h"

namespace skerry::app {
namespace {

namespace fs = std::filesystem;
using Kind = PlaceName::Kind;

constexpr std::uint64_t kLargestFile = 1u << 20;

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

struct End {
  PlaceName name;
  std::string credentials;  // "USER:PASSWORD", from a flag
  bool plain_http = false;
};

RegistryAccount account_of(const End& end, const ClientOptions& o) {
  RegistryAccount account;
  const auto& server = o.server;
  if (!server.ca_file.empty()) {
    account.ca_pem = read_file(server.ca_file, kLargestFile);
  }
  const auto host = server.url.substr(server.url.find("://") + 3);
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

std::unique_ptr<ImagePlace> open(const End& end, const ClientOptions& o,
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

void copy(const ClientOptions& o) {
  const End from{parse_place(o.subject), o.src_credentials, o.src_plain_http};
  const End to{parse_place(o.target), o.dest_credentials, o.dest_plain_http};
  if (to.name.by_digest()) {
    fail(ErrorCode::invalid,
         "'{}': a copy has the digest of its source; name it by a tag",
         o.target);
  }
  const auto source = open(from, o, false);
  const auto destination = open(to, o, true);
  const auto result = copy_image(
      *source, from.name.reference, *destination,
      to.name.reference, o.referrers,
      [](const std::string& line) { std::cerr << line << '\n'; });
  if (o.json()) {
    const Json said = {{"digest", result.digest.to_string()},
                       {"manifests", result.manifests},
                       {"blobs", result.blobs},
                       {"skipped_blobs", result.skipped},
                       {"bytes", result.bytes}};
    std::cout << said.dump(2) << '\n';
    return;
  }
  std::cout << fmt::format(
      "{}\n{} manifests, {} blobs of {} copied; {} blobs were there\n",
      result.digest.to_string(), result.manifests, result.blobs,
      size_text(result.bytes), result.skipped);
}

}  // namespace

void add_copy_command(Noun& image, ClientOptions& o) {
  CLI::App* command = image.verb(
      "copy",
      "Copy an image with all its platforms: PROJECT/REPOSITORY:TAG, "
      "HOST/REPOSITORY:TAG, oci:DIR[:TAG], oci-archive:FILE[:TAG]",
      [&o] { copy(o); });
  command->add_option("source", o.subject)->required();
  command->add_option("destination", o.target)->required();
  command->add_flag("--referrers", o.referrers,
                    "With what refers to it: signatures, SBOMs");
  command->add_option("--src-creds", o.src_credentials, "USER:PASSWORD");
  command->add_option("--dest-creds", o.dest_credentials, "USER:PASSWORD");
  command->add_flag("--src-plain-http", o.src_plain_http,
                    "The source's registry has no TLS");
  command->add_flag("--dest-plain-http", o.dest_plain_http,
                    "The destination's registry has no TLS");
}

}  // namespace skerry::app
