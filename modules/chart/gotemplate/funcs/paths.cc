// sprig: paths and URLs.
#include <algorithm>

#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/funcs/url.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string;

// path.Clean
std::string clean(std::string_view path) {
  if (path.empty()) return ".";
  bool rooted = path[0] == '/';
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= path.size();) {
    std::size_t end = std::min(path.find('/', start), path.size());
    auto part = path.substr(start, end - start);
    start = end + 1;
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!rooted) {
      parts.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += '/';
    out += parts[i];
  }
  return out.empty() ? "." : out;
}

std::string base(std::string_view path) {
  if (path.empty()) return ".";
  while (path.size() > 0 && path.back() == '/') path.remove_suffix(1);
  if (path.empty()) return "/";
  std::size_t slash = path.rfind('/');
  return std::string(slash == path.npos ? path : path.substr(slash + 1));
}

std::string dir(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return clean(slash == path.npos ? "" : path.substr(0, slash + 1));
}

std::string extension(std::string_view path) {
  std::size_t dot = path.rfind('.'), slash = path.rfind('/');
  if (dot == path.npos || (slash != path.npos && slash > dot)) return "";
  return std::string(path.substr(dot));
}

Value url_parse(In in) {
  Url url = parse_url(in.string(0));
  Value map = Value::new_map();
  map.set("scheme", url.scheme);
  map.set("host", url.host);
  map.set("hostname", url.hostname());
  map.set("path", url.path);
  map.set("query", url.query);
  map.set("opaque", url.opaque);
  map.set("fragment", url.fragment);
  map.set("userinfo", url.user_text());
  return map;
}

std::string text_member(const Value& map, std::string_view key) {
  const Value* value = map.is_nil() ? nullptr : map.find(key);
  if (!value) return "";
  if (value->is_nil()) fail_nil_pointer();
  if (!value->is_string()) {
    fail_call("unable to parse {} key, must be of type string, but {} found",
              key, kind_name(*value));
  }
  return value->string();
}

Value url_join(In in) {
  Url url;
  url.scheme = text_member(in[0], "scheme");
  url.host = text_member(in[0], "host");
  url.path = text_member(in[0], "path");
  url.query = text_member(in[0], "query");
  url.opaque = text_member(in[0], "opaque");
  url.fragment = text_member(in[0], "fragment");
  std::string user = text_member(in[0], "userinfo");
  if (!user.empty()) {
    Url parsed = parse_url("proto://" + user + "@host");
    url.has_user = parsed.has_user;
    url.user = parsed.user;
    url.has_password = parsed.has_password;
    url.password = parsed.password;
  }
  return url.to_string();
}

}  // namespace

std::span<const Function> path_functions() {
  static constexpr auto kBase = [](In in) { return Value(base(in.string(0))); };
  static constexpr auto kDir = [](In in) { return Value(dir(in.string(0))); };
  static constexpr auto kClean = [](In in) {
    return Value(clean(in.string(0)));
  };
  static constexpr auto kExt = [](In in) {
    return Value(extension(in.string(0)));
  };
  static constexpr auto kIsAbs = [](In in) {
    return Value(in.string(0).starts_with('/'));
  };
  static const Function kTable[] = {
      {"base", {S}, false, kBase},       {"osBase", {S}, false, kBase},
      {"dir", {S}, false, kDir},         {"osDir", {S}, false, kDir},
      {"clean", {S}, false, kClean},     {"osClean", {S}, false, kClean},
      {"ext", {S}, false, kExt},         {"osExt", {S}, false, kExt},
      {"isAbs", {S}, false, kIsAbs},     {"osIsAbs", {S}, false, kIsAbs},
      {"urlParse", {S}, false, url_parse},
      {"urlJoin", {Type::map}, false, url_join},
  };
  return kTable;
}

}  // namespace skerry::chart
