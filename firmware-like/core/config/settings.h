// Typed settings. A value comes from the first of: the web page (database),
// the environment, the settings file, the built-in default; reversed: default
// < file < environment < web page.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/mutex.h"
#include "core/store/sqlite.h"
#include "core/text/json.h"

namespace skerry {

enum class SettingType {
  text,
  integer,
  boolean,
  duration,  // "250ms", "30s", "5m", "1h"; kept in milliseconds
  size,      // "512", "64KiB", "100MiB", "2GiB"; kept in bytes
  secret,    // text, encrypted in the database, never shown
};

struct Setting {
  std::string name;  // "git.max_pack_size": module, dot, snake_case
  SettingType type = SettingType::text;
  std::string default_value;
  std::string description;  // one sentence, with the unit
  std::optional<std::int64_t> minimum{};
  std::optional<std::int64_t> maximum{};
  std::vector<std::string> choices{};  // the only values of a text; none: any
};

enum class SettingSource { built_in, file, environment, page };

// Thread-safe. A name that was not declared is a bug (internal).
class Settings {
 public:
  // `file` (may be absent) is YAML: one mapping of names to values. The
  // environment variable of "git.max_pack_size" is SKERRY_GIT_MAX_PACK_SIZE.
  Settings(std::filesystem::path file,
           std::map<std::string, std::string> environment);

  void declare(std::vector<Setting> settings);
  // Reads file and environment; throws invalid naming an unknown setting or a
  // bad value and where it stands.
  void load();
  // Attaches the database (after its migrations) and reads its values.
  void attach(Database& db, std::string encryption_key);

  std::string text(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;  // also size, in bytes
  bool boolean(std::string_view name) const;
  std::chrono::milliseconds duration(std::string_view name) const;

  struct Shown {
    Setting setting;
    std::string value;  // "(set)" or "" for a secret
    SettingSource source;
  };
  std::vector<Shown> list() const;  // sorted by name
  // From the page; throws invalid for a bad value, not_found for the name.
  void set(Transaction& tx, std::string_view name, std::string_view value);
  void unset(Transaction& tx, std::string_view name);

  static std::span<const Migration> migrations();

 private:
  struct Value {
    std::string text;
    std::int64_t number = 0;
    SettingSource source = SettingSource::built_in;
  };
  const Setting& declared(std::string_view name) const REQUIRES(mutex_);
  const Value& value(std::string_view name) const REQUIRES(mutex_);
  static Value parse(const Setting& setting, std::string_view text,
                     SettingSource source, std::string_view where);

  const std::filesystem::path file_;
  const std::map<std::string, std::string> environment_;
  mutable Mutex mutex_;
  std::map<std::string, Setting, std::less<>> declared_ GUARDED_BY(mutex_);
  std::map<std::string, Value, std::less<>> base_ GUARDED_BY(mutex_);
  std::map<std::string, Value, std::less<>> page_ GUARDED_BY(mutex_);
  std::string key_ GUARDED_BY(mutex_);
};

// Parses "30s", "100MiB"; nothing for anything else.
std::optional<std::int64_t> parse_duration_millis(std::string_view text);
std::optional<std::int64_t> parse_size_bytes(std::string_view text);

}  // namespace skerry
