#include "fetch/oci.h"

#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "core/http/headers.h"
#include "core/os/file.h"
#include "core/store/digest.h"
#include "core/text/encoding.h"
#include "core/text/json.h"
#include "core/text/semver.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kManifest =
    "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kConfig = "application/vnd.cncf.helm.config.v1+json";
constexpr std::string_view kChart =
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
constexpr std::string_view kOldChart = "application/tar+gzip";
constexpr std::string_view kProvenance =
    "application/vnd.cncf.helm.chart.provenance.v1.prov";
constexpr int kMaxPages = 1000;

// key="value" of a challenge, "" when it is not there.
std::string parameter(std::string_view challenge, std::string_view key) {
  std::string mark = std::string(key) + "=\"";
  std::size_t at = challenge.find(mark);
  if (at == challenge.npos) return "";
  at += mark.size();
  return std::string(challenge.substr(at, challenge.find('"', at) - at));
}

// <next>; rel="next"
std::string next_page(const http::ClientResponse& response) {
  auto link = response.headers.find("link");
  if (link == response.headers.end()) return "";
  std::size_t begin = link->second.find('<'), end = link->second.find('>');
  if (begin == std::string::npos || end == std::string::npos) return "";
  return link->second.substr(begin + 1, end - begin - 1);
}

[[noreturn]] void fail_status(const OciReference& reference,
                              const http::ClientResponse& response) {
  fail(response.status == 404 ? ErrorCode::not_found : ErrorCode::unavailable,
       "{}: response status code {}: {}", reference.to_string(),
       response.status, http::reason_phrase(response.status));
}

}  // namespace

Logins read_logins(const std::string& file) {
  Logins logins;
  std::error_code ignored;
  if (file.empty() || !std::filesystem::exists(file, ignored)) return logins;
  Json config = parse_json(read_file(file, 4u << 20));
  auto auths = config.find("auths");
  if (auths == config.end() || !auths->is_object()) return logins;
  for (auto& [host, entry] : auths->items()) {
    if (!entry.is_object()) continue;
    auto decoded = from_base64(optional_string(entry, "auth"));
    std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) continue;
    logins[host] = {decoded->substr(0, colon), decoded->substr(colon + 1)};
  }
  return logins;
}

Login OciRegistry::login_of(const OciReference& reference) const {
  if (!access_.user.empty()) return {access_.user, access_.password};
  auto found = logins_.find(reference.host);
  return found == logins_.end() ? Login() : found->second;
}

std::string OciRegistry::sign_in(const OciReference& reference,
                                 const std::string& challenge) {
  Login login = login_of(reference);
  std::string basic =
      login.user.empty()
          ? ""
          : "Basic " + to_base64(login.user + ":" + login.password);
  if (http::equal_ignoring_case(challenge.substr(0, 6), "Basic ")) return basic;
  std::string realm = parameter(challenge, "realm");
  if (realm.empty()) return basic;
  http::ClientRequest request;
  request.url = realm + (realm.find('?') == realm.npos ? "?" : "&") +
                "service=" + percent_encode(parameter(challenge, "service")) +
                "&scope=" + percent_encode("repository:" +
                                           reference.repository + ":pull");
  if (!basic.empty()) request.headers.emplace_back("Authorization", basic);
  auto response = web_.send(std::move(request), access_);
  if (response.status != 200) fail_status(reference, response);
  Json answer = parse_json(response.body);
  std::string token = optional_string(answer, "token");
  if (token.empty()) token = optional_string(answer, "access_token");
  return "Bearer " + token;
}

http::ClientResponse OciRegistry::get(const OciReference& reference,
                                      const std::string& path,
                                      std::string_view accept) {
  http::ClientRequest request;
  request.url = (access_.uses_plain_http ? "http://" : "https://") +
                reference.host + path;
  if (!accept.empty()) request.headers.emplace_back("Accept", accept);
  std::string& authorization =
      authorization_[reference.host + "/" + reference.repository];
  for (bool is_second : {false, true}) {
    auto sent = request;
    if (!authorization.empty()) {
      sent.headers.emplace_back("Authorization", authorization);
    }
    auto response = web_.send(std::move(sent), access_);
    if (response.status != 401 || is_second) return response;
    authorization = sign_in(reference, response.headers["www-authenticate"]);
    if (authorization.empty()) return response;
  }
  fail(ErrorCode::internal, "unreachable");
}

std::vector<std::string> OciRegistry::tags(const OciReference& repository) {
  std::vector<SemVer> versions;
  std::string path = "/v2/" + repository.repository + "/tags/list";
  for (int page = 0; !path.empty() && page < kMaxPages; ++page) {
    auto response = get(repository, path, "application/json");
    if (response.status != 200) fail_status(repository, response);
    Json answer = parse_json(response.body);
    auto list = answer.find("tags");
    if (list != answer.end() && list->is_array()) {
      for (auto& tag : *list) {
        std::string text = tag.is_string() ? tag.get<std::string>() : "";
        std::replace(text.begin(), text.end(), '_', '+');
        if (auto version = SemVer::parse(text)) versions.push_back(*version);
      }
    }
    path = next_page(response);
    if (path.find("://") != path.npos) {
      fail(ErrorCode::invalid, "{}: the next page of its tags is elsewhere",
           repository.to_string());
    }
  }
  std::stable_sort(versions.begin(), versions.end(),
                   [](auto& a, auto& b) { return a > b; });
  std::vector<std::string> tags;
  for (auto& version : versions) tags.push_back(version.to_string());
  return tags;
}

OciReference OciRegistry::resolve(OciReference reference,
                                  const std::string& version) {
  if (!version.empty() && !reference.tag.empty() && reference.tag != version) {
    fail(ErrorCode::invalid,
         "chart reference and version mismatch: {} is not {}", version,
         reference.tag);
  }
  std::string wanted = version.empty() ? reference.tag : version;
  if (!reference.digest.empty() && wanted.empty()) return reference;
  if (SemVer::parse(wanted, false)) {
    reference.tag = wanted;
  } else {
    auto known = tags(reference);
    if (known.empty()) {
      fail(ErrorCode::not_found,
           "unable to locate any tags in provided repository: oci://{}",
           reference.to_string());
    }
    auto found = std::find_if(known.begin(), known.end(), [&](auto& tag) {
      return semver_satisfies(*SemVer::parse(tag),
                              wanted.empty() ? "*" : wanted);
    });
    if (found == known.end()) {
      fail(ErrorCode::not_found,
           "could not locate a version matching provided version string {}",
           wanted);
    }
    reference.tag = *found;
  }
  std::replace(reference.tag.begin(), reference.tag.end(), '+', '_');
  return reference;
}

std::string OciRegistry::blob(const OciReference& reference,
                              const std::string& digest) {
  auto response = get(
      reference, "/v2/" + reference.repository + "/blobs/" + digest, "");
  if (response.status != 200) fail_status(reference, response);
  if (digest_of(response.body).to_string() != digest) {
    fail(ErrorCode::invalid, "{}: the content does not match its digest {}",
         reference.to_string(), digest);
  }
  return std::move(response.body);
}

PulledChart OciRegistry::pull(const OciReference& reference) {
  std::string wanted =
      reference.digest.empty() ? reference.tag : reference.digest;
  auto response =
      get(reference, "/v2/" + reference.repository + "/manifests/" + wanted,
          kManifest);
  if (response.status == 404) {
    fail(ErrorCode::not_found, "{}: not found", reference.to_string());
  }
  if (response.status != 200) fail_status(reference, response);
  PulledChart pulled;
  pulled.digest = digest_of(response.body).to_string();
  if (!reference.digest.empty() && pulled.digest != reference.digest) {
    fail(ErrorCode::invalid, "chart reference digest mismatch: {} is not {}",
         pulled.digest, reference.digest);
  }
  Json manifest = parse_json(response.body);
  auto config = manifest.find("config");
  if (config == manifest.end() || !config->is_object() ||
      optional_string(*config, "mediaType") != kConfig) {
    fail(ErrorCode::invalid, "could not load config with mediatype {}",
         kConfig);
  }
  std::string chart, provenance;
  if (auto layers = manifest.find("layers");
      layers != manifest.end() && layers->is_array()) {
    for (auto& layer : *layers) {
      if (!layer.is_object()) continue;
      std::string type = optional_string(layer, "mediaType");
      std::string digest = optional_string(layer, "digest");
      if (type == kChart || type == kOldChart) chart = digest;
      if (type == kProvenance) provenance = digest;
    }
  }
  if (chart.empty()) {
    fail(ErrorCode::invalid,
         "manifest does not contain a layer with mediatype {}", kChart);
  }
  pulled.archive = blob(reference, chart);
  if (!provenance.empty()) pulled.provenance = blob(reference, provenance);
  return pulled;
}

}  // namespace skerry::chart
