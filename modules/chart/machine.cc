#include "machine.h"

#include <cstdlib>
#include <filesystem>

#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/file.h"
#include "core/os/random.h"

namespace skerry::chart {

namespace {

constexpr std::uint64_t kMaxZone = 1u << 20;

std::optional<std::string> read_zone_file(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  try {
    return read_file(path, kMaxZone);
  } catch (const Error&) {
    return {};
  }
}

std::optional<std::string> read_zone(std::string name) {
  if (name == "Local") {
    const char* given = std::getenv("TZ");
    if (!given) return read_zone_file("/etc/localtime");
    name = given;
    if (name.starts_with(':')) name.erase(0, 1);
    if (name.starts_with('/')) return read_zone_file(name);
    if (name.empty() || name.find("..") != name.npos) return {};
  }
  for (auto folder : {"/usr/share/zoneinfo/", "/usr/share/lib/zoneinfo/",
                      "/usr/lib/locale/TZ/", "/etc/zoneinfo/"}) {
    if (auto bytes = read_zone_file(folder + name)) return bytes;
  }
  return {};
}

}  // namespace

Environment machine_environment(const Log& log) {
  Environment environment;
  environment.now_millis = [] { return SystemClock().now(); };
  environment.random_bytes = random_bytes;
  environment.log = log;
  environment.time_zone = read_zone;
  return environment;
}

}  // namespace skerry::chart
