#include "fetch/reference.h"

#include <algorithm>

#include "core/error.h"
#include "core/store/digest.h"
#include "gotemplate/error.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/url.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kOci = "oci://";

Url read_url(const std::string& text) {
  try {
    return parse_url(text);
  } catch (const TemplateError&) {
    fail(ErrorCode::invalid, "invalid chart URL format: {}", text);
  }
}

// RFC 3986 section 5.2.4; the path begins with '/'.
std::string without_dots(std::string_view path) {
  std::vector<std::string> kept;
  auto parts = go_split(path, "/", -1);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    bool is_last = i + 1 == parts.size();
    if (parts[i] == "..") {
      if (!kept.empty()) kept.pop_back();
      if (is_last) kept.emplace_back();
    } else if (parts[i] == ".") {
      if (is_last) kept.emplace_back();
    } else {
      kept.push_back(parts[i]);
    }
  }
  std::string out;
  for (auto& part : kept) out += "/" + part;
  return out.empty() ? "/" : out;
}

std::string normal_path(std::string path) {
  path = without_dots(path.starts_with('/') ? path : "/" + path);
  std::string out;
  for (char c : path) {
    if (c != '/' || !out.ends_with('/')) out += c;
  }
  if (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return out;
}

std::string port_of(const Url& url) {
  std::size_t colon = url.host.rfind(':');
  std::size_t bracket = url.host.rfind(']');
  bool has_port = colon != url.host.npos &&
                  (bracket == url.host.npos || colon > bracket);
  if (has_port) return url.host.substr(colon + 1);
  if (url.scheme == "http") return "80";
  return url.scheme == "https" ? "443" : "";
}

bool is_repository_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '/';
  });
}

}  // namespace

bool is_oci(std::string_view url) { return url.starts_with(kOci); }

std::string resolve_reference(const std::string& base,
                              const std::string& reference) {
  Url to = read_url(reference);
  if (!to.scheme.empty()) return reference;
  Url from = read_url(base);
  std::string folder = from.path;
  while (folder.ends_with('/')) folder.pop_back();
  folder += '/';
  if (!to.host.empty()) {
    from.host = to.host;
    from.path = without_dots(to.path.empty() ? "/" : to.path);
  } else if (to.path.starts_with('/')) {
    from.path = without_dots(to.path);
  } else {
    from.path = without_dots(folder.starts_with('/') ? folder + to.path
                                                     : "/" + to.path);
  }
  from.fragment = to.fragment;
  return from.to_string();
}

bool is_same_url(const std::string& a, const std::string& b) {
  try {
    Url first = parse_url(a), second = parse_url(b);
    first.path = normal_path(first.path);
    second.path = normal_path(second.path);
    return first.to_string() == second.to_string();
  } catch (const TemplateError&) {
    return a == b;
  }
}

bool is_same_place(const std::string& a, const std::string& b) {
  Url first = read_url(a), second = read_url(b);
  return first.scheme == second.scheme &&
         first.hostname() == second.hostname() &&
         port_of(first) == port_of(second);
}

std::string file_name_of(const std::string& url) {
  std::string path = read_url(url).path;
  return path.substr(path.rfind('/') + 1);
}

std::string OciReference::name() const {
  return repository.substr(repository.rfind('/') + 1);
}

std::string OciReference::to_string() const {
  std::string out = host + "/" + repository;
  if (!tag.empty()) return out + ":" + tag;
  return digest.empty() ? out : out + "@" + digest;
}

OciReference parse_oci_reference(std::string_view text) {
  if (is_oci(text)) text.remove_prefix(kOci.size());
  OciReference out;
  std::string_view rest = text;
  if (std::size_t at = rest.rfind('@'); at != rest.npos) {
    out.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (!Digest::parse(out.digest)) {
      fail(ErrorCode::invalid, "invalid reference: invalid digest {}",
           quote(out.digest));
    }
  }
  std::size_t slash = rest.find('/');
  if (slash == rest.npos) {
    fail(ErrorCode::invalid,
         "invalid reference: missing registry or repository");
  }
  out.host = rest.substr(0, slash);
  rest.remove_prefix(slash + 1);
  if (std::size_t colon = rest.rfind(':');
      colon != rest.npos && rest.find('/', colon) == rest.npos) {
    out.tag = rest.substr(colon + 1);
    std::replace(out.tag.begin(), out.tag.end(), '+', '_');
    rest = rest.substr(0, colon);
  }
  out.repository = rest;
  if (!is_repository_name(out.repository)) {
    fail(ErrorCode::invalid, "invalid reference: invalid repository {}",
         quote(out.repository));
  }
  return out;
}

}  // namespace skerry::chart
