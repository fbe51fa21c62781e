// URLs as Go's net/url takes them apart and puts them together.
#pragma once

#include <string>
#include <string_view>

namespace skerry::chart {

struct Url {
  std::string scheme, opaque, host, path, query, fragment;
  bool has_user = false, has_password = false;
  std::string user, password;  // decoded
  bool force_query = false;    // "?" with nothing behind it

  std::string hostname() const;
  std::string user_text() const;  // "user:pass", escaped
  std::string to_string() const;
};

// Throws TemplateError: "unable to parse url: parse ...".
Url parse_url(std::string_view text);

}  // namespace skerry::chart
