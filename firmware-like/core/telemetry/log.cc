#include "core/telemetry/log.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/os/clock.h"

namespace skerry::log {
namespace {

struct Options {
  std::atomic<Format> format{isatty(STDERR_FILENO) != 0 ? Format::human
                                                        : Format::json};
  std::atomic<Level> lowest{Level::info};
};

Options& options() {
  static Options instance;
  return instance;
}

constexpr std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

std::string human_line(std::string_view time, Level level,
                       std::string_view message,
                       std::initializer_list<Field> fields) {
  std::string line =
      fmt::format("{} {:<7} {}", time.substr(11, 12), name_of(level), message);
  for (const Field& field : fields) {
    line += fmt::format("  {}={}", field.key, field.value);
  }
  return line;
}

std::string json_line(std::string_view time, Level level,
                      std::string_view message,
                      std::initializer_list<Field> fields) {
  nlohmann::ordered_json record;
  record["time"] = time;
  record["level"] = name_of(level);
  record["message"] = message;
  for (const Field& field : fields) record[std::string(field.key)] = field.value;
  return record.dump(-1, ' ', false,
                     nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

void configure(Format format, Level lowest) {
  options().format = format;
  options().lowest = lowest;
}

void write(Level level, std::string_view message,
           std::initializer_list<Field> fields) {
  if (level < options().lowest.load()) return;
  const std::string time = to_rfc3339(SystemClock().now(), true);
  std::string line = options().format.load() == Format::human
                         ? human_line(time, level, message, fields)
                         : json_line(time, level, message, fields);
  line += '\n';
  // One write(2) a record keeps the lines of several threads whole. There is
  // nobody to tell when standard error is gone.
  [[maybe_unused]] const auto written =
      ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace skerry::log
