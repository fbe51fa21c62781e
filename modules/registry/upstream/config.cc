#include "upstream/config.h"

#include <algorithm>

#include "core/config/settings.h"
#include "core/error.h"
#include "core/http/headers.h"
#include "core/text/glob.h"
#include "names.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kLongestText = 1'024;
constexpr std::size_t kLargestPem = 256u << 10;
constexpr std::size_t kMostEntries = 100;
constexpr std::int64_t kDefaultTtl = 15 * 60'000;
constexpr std::int64_t kLongestTtl = std::int64_t{365} * 86'400'000;
constexpr const char* kDockerHub = "https://registry-1.docker.io";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string text_field(const Json& body, const char* key) {
  auto text = optional_string(body, key);
  if (text.size() > kLongestText) {
    fail(ErrorCode::invalid, "{} is longer than {} characters", key,
         kLongestText);
  }
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      fail(ErrorCode::invalid, "{} holds a control character", key);
    }
  }
  return text;
}

std::string read_url(const Json& body) {
  auto url = text_field(body, "url");
  if (url.empty()) {
    fail(ErrorCode::invalid,
         "url is missing: say which registry, as in "
         "https://registry.example:5000 or docker.io");
  }
  if (url.find("://") == std::string::npos) url = "https://" + url;
  while (url.ends_with('/')) url.pop_back();
  const auto scheme = lower(url.substr(0, url.find("://")));
  if (scheme != "http" && scheme != "https") {
    fail(ErrorCode::invalid, "url: '{}' is neither http:// nor https://", url);
  }
  const auto host = lower(url.substr(url.find("://") + 3));
  if (host.find('@') != std::string::npos) {
    fail(ErrorCode::invalid, "url: give credentials as user and password");
  }
  if (host.find_first_of("/?#") != std::string::npos) {
    fail(ErrorCode::invalid,
         "url: '{}' has a path: a registry is at the root of its host; what "
         "stands before all repository names goes into prefix",
         url);
  }
  if (!http::is_host(host)) {
    fail(ErrorCode::invalid, "url: '{}' is no host", host);
  }
  if (canonical_host(host) == "docker.io") return kDockerHub;
  return scheme + "://" + host;
}

std::string read_prefix(const Json& body) {
  auto prefix = text_field(body, "prefix");
  while (prefix.ends_with('/')) prefix.pop_back();
  if (!prefix.empty() && !is_repository_name(prefix)) {
    fail(ErrorCode::invalid,
         "prefix: '{}' is not the beginning of a repository name", prefix);
  }
  return prefix;
}

std::string read_pem(const Json& body) {
  auto pem = optional_string(body, "ca_pem");
  if (pem.empty()) return pem;
  if (pem.size() > kLargestPem) {
    fail(ErrorCode::invalid, "ca_pem is larger than {} bytes", kLargestPem);
  }
  if (pem.find("PRIVATE KEY-----") != std::string::npos) {
    fail(ErrorCode::invalid,
         "ca_pem holds a private key: only certificates belong here");
  }
  const auto begin = pem.find("-----BEGIN CERTIFICATE-----");
  if (begin == std::string::npos ||
      pem.find("-----END CERTIFICATE-----", begin) == std::string::npos) {
    fail(ErrorCode::invalid, "ca_pem holds no certificate in PEM form");
  }
  return pem;
}

// Milliseconds, or text as settings have it ("15m").
std::int64_t read_ttl(const Json& body) {
  const auto it = body.find("ttl");
  std::int64_t ttl = kDefaultTtl;
  if (it != body.end() && it->is_string()) {
    const auto text = it->get<std::string>();
    const auto parsed = parse_duration_millis(text);
    if (!parsed) {
      fail(ErrorCode::invalid,
           "ttl: '{}' is no duration: milliseconds, or as in \"15m\"", text);
    }
    ttl = *parsed;
  } else {
    ttl = optional_int(body, "ttl", kDefaultTtl);
  }
  if (ttl < 0 || ttl > kLongestTtl) {
    fail(ErrorCode::invalid, "ttl is not between 0 and a year");
  }
  return ttl;
}

std::vector<std::string> list_field(const Json& body, const char* key) {
  const auto it = body.find(key);
  std::vector<std::string> list;
  if (it == body.end() || it->is_null()) return list;
  if (!it->is_array()) fail(ErrorCode::invalid, "{} is not an array", key);
  if (it->size() > kMostEntries) {
    fail(ErrorCode::invalid, "{} has more than {} entries", key, kMostEntries);
  }
  for (const auto& one : *it) {
    if (!one.is_string()) {
      fail(ErrorCode::invalid, "{} holds something that is no text", key);
    }
    list.push_back(one.get<std::string>());
  }
  return list;
}

std::vector<std::string> read_allow(const Json& body) {
  auto list = list_field(body, "allow");
  for (const auto& glob : list) {
    const bool good =
        !glob.empty() && glob.size() <= kMaxNameLength &&
        glob.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-/*?") ==
            std::string::npos;
    if (!good) {
      fail(ErrorCode::invalid,
           "allow: '{}' is no pattern of repository names: * within a part, "
           "** over parts, as in library/* or team/**",
           glob.substr(0, kMaxNameLength));
    }
  }
  return list;
}

std::vector<std::string> read_hosts(const Json& body, const std::string& url) {
  std::vector<std::string> list;
  if (!body.contains("hosts")) return {canonical_host(host_of(url))};
  for (const auto& text : list_field(body, "hosts")) {
    auto host = canonical_host(text);
    if (!http::is_host(host) || host.size() > kMaxNameLength) {
      fail(ErrorCode::invalid, "hosts: '{}' is no host name",
           text.substr(0, kMaxNameLength));
    }
    if (std::find(list.begin(), list.end(), host) == list.end()) {
      list.push_back(std::move(host));
    }
  }
  return list;
}

void read_credentials(const Json& body, const UpstreamConfig* before,
                      UpstreamConfig& config) {
  config.user = text_field(body, "user");
  const auto it = body.find("password");
  if (it != body.end() && !it->is_null()) {
    config.password = text_field(body, "password");
  } else if (before != nullptr && !before->password.empty() &&
             !config.user.empty()) {
    if (before->url != config.url || before->user != config.user) {
      fail(ErrorCode::invalid,
           "password: give it again, since url or user has changed");
    }
    config.password = before->password;
  }
  if (config.user.empty() != config.password.empty()) {
    fail(ErrorCode::invalid, "{} is missing: user and password go together",
         config.user.empty() ? "user" : "password");
  }
  if (config.user.find(':') != std::string::npos) {
    fail(ErrorCode::invalid, "user holds a ':'");
  }
}

}  // namespace

std::string canonical_host(std::string_view host) {
  auto name = lower(host);
  for (const char* alias :
       {"docker.io", "index.docker.io", "registry-1.docker.io",
        "registry.hub.docker.com", "hub.docker.com"}) {
    if (name == alias) return "docker.io";
  }
  return name;
}

std::string host_of(std::string_view url) {
  return std::string(url.substr(url.find("://") + 3));
}

UpstreamConfig read_config(const Json& body, const UpstreamConfig* before) {
  refuse_unknown_members(body,
                         {"url", "prefix", "library", "user", "password",
                          "ca_pem", "ttl", "offline", "keep_deleted", "allow",
                          "hosts"},
                         "upstream");
  UpstreamConfig config;
  config.url = read_url(body);
  config.prefix = read_prefix(body);
  config.library = optional_bool(body, "library", config.url == kDockerHub);
  config.ca_pem = read_pem(body);
  config.ttl = read_ttl(body);
  config.offline = optional_bool(body, "offline", false);
  config.keep_deleted = optional_bool(body, "keep_deleted", true);
  config.allow = read_allow(body);
  config.hosts = read_hosts(body, config.url);
  read_credentials(body, before, config);
  return config;
}

Json show_config(const UpstreamConfig& config) {
  return {{"url", config.url},
          {"prefix", config.prefix},
          {"library", config.library},
          {"user", config.user},
          {"has_password", !config.password.empty() || config.password_lost},
          {"ca_pem", config.ca_pem},
          {"ttl", config.ttl},
          {"offline", config.offline},
          {"keep_deleted", config.keep_deleted},
          {"allow", config.allow},
          {"hosts", config.hosts},
          {"changed", config.changed}};
}

std::string canonical_repository(const UpstreamConfig& config,
                                 std::string_view repository) {
  if (config.library && repository.find('/') == std::string_view::npos) {
    return "library/" + std::string(repository);
  }
  return std::string(repository);
}

std::string upstream_name(const UpstreamConfig& config,
                          std::string_view repository) {
  const auto name = canonical_repository(config, repository);
  return config.prefix.empty() ? name : config.prefix + "/" + name;
}

bool is_allowed(const UpstreamConfig& config, std::string_view repository) {
  if (config.allow.empty()) return true;
  return std::any_of(config.allow.begin(), config.allow.end(),
                     [&](const std::string& glob) {
                       return glob_match(glob, repository);
                     });
}

}  // namespace skerry::registry
