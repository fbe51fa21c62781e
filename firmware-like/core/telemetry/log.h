// Structured logs on standard error: one line a record, for a person on a
// terminal, JSON otherwise. Thread-safe.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace skerry::log {

enum class Level { debug, info, warning, error };
enum class Format { human, json };

struct Field {
  template <typename T>
  Field(std::string_view k, const T& v) : key(k), value(fmt::to_string(v)) {}
  std::string_view key;
  std::string value;
};

// Call before threads start; by default human on a terminal, JSON otherwise,
// from level info.
void configure(Format format, Level lowest);

// log::info("run finished", {{"run", id}, {"result", "SUCCESS"}});
// Never put a secret into a field.
void write(Level level, std::string_view message,
           std::initializer_list<Field> fields);
inline void debug(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::debug, m, f);
}
inline void info(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::info, m, f);
}
inline void warning(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::warning, m, f);
}
inline void error(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::error, m, f);
}

}  // namespace skerry::log
