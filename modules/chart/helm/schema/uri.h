// The URLs of schemas and the pointers into them. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace skerry::chart::schema {

struct UriReference {
  std::string url, fragment;  // the fragment is decoded
};

// `reference` as it stands in a document at `base`. Throws invalid.
UriReference join_uri(const std::string& base, const std::string& reference);

// "a/b" -> "a~1b"
std::string escape_pointer(std::string_view token);
// "url#pointer", escaped
std::string location_of(const std::string& url, const std::string& pointer);
// What stands at a pointer. Throws invalid.
const Value& look_up(const Value& root, const std::string& url,
                     const std::string& pointer);

}  // namespace skerry::chart::schema
