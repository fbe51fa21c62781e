// The grammar of names, tags and references (OCI distribution specification
// 1.1, "Pulling manifests"). A name here is what stands behind the project:
// in /v2/demo/tools/hello the project is "demo", the repository "tools/hello".
// Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/store/digest.h"

namespace skerry::registry {

// Of "<project>/<repository>" in characters: hosts and clients add their own
// part and stop at 255.
inline constexpr std::size_t kMaxNameLength = 255;

// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)* with such parts joined by '/'.
bool is_repository_name(std::string_view text);

// [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}
bool is_tag(std::string_view text);

// A tag or a digest; nothing for text that is neither.
using Reference = std::variant<std::string, Digest>;
std::optional<Reference> parse_reference(std::string_view text);

// "demo/tools/hello" taken apart; nothing when there is no '/' or a part
// breaks the grammar.
struct FullName {
  std::string project;
  std::string repository;
};
std::optional<FullName> split_name(std::string_view text);

// "sha256-<hex>": the tag under which clients kept referrers before there was
// an endpoint for them (specification, "Referrers Tag Schema").
std::string referrers_tag(const Digest& subject);

}  // namespace skerry::registry
