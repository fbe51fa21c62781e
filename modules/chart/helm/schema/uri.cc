#include "helm/schema/uri.h"

#include <fmt/format.h>

#include "core/error.h"
#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/url.h"

namespace skerry::chart::schema {

namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

std::string unescape(const std::string& whole, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) {
      fail(ErrorCode::invalid, "error in parsing {}: invalid URL escape {}",
           quote(whole), quote(text.substr(i, 3)));
    }
    out += static_cast<char>(
        std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return out;
}

// As url.PathEscape does with each part of a path.
std::string escape_fragment(std::string_view text) {
  constexpr std::string_view kPlain = "-_.~$&+=:@/";
  std::string out;
  for (char c : text) {
    bool plain = (c >= '0' && c <= '9') ||
                 ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                 kPlain.find(c) != kPlain.npos;
    out += plain ? std::string(1, c)
                 : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Url parse(const std::string& text) {
  constexpr std::string_view kPrefix = "unable to parse url: ";
  try {
    return parse_url(text);
  } catch (const Error& error) {
    std::string_view why = error.message();
    if (why.starts_with(kPrefix)) why.remove_prefix(kPrefix.size());
    fail(ErrorCode::invalid, "error in parsing {}: {}", quote(text), why);
  }
}

std::string without_dots(const std::string& path) {
  if (path.empty()) return "";
  std::vector<std::string> kept;
  auto parts = go_split(path, "/", -1);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    bool is_last = i + 1 == parts.size();
    if (parts[i] == "." || parts[i] == "..") {
      if (parts[i] == ".." && kept.size() > 1) kept.pop_back();
      if (is_last) kept.emplace_back();
    } else {
      kept.push_back(parts[i]);
    }
  }
  std::string out;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) out += '/';
    out += kept[i];
  }
  return out.starts_with('/') ? out : "/" + out;
}

// url.URL.ResolveReference
std::string resolve(const Url& base, Url reference) {
  if (!reference.scheme.empty()) {
    if (reference.opaque.empty()) reference.path = without_dots(reference.path);
    return reference.to_string();
  }
  Url url = reference;
  url.scheme = base.scheme;
  url.opaque = base.opaque;
  if (!reference.host.empty()) {
    url.path = without_dots(reference.path);
    return url.to_string();
  }
  url.host = base.host;
  url.has_user = base.has_user;
  url.user = base.user;
  url.has_password = base.has_password;
  url.password = base.password;
  if (reference.path.empty()) {
    if (reference.query.empty()) url.query = base.query;
    url.path = base.path;
  } else if (reference.path.starts_with('/')) {
    url.path = without_dots(reference.path);
  } else {
    std::string folder = base.path.substr(0, base.path.rfind('/') + 1);
    url.path = without_dots(folder + reference.path);
  }
  return url.to_string();
}

}  // namespace

UriReference join_uri(const std::string& base, const std::string& reference) {
  std::size_t hash = std::min(reference.find('#'), reference.size());
  std::string own = reference.substr(0, hash);
  std::string fragment;
  if (hash < reference.size()) {
    fragment = unescape(reference, std::string_view(reference).substr(hash + 1));
  }
  Url from = parse(base), to = parse(own);
  // An empty host is written out for files only.
  std::string url = own.empty() ? base : resolve(from, to);
  constexpr std::string_view kFile = "file:/";
  if (url.starts_with(kFile) && !url.starts_with("file://")) {
    url = "file://" + url.substr(kFile.size() - 1);
  }
  return {url, fragment};
}

std::string escape_pointer(std::string_view token) {
  std::string out;
  for (char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string location_of(const std::string& url, const std::string& pointer) {
  return url + "#" + escape_fragment(pointer);
}

const Value& look_up(const Value& root, const std::string& url,
                     const std::string& pointer) {
  const Value* value = &root;
  auto tokens = go_split(pointer, "/", -1);
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    std::string token;
    for (std::size_t n = 0; n < tokens[i].size(); ++n) {
      if (tokens[i][n] != '~') {
        token += tokens[i][n];
        continue;
      }
      char next = n + 1 < tokens[i].size() ? tokens[i][++n] : '\0';
      if (next != '0' && next != '1') {
        fail(ErrorCode::invalid, "invalid json-pointer {}",
             quote(location_of(url, pointer)));
      }
      token += next == '0' ? '~' : '/';
    }
    const Value* found = nullptr;
    if (value->is_map()) {
      found = value->find(token);
    } else if (value->is_list()) {
      auto index = parse_go_uint(token, 10);
      if (index && *index < value->items().size()) {
        found = &value->items()[static_cast<std::size_t>(*index)];
      }
    }
    if (!found) {
      fail(ErrorCode::invalid, "json-pointer in {} not found",
           quote(location_of(url, pointer)));
    }
    value = found;
  }
  return *value;
}

}  // namespace skerry::chart::schema
