#include "core/http/router.h"

#include <algorithm>

#include "core/http/headers.h"
#include "core/text/encoding.h"

namespace skerry::http {
namespace {

enum class Kind { literal, one, many };  // in the order of precedence

struct Segment {
  Kind kind;
  std::string text;  // the literal, or the parameter's name
};

// The parts between slashes, as views of `text`.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

bool has_dots(std::string_view decoded) {
  // A decoded slash makes segments too.
  for (const std::string_view part : split(decoded)) {
    if (part == "." || part == "..") return true;
  }
  return false;
}

Segment parse_segment(std::string_view text, const Route& route) {
  if (text.find_first_of("{}") == std::string_view::npos) {
    return {Kind::literal, std::string(text)};
  }
  const bool many = text.ends_with("+}");
  if (!text.starts_with('{') || !text.ends_with('}') ||
      text.size() < (many ? 4u : 3u)) {
    fail(ErrorCode::internal,
         "route {} {}: a parameter must be a whole segment, {{name}} or "
         "{{name+}}",
         route.method, route.pattern);
  }
  text.remove_prefix(1);
  text.remove_suffix(many ? 2 : 1);
  return {many ? Kind::many : Kind::one, std::string(text)};
}

using Params = std::map<std::string, std::string, std::less<>>;

// Does the pattern from `p` on match the path from `s` on? {x+} takes as many
// segments as it can.
bool matches(const std::vector<Segment>& pattern, std::size_t p,
             const std::vector<std::string>& path, std::size_t s,
             Params& params) {
  if (p == pattern.size()) return s == path.size();
  if (s == path.size()) return false;
  const Segment& segment = pattern[p];
  if (segment.kind == Kind::literal) {
    return segment.text == path[s] && matches(pattern, p + 1, path, s + 1, params);
  }
  if (path[s].empty()) return false;
  if (segment.kind == Kind::one) {
    if (!matches(pattern, p + 1, path, s + 1, params)) return false;
    params[segment.text] = path[s];
    return true;
  }
  std::size_t end = s;
  while (end < path.size() && !path[end].empty()) ++end;
  for (; end > s; --end) {
    if (!matches(pattern, p + 1, path, end, params)) continue;
    std::string joined = path[s];
    for (std::size_t i = s + 1; i < end; ++i) joined += "/" + path[i];
    params[segment.text] = std::move(joined);
    return true;
  }
  return false;
}

bool needs_project(Access access) {
  return access == Access::project_viewer ||
         access == Access::project_developer ||
         access == Access::project_maintainer ||
         access == Access::project_admin;
}

}  // namespace

struct Router::Entry {
  std::vector<Segment> segments;
  std::string method;
  std::size_t route;

  // "\1" sorts a literal before a parameter before a repeated one.
  std::string shape() const {
    std::string text;
    for (const Segment& segment : segments) {
      text += static_cast<char>(1 + static_cast<int>(segment.kind));
      if (segment.kind == Kind::literal) text += segment.text;
      text += '/';
    }
    return text;
  }
};

std::optional<TargetPath> parse_target_path(std::string_view raw) {
  if (!raw.starts_with('/')) return std::nullopt;
  TargetPath path;
  for (const std::string_view part : split(raw.substr(1))) {
    auto decoded = percent_decode(part);
    if (!decoded || has_dots(*decoded)) return std::nullopt;
    path.text += "/" + *decoded;
    path.segments.push_back(std::move(*decoded));
  }
  return path;
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    if (!route.pattern.starts_with('/') || !is_token(route.method) ||
        !route.handler) {
      fail(ErrorCode::internal, "route '{} {}' is not complete", route.method,
           route.pattern);
    }
    Entry entry{{}, route.method, i};
    bool project = false;
    const std::string_view pattern = route.pattern;
    for (const std::string_view part : split(pattern.substr(1))) {
      entry.segments.push_back(parse_segment(part, route));
      const Segment& segment = entry.segments.back();
      project = project ||
                (segment.kind == Kind::one && segment.text == "project");
    }
    if (needs_project(route.access) && !project) {
      fail(ErrorCode::internal, "route {} {} needs a role in a project, but "
           "has no {{project}}", route.method, route.pattern);
    }
    entries_.push_back(std::move(entry));
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) {
              const std::string x = a.shape(), y = b.shape();
              // HEAD before GET, so that its own route wins.
              return x != y ? x < y : a.method > b.method;
            });
  for (std::size_t i = 1; i < entries_.size(); ++i) {
    const Entry &a = entries_[i - 1], &b = entries_[i];
    if (a.method == b.method && a.shape() == b.shape()) {
      fail(ErrorCode::conflict, "routes {} {} and {} answer the same requests",
           a.method, routes_[a.route].pattern, routes_[b.route].pattern);
    }
  }
}

Router::~Router() = default;

Router::Match Router::match(std::string_view method,
                            const TargetPath& path) const {
  Match match;
  for (const Entry& entry : entries_) {
    Params params;
    const bool answers = entry.method == method ||
                         (method == "HEAD" && entry.method == "GET");
    if (!matches(entry.segments, 0, path.segments, 0, params)) continue;
    if (answers) {
      match.route = &routes_[entry.route];
      match.params = std::move(params);
      match.allowed.clear();
      return match;
    }
    match.allowed.push_back(entry.method);
    if (entry.method == "GET") match.allowed.emplace_back("HEAD");
  }
  std::sort(match.allowed.begin(), match.allowed.end());
  match.allowed.erase(
      std::unique(match.allowed.begin(), match.allowed.end()),
      match.allowed.end());
  return match;
}

Dialect Router::dialect_of(const TargetPath& path) const {
  return dialect_below(path.segments.front());
}

Dialect Router::dialect_of(std::string_view raw) const {
  if (raw.empty()) return Dialect::api;
  raw.remove_prefix(1);
  return dialect_below(raw.substr(0, raw.find('/')));
}

Dialect Router::dialect_below(std::string_view first_segment) const {
  for (const Entry& entry : entries_) {
    const Segment& first = entry.segments.front();
    if (first.kind == Kind::literal && first.text == first_segment) {
      return routes_[entry.route].dialect;
    }
  }
  return Dialect::api;
}

}  // namespace skerry::http
