// How Helm's log writes what stands behind "key=".
#pragma once

#include <string>
#include <string_view>

namespace skerry::chart {

// slog's text form: quoted only where it must be.
std::string log_value(std::string_view text);

}  // namespace skerry::chart
