// Booting: named steps in a fixed order. The first that fails refuses the
// start with its name and reason; nothing after it has run.
#pragma once

#include <functional>
#include <string_view>

namespace skerry::boot {

// Runs one step and logs how long it took. An Error is thrown on with the
// step's name in front; any other exception becomes an internal one.
void stage(std::string_view name, const std::function<void()>& step);

}  // namespace skerry::boot
