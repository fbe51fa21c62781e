#include "core/boot/stages.h"

#include <chrono>

#include "core/error.h"
#include "core/telemetry/log.h"

namespace skerry::boot {

void stage(std::string_view name, const std::function<void()>& step) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    step();
  } catch (const Error& error) {
    throw error.in(name);
  } catch (const std::exception& error) {
    fail(ErrorCode::internal, "{}: {}", name, error.what());
  }
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - begin;
  log::debug("boot stage done",
             {{"stage", name}, {"ms", fmt::format("{:.1f}", took.count())}});
}

}  // namespace skerry::boot
