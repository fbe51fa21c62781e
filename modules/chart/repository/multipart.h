// multipart/form-data (RFC 7578), as `helm cm-push` and curl -F send it.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace skerry::chart {

// The parts by their field's name; of several with one name the last. Throws
// invalid for a body that does not hold to the boundary of `content_type`.
std::map<std::string, std::string> parse_multipart(
    std::string_view content_type, std::string_view body);

}  // namespace skerry::chart
