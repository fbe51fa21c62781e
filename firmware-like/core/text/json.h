// JSON as the outside world sends it: bounded in depth, strict, with an error
// that says where. (nlohmann_json does the work.)
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace skerry {

using Json = nlohmann::json;

inline constexpr int kMaxJsonDepth = 128;

// RFC 8259. Throws invalid ("line 3, column 7: ...") for text that is not JSON
// or repeats a key, and too_large past `max_depth`.
Json parse_json(std::string_view text, int max_depth = kMaxJsonDepth);

// Typed member access for request bodies and stored documents; each throws
// invalid and names the field. `optional_*` give the default for an absent or
// null member.
std::string required_string(const Json& object, std::string_view key);
std::string optional_string(const Json& object, std::string_view key,
                            std::string_view otherwise = {});
std::int64_t optional_int(const Json& object, std::string_view key,
                          std::int64_t otherwise);
bool optional_bool(const Json& object, std::string_view key, bool otherwise);
// Throws invalid naming the first member that is not in `known`.
void refuse_unknown_members(const Json& object,
                            std::initializer_list<std::string_view> known,
                            std::string_view where);

}  // namespace skerry
