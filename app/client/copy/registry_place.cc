#include "client/copy/registry_place.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/json.h"
#include "registry/challenge.h"
#include "version.h"

namespace skerry::app {
namespace {

// Sent in one request; what a copy holds in memory.
constexpr std::size_t kChunk = 8u << 20;
constexpr std::size_t kQuoted = 200;
constexpr const char* kManifestTypes =
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";

std::string header_of(const http::ClientResponse& response,
                      const std::string& name) {
  const auto it = response.headers.find(name);
  return it == response.headers.end() ? "" : it->second;
}

std::string media_type_of(const http::ClientResponse& response) {
  const auto type = header_of(response, "content-type");
  return type.substr(0, type.find(';'));
}

// "errors[0].message" of the specification's error body, or its beginning.
std::string sentence_in(const std::string& body) {
  try {
    const Json answer = parse_json(body);
    return answer.at("errors").at(0).at("message").get<std::string>();
  } catch (const std::exception&) {
    std::string text;
    for (const char c : body.substr(0, kQuoted)) {
      const auto byte = static_cast<unsigned char>(c);
      text += byte < ' ' || byte >= 0x7f ? ' ' : c;
    }
    return text;
  }
}

class Upload : public BlobWriter {
 public:
  Upload(RegistryPlace& place, BlobName blob)
      : place_(place), blob_(std::move(blob)) {
    http::ClientRequest request;
    request.method = "POST";
    location_ = place_.location(
        place_.ask(std::move(request), "/blobs/uploads/"));
  }

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, kChunk - waiting_.size());
      waiting_ += part;
      bytes.remove_prefix(part.size());
      // The last piece goes with the PUT.
      if (waiting_.size() == kChunk && sent_ + kChunk < blob_.size) send_chunk();
    }
  }

  void finish() override {
    http::ClientRequest request;
    request.method = "PUT";
    request.headers = {{"Content-Type", "application/octet-stream"}};
    request.body = std::move(waiting_);
    const char join = location_.find('?') == std::string::npos ? '?' : '&';
    place_.ask(std::move(request),
               fmt::format("{}{}digest={}", location_, join,
                           percent_encode(blob_.digest.to_string())));
  }

 private:
  void send_chunk() {
    http::ClientRequest request;
    request.method = "PATCH";
    request.headers = {
        {"Content-Type", "application/octet-stream"},
        {"Content-Range",
         fmt::format("{}-{}", sent_, sent_ + waiting_.size() - 1)}};
    sent_ += waiting_.size();
    request.body = std::move(waiting_);
    waiting_.clear();
    location_ = place_.location(place_.ask(std::move(request), location_));
  }

  RegistryPlace& place_;
  const BlobName blob_;
  std::string location_;
  std::string waiting_;
  std::uint64_t sent_ = 0;
};

}  // namespace

RegistryPlace::RegistryPlace(RegistryAccount account, std::string repository,
                             bool write)
    : account_(std::move(account)),
      repository_(std::move(repository)),
      scopes_{fmt::format("repository:{}:{}", repository_,
                          write ? "pull,push" : "pull")},
      client_(http::make_client(fmt::format("skerry/{}", kVersion))) {}

std::string RegistryPlace::url_of(const std::string& target) const {
  if (target.starts_with("http://") || target.starts_with("https://")) {
    return target;
  }
  return fmt::format("{}/v2/{}{}", account_.base_url, repository_, target);
}

std::string RegistryPlace::location(
    const http::ClientResponse& response) const {
  const auto location = header_of(response, "location");
  if (location.empty()) {
    fail(ErrorCode::unavailable, "{} does not say where an upload goes on",
         account_.base_url);
  }
  return location.front() == '/' ? account_.base_url + location : location;
}

// Only to the registry itself: an upload's place may be on another host, whose
// URL is its own permission.
void RegistryPlace::authorize(http::ClientRequest& request) const {
  if (authorization_.empty() ||
      !request.url.starts_with(account_.base_url + "/")) {
    return;
  }
  request.headers.emplace_back("Authorization", authorization_);
}

std::string RegistryPlace::fetch_token(const std::string& realm,
                                       const std::string& service) const {
  const bool secret = !account_.password.empty() || !account_.bearer.empty();
  if (secret && account_.base_url.starts_with("https://") &&
      !realm.starts_with("https://")) {
    fail(ErrorCode::denied,
         "{} wants the password to be sent in the clear, to {}",
         account_.base_url, realm);
  }
  http::ClientRequest request;
  request.url = realm + (realm.find('?') == std::string::npos ? "?" : "&") +
                "service=" + percent_encode(service);
  for (const auto& scope : scopes_) {
    request.url += "&scope=" + percent_encode(scope);
  }
  request.ca_pem = account_.ca_pem;
  request.user = account_.user;
  request.password = account_.password;
  if (!account_.bearer.empty()) {
    request.user = "token";
    request.password = account_.bearer;
  }
  const auto response = client_->send(request);
  if (response.status != 200) refuse(response, request.url);
  const auto token = registry::parse_token_answer(response.body);
  if (!token) {
    fail(ErrorCode::unavailable, "{} gives no token", realm);
  }
  return "Bearer " + token->token;
}

bool RegistryPlace::sign_in(const http::ClientResponse& response) {
  const auto offered =
      registry::parse_challenges(header_of(response, "www-authenticate"));
  for (const auto& one : offered) {
    if (one.scheme != "bearer") continue;
    authorization_ = fetch_token(one.param("realm"), one.param("service"));
    return true;
  }
  for (const auto& one : offered) {
    if (one.scheme != "basic" || account_.user.empty()) continue;
    auto basic =
        "Basic " +
        to_base64(fmt::format("{}:{}", account_.user, account_.password));
    if (basic == authorization_) return false;
    authorization_ = std::move(basic);
    return true;
  }
  return false;
}

void RegistryPlace::refuse(const http::ClientResponse& response,
                           const std::string& url) const {
  const int status = response.status;
  auto sentence = sentence_in(response.body);
  if (status == 401) {
    sentence +=
        " (sign in with --src-creds or --dest-creds USER:PASSWORD, or with "
        "podman login)";
  }
  const auto code = status == 401 || status == 403 ? ErrorCode::denied
                    : status == 404                ? ErrorCode::not_found
                                                   : ErrorCode::unavailable;
  throw Error(code, fmt::format("{} answers {}{}{}", url, status,
                                sentence.empty() ? "" : ": ", sentence));
}

http::ClientResponse RegistryPlace::ask(http::ClientRequest request,
                                        const std::string& target,
                                        bool may_miss) {
  request.url = url_of(target);
  request.ca_pem = account_.ca_pem;
  const auto plain = request.headers;
  authorize(request);
  auto response = client_->send(request);
  // A token may have run out on the way: once more with a new one.
  if (response.status == 401 && sign_in(response)) {
    request.headers = plain;
    authorize(request);
    response = client_->send(request);
  }
  const bool fine = response.status >= 200 && response.status <= 299;
  if (!fine && !(may_miss && response.status == 404)) {
    refuse(response, request.url);
  }
  return response;
}

Manifest RegistryPlace::checked(http::ClientResponse response,
                                const std::string& reference) const {
  const auto wanted = Digest::parse(reference);
  auto digest = digest_of(response.body, wanted ? wanted->algorithm
                                                : DigestAlgorithm::sha256);
  if (wanted && digest != *wanted) {
    fail(ErrorCode::io, "{}: the bytes of {} are not those of its digest",
         account_.base_url, reference);
  }
  return {std::move(digest), media_type_of(response),
          std::move(response.body)};
}

Manifest RegistryPlace::manifest(const std::string& reference) {
  http::ClientRequest request;
  request.headers = {{"Accept", kManifestTypes}};
  request.max_body = kLargestManifest;
  return checked(ask(std::move(request), "/manifests/" + reference),
                 reference);
}

std::vector<Manifest> RegistryPlace::referrers(const Digest& subject) {
  http::ClientRequest request;
  request.max_body = kLargestManifest;
  auto response =
      ask(std::move(request), "/referrers/" + subject.to_string(), true);
  std::vector<Manifest> found;
  if (response.status == 404) {
    // No such API: clients kept an index under a tag (specification,
    // "Referrers Tag Schema").
    auto tag = subject.to_string();
    tag.replace(tag.find(':'), 1, "-");
    http::ClientRequest fallback;
    fallback.headers = {{"Accept", kManifestTypes}};
    fallback.max_body = kLargestManifest;
    response = ask(std::move(fallback), "/manifests/" + tag, true);
    if (response.status == 404) return found;
  }
  if (!header_of(response, "link").empty()) {
    fail(ErrorCode::too_large, "{} has more referrers than one answer holds",
         subject.to_string());
  }
  const Json index = parse_json(response.body);
  for (const Json& one : index.at("manifests")) {
    found.push_back(manifest(required_string(one, "digest")));
  }
  return found;
}

void RegistryPlace::read(const BlobName& blob,
                         const std::function<void(std::string_view)>& sink) {
  http::ClientRequest request;
  request.body_sink = sink;
  request.max_body = UINT64_MAX;
  ask(std::move(request), "/blobs/" + blob.digest.to_string());
}

bool RegistryPlace::has(const BlobName& blob) {
  http::ClientRequest request;
  request.method = "HEAD";
  return ask(std::move(request), "/blobs/" + blob.digest.to_string(), true)
             .status == 200;
}

std::optional<std::string> RegistryPlace::repository_on(
    std::string_view base_url) const {
  if (base_url != account_.base_url) return {};
  return repository_;
}

bool RegistryPlace::take(const BlobName& blob, const ImagePlace& from) {
  const auto source = from.repository_on(account_.base_url);
  if (!source) return false;
  if (scopes_.size() == 1) {
    scopes_.push_back(fmt::format("repository:{}:pull", *source));
    authorization_.clear();
  }
  http::ClientRequest request;
  request.method = "POST";
  const auto response = ask(
      std::move(request),
      fmt::format("/blobs/uploads/?mount={}&from={}",
                  percent_encode(blob.digest.to_string()),
                  percent_encode(*source)));
  if (response.status == 201) return true;
  // An upload was begun instead, which nobody goes on with.
  http::ClientRequest cancel;
  cancel.method = "DELETE";
  ask(std::move(cancel), location(response), true);
  return false;
}

std::unique_ptr<BlobWriter> RegistryPlace::write(const BlobName& blob) {
  return std::make_unique<Upload>(*this, blob);
}

void RegistryPlace::put(const Manifest& manifest, Rank,
                        const std::string& tag) {
  http::ClientRequest request;
  request.method = "PUT";
  request.headers = {{"Content-Type", manifest.media_type}};
  request.body = manifest.bytes;
  ask(std::move(request),
      "/manifests/" + (tag.empty() ? manifest.digest.to_string() : tag));
}

}  // namespace skerry::app
