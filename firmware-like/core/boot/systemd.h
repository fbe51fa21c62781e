// What systemd wants to hear from a service of Type=notify (sd_notify(3)).
// Everywhere else these do nothing. Thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace skerry::boot {

// Sends "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=...".
void notify_systemd(std::string_view state);

// How often "WATCHDOG=1" must be sent, half of WATCHDOG_USEC, if at all.
std::optional<std::chrono::milliseconds> watchdog_interval();

}  // namespace skerry::boot
