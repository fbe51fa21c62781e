// Members of documents that come from outside: whatever shape they have,
// reading them throws invalid with the member's name, or gives a default.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/text/json.h"

namespace skerry::registry {

// Signatures are flat; deeper ones are refused.
inline constexpr int kDeepestDocument = 16;

// Null when it is absent, or `object` is no object.
const Json* find_member(const Json& object, std::string_view name);
// `what` is the document's name in messages: "the bundle".
const Json& need_member(const Json& object, std::string_view name,
                        std::string_view what);
std::string need_text(const Json& object, std::string_view name,
                      std::string_view what);
std::string need_base64(const Json& object, std::string_view name,
                        std::string_view what);
// "" when it is absent or no text.
std::string text_or_empty(const Json& object, std::string_view name);
// An object's members as text; empty for null, absent and other things.
std::map<std::string, std::string> text_members(const Json* object);
// For messages: without control characters, and not endless.
std::string shown(std::string_view text);

}  // namespace skerry::registry
