// Values of EXPOSE, STOPSIGNAL and HEALTHCHECK as an image's configuration
// wants them. Pure; each throws invalid.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "image/dockerfile.h"

namespace skerry::ci {

// "8080" -> "8080/tcp"; "7000-7002/udp" -> three.
std::vector<std::string> parse_ports(std::string_view text);

// "SIGTERM", "TERM" or a number; returned as it stands.
std::string parse_signal(std::string_view text);

// {"Test": [...], "Interval": nanoseconds, ...}
Json parse_healthcheck(const Instruction& instruction);

// A duration as Go writes it, "1m30s", "500ms", in nanoseconds.
std::int64_t parse_duration(std::string_view text);

}  // namespace skerry::ci
