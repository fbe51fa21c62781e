// The arguments `time` and `unit` of timeout and sleep.
#pragma once

#include <chrono>

#include "plan.h"

namespace skerry::ci {

// Throws invalid for a time below zero or beyond a year.
std::chrono::milliseconds duration_of(const ArgumentValues& arguments);

}  // namespace skerry::ci
