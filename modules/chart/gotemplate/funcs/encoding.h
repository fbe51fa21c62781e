// Go's strict base64. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace skerry::chart {

// base64.StdEncoding.DecodeString; its error goes to `problem`.
std::string decode_go_base64(std::string_view text, std::string& problem);

}  // namespace skerry::chart
