// An image for a person: what `skerry image inspect` prints.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "core/text/json.h"

namespace skerry::app {

// `name` is how it was asked for; `details` the API's answer
// (GET .../images/manifest).
void print_image(std::ostream& out, const std::string& name,
                 const Json& details);

// "12.3 MiB"; "1 day" or "90 min".
std::string size_text(std::int64_t bytes);
std::string time_text(std::int64_t milliseconds);

}  // namespace skerry::app
