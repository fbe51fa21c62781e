#include "notify/webhook.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/http/certificate.h"
#include "core/http/headers.h"
#include "core/http/local_address.h"
#include "core/text/glob.h"
#include "core/text/number.h"
#include "policy/policy.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestUrl = 2048;
constexpr std::size_t kLongestSecret = 1024;
constexpr std::size_t kLongestHeader = 4096;
constexpr std::size_t kLongestCa = 64u << 10;
constexpr std::size_t kMostHeaders = 20;
constexpr std::size_t kMostMediaTypes = 32;
constexpr std::array<std::string_view, 4> kActions = {"push", "pull", "delete",
                                                      "mount"};
// What a delivery says itself.
constexpr std::array<std::string_view, 7> kOwnHeaders = {
    "content-type", "content-length",     "host",
    "connection",   "transfer-encoding", "x-skerry-signature-256",
    "expect"};

[[noreturn]] void wrong(std::string_view member, std::string_view want) {
  fail(ErrorCode::invalid, "{} must be {}", member, want);
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

std::string text_of(const Json& value, std::string_view member,
                    std::size_t longest) {
  if (!value.is_string()) wrong(member, "a string");
  auto text = value.get<std::string>();
  if (text.size() > longest) {
    fail(ErrorCode::too_large, "{} has {} characters; at most {} are taken",
         member, text.size(), longest);
  }
  return text;
}

bool flag_of(const Json& value, std::string_view member) {
  if (!value.is_boolean()) wrong(member, "true or false");
  return value.get<bool>();
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return text;
}

// "host", "host:port" or "[v6]:port"; the host without brackets.
std::optional<std::string> host_of(std::string_view authority) {
  std::string_view host = authority, port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return {};
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    host = authority.substr(0, authority.find(':'));
    port = authority.substr(host.size());
  }
  if (host.empty()) return {};
  if (port.empty()) return std::string(host);
  port.remove_prefix(1);
  if (authority[authority.size() - port.size() - 1] != ':' ||
      parse_number<std::uint16_t>(port).value_or(0) == 0) {
    return {};
  }
  return std::string(host);
}

// Nothing for what is no URL of a webhook.
std::optional<std::string> host_of_url(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  const auto name = lower(url.substr(0, scheme));
  if (name != "http" && name != "https") return {};
  if (!is_plain(url) || url.find_first_of("#\\") != std::string::npos) {
    return {};
  }
  const auto end = std::min(url.find_first_of("/?", scheme + 3), url.size());
  const auto authority =
      std::string_view(url).substr(scheme + 3, end - scheme - 3);
  if (authority.find('@') != std::string_view::npos) return {};
  return host_of(authority);
}

std::string read_name(const Json& value) {
  auto name = text_of(value, "name", kLongestName);
  const bool good = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
  if (name.empty() || !good) wrong("name", "of letters, digits, '.', '_', '-'");
  return name;
}

std::string read_url(const Json& value) {
  auto url = text_of(value, "url", kLongestUrl);
  if (!host_of_url(url)) {
    wrong("url",
          "http:// or https:// with a host, without user name (use headers) "
          "and fragment");
  }
  return url;
}

std::vector<std::pair<std::string, std::string>> read_headers(
    const Json& value) {
  if (!value.is_object()) wrong("headers", "an object of strings");
  if (value.size() > kMostHeaders) {
    fail(ErrorCode::too_large, "headers has {} members; at most {} are taken",
         value.size(), kMostHeaders);
  }
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, content] : value.items()) {
    const auto member = "headers." + name.substr(0, 80);
    if (name.size() > 256 || !http::is_token(name)) {
      wrong(member, "named as HTTP names headers");
    }
    if (std::find(kOwnHeaders.begin(), kOwnHeaders.end(), lower(name)) !=
        kOwnHeaders.end()) {
      fail(ErrorCode::invalid, "{} is a header that a delivery sets itself",
           member);
    }
    auto text = text_of(content, member, kLongestHeader);
    const auto is_control = [](unsigned char c) {
      return (c < ' ' && c != '\t') || c == 0x7f;
    };
    if (std::any_of(text.begin(), text.end(), is_control)) {
      wrong(member, "without control characters");
    }
    headers.emplace_back(name, std::move(text));
  }
  return headers;
}

std::vector<std::string> read_actions(const Json& value) {
  if (!value.is_array() || value.empty() || value.size() > kActions.size()) {
    wrong("actions", "a list of push, pull, delete, mount");
  }
  std::vector<std::string> actions;
  for (const auto& one : value) {
    if (!one.is_string() ||
        std::find(kActions.begin(), kActions.end(),
                  one.get_ref<const std::string&>()) == kActions.end()) {
      wrong(fmt::format("actions[{}]", actions.size()),
            "push, pull, delete or mount");
    }
    actions.push_back(one.get<std::string>());
  }
  return actions;
}

std::vector<std::string> read_media_types(const Json& value) {
  if (!value.is_array()) wrong("ignored_media_types", "a list of media types");
  if (value.size() > kMostMediaTypes) {
    fail(ErrorCode::too_large,
         "ignored_media_types has {} entries; at most {} are taken",
         value.size(), kMostMediaTypes);
  }
  std::vector<std::string> types;
  for (const auto& one : value) {
    const auto member = fmt::format("ignored_media_types[{}]", types.size());
    auto type = text_of(one, member, 256);
    if (!is_plain(type) || type.find('/') == std::string::npos) {
      wrong(member, "a media type");
    }
    types.push_back(std::move(type));
  }
  return types;
}

std::string read_ca(const Json& value) {
  auto pem = text_of(value, "ca_pem", kLongestCa);
  if (pem.empty()) return pem;
  try {
    const http::Certificate check(pem);
  } catch (const Error&) {
    wrong("ca_pem", "certificates in PEM");
  }
  return pem;
}

std::string read_glob(const Json& value) {
  auto glob = text_of(value, "repositories", kLongestPattern);
  if (glob.empty()) wrong("repositories", "a pattern");
  return glob;
}

// False for a name that is no member.
bool change_member(Webhook& webhook, const std::string& name,
                   const Json& value) {
  if (name == "name") {
    webhook.name = read_name(value);
  } else if (name == "url") {
    webhook.url = read_url(value);
  } else if (name == "headers") {
    webhook.headers = read_headers(value);
  } else if (name == "secret") {
    webhook.secret = text_of(value, name, kLongestSecret);
  } else if (name == "ca_pem") {
    webhook.ca_pem = read_ca(value);
  } else if (name == "verify_tls") {
    webhook.verify_tls = flag_of(value, name);
  } else if (name == "actions") {
    webhook.actions = read_actions(value);
  } else if (name == "blobs") {
    webhook.blobs = flag_of(value, name);
  } else if (name == "include_references") {
    webhook.include_references = flag_of(value, name);
  } else if (name == "repositories") {
    webhook.repositories = read_glob(value);
  } else if (name == "ignored_media_types") {
    webhook.ignored_media_types = read_media_types(value);
  } else if (name == "enabled") {
    webhook.enabled = flag_of(value, name);
  } else {
    return false;
  }
  return true;
}

bool contains(const std::vector<std::string>& list, std::string_view one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

}  // namespace

bool Webhook::hears(std::string_view action, bool of_blob) const {
  return enabled && (blobs || !of_blob) && contains(actions, action);
}

bool Webhook::wants(const Notice& notice, std::string_view repository) const {
  return hears(notice.action, notice.of_blob) &&
         !contains(ignored_media_types, notice.target.media_type) &&
         glob_match(repositories,
                    project_id ? repository
                               : std::string_view(notice.target.repository));
}

Webhook change_webhook(Webhook before, const Json& settings) {
  if (!settings.is_object()) wrong("a webhook", "a JSON object");
  Webhook webhook = std::move(before);
  for (const auto& [name, value] : settings.items()) {
    if (!change_member(webhook, name, value)) {
      fail(ErrorCode::invalid, "{} is not a member of a webhook",
           name.substr(0, 80));
    }
  }
  if (webhook.name.empty()) fail(ErrorCode::invalid, "name is missing");
  if (webhook.url.empty()) fail(ErrorCode::invalid, "url is missing");
  if (contains(webhook.actions, "mount") && !webhook.blobs) {
    fail(ErrorCode::invalid,
         "actions: mount happens to blobs only; set blobs to true with it");
  }
  return webhook;
}

void refuse_local_url(const Webhook& webhook) {
  const auto host = host_of_url(webhook.url);
  if (host && !http::is_local_host(*host)) return;
  fail(ErrorCode::denied,
       "url: '{}' is an address of this machine or its link; only "
       "registry.webhook_allow_local permits these",
       host.value_or(""));
}

Json settings_json(const Webhook& webhook) {
  return {{"name", webhook.name},
          {"url", webhook.url},
          {"ca_pem", webhook.ca_pem},
          {"verify_tls", webhook.verify_tls},
          {"actions", webhook.actions},
          {"blobs", webhook.blobs},
          {"include_references", webhook.include_references},
          {"repositories", webhook.repositories},
          {"ignored_media_types", webhook.ignored_media_types},
          {"enabled", webhook.enabled}};
}

Json secrets_json(const Webhook& webhook) {
  Json headers = Json::object();
  for (const auto& [name, value] : webhook.headers) headers[name] = value;
  return {{"headers", std::move(headers)}, {"secret", webhook.secret}};
}

void read_secrets(Webhook& webhook, const Json& secrets) {
  webhook = change_webhook(
      std::move(webhook),
      {{"headers", secrets.at("headers")}, {"secret", secrets.at("secret")}});
}

}  // namespace skerry::registry
