// Which route answers a request.
//
// A pattern and a path are compared segment by segment. Where several patterns
// match, the one that is literal at the first segment where they differ wins:
// literal before {x}, {x} before {x+}. Between equal methods and shapes nothing
// could decide, so such tables are refused.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/route.h"

namespace skerry::http {

// A request's path, percent-decoded segment by segment, so that "%2F" stays
// within its segment.
struct TargetPath {
  std::vector<std::string> segments;  // "/a/b/" has three: "a", "b", ""
  std::string text;                   // "/a/b/"
};

// Nothing for a path that does not start with '/', has a broken escape or a
// NUL, or a segment "." or "..", also after decoding.
std::optional<TargetPath> parse_target_path(std::string_view raw);

// Thread-safe after construction.
class Router {
 public:
  // Throws conflict for two routes that nothing tells apart, internal for a
  // pattern or method that is malformed, or a project role without {project}.
  explicit Router(std::vector<Route> routes);
  ~Router();

  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> params;
    // When no route has the method: the methods that there are (405), or none
    // (404).
    std::vector<std::string> allowed;
  };
  // Patterns of GET also answer HEAD.
  Match match(std::string_view method, const TargetPath& path) const;
  // How an answer about this path looks, also when no route matches, or when
  // the path as it was sent could not be read.
  Dialect dialect_of(const TargetPath& path) const;
  Dialect dialect_of(std::string_view raw) const;

 private:
  struct Entry;
  Dialect dialect_below(std::string_view first_segment) const;

  std::vector<Entry> entries_;  // most literal first
  std::vector<Route> routes_;
};

}  // namespace skerry::http
