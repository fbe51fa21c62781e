#include "core/config/settings.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "core/config/secret_box.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/text/yaml.h"

namespace skerry {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::array kDurations{Unit{"ms", 1}, Unit{"s", 1'000},
                                Unit{"m", 60'000}, Unit{"h", 3'600'000},
                                Unit{"d", 86'400'000}};
constexpr std::array kSizes{
    Unit{"", 1},           Unit{"B", 1},          Unit{"KiB", 1 << 10},
    Unit{"MiB", 1 << 20},  Unit{"GiB", 1 << 30},  Unit{"TiB", 1LL << 40}};

template <std::size_t N>
std::optional<std::int64_t> parse_with_unit(std::string_view text,
                                            const std::array<Unit, N>& units) {
  std::int64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view name =
      text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : units) {
    std::int64_t product = 0;
    if (name == unit.name &&
        !__builtin_mul_overflow(number, unit.factor, &product)) {
      return product;
    }
  }
  return std::nullopt;
}

std::string environment_name(std::string_view setting) {
  std::string name = "SKERRY_";
  for (const char c : setting) {
    name += c == '.' ? '_' : static_cast<char>(std::toupper(c));
  }
  return name;
}

std::string_view expectation(SettingType type) {
  switch (type) {
    case SettingType::integer:
      return "a whole number";
    case SettingType::boolean:
      return "true or false";
    case SettingType::duration:
      return "a time such as 250ms, 30s, 5m, 1h";
    case SettingType::size:
      return "a size such as 512, 64KiB, 100MiB, 2GiB";
    case SettingType::text:
    case SettingType::secret:
      break;
  }
  return "text";
}

std::optional<std::int64_t> parse_number(SettingType type,
                                         std::string_view text) {
  if (type == SettingType::duration) return parse_duration_millis(text);
  if (type == SettingType::size) return parse_size_bytes(text);
  if (type == SettingType::boolean) {
    if (text == "true") return 1;
    if (text == "false") return 0;
    return std::nullopt;
  }
  if (type == SettingType::integer) {
    std::int64_t number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
      return std::nullopt;
    }
    return number;
  }
  return 0;
}

}  // namespace

std::optional<std::int64_t> parse_duration_millis(std::string_view text) {
  return parse_with_unit(text, kDurations);
}

std::optional<std::int64_t> parse_size_bytes(std::string_view text) {
  return parse_with_unit(text, kSizes);
}

std::span<const Migration> Settings::migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        -- What was set on the page; secrets are sealed (config/secret_box.h).
        create table setting (
          name  text primary key,
          value text not null
        ) without rowid;
      )sql"},
  };
  return kMigrations;
}

Settings::Settings(std::filesystem::path file,
                   std::map<std::string, std::string> environment)
    : file_(std::move(file)), environment_(std::move(environment)) {}

Settings::Value Settings::parse(const Setting& setting, std::string_view text,
                                SettingSource source, std::string_view where) {
  const auto number = parse_number(setting.type, text);
  if (!number) {
    fail(ErrorCode::invalid, "{}: setting {} must be {}, not '{}'", where,
         setting.name, expectation(setting.type), text);
  }
  const auto& choices = setting.choices;
  if (!choices.empty() &&
      std::find(choices.begin(), choices.end(), text) == choices.end()) {
    fail(ErrorCode::invalid, "{}: setting {} must be {}, not '{}'", where,
         setting.name, fmt::join(choices, " or "), text);
  }
  if ((setting.minimum && *number < *setting.minimum) ||
      (setting.maximum && *number > *setting.maximum)) {
    fail(ErrorCode::invalid, "{}: setting {} must be between {} and {}", where,
         setting.name, setting.minimum.value_or(0),
         setting.maximum.value_or(INT64_MAX));
  }
  return {std::string(text), *number, source};
}

void Settings::declare(std::vector<Setting> settings) {
  MutexLock lock(mutex_);
  for (Setting& setting : settings) {
    base_[setting.name] = parse(setting, setting.default_value,
                                SettingSource::built_in, "built in");
    const std::string name = setting.name;
    if (!declared_.emplace(name, std::move(setting)).second) {
      fail(ErrorCode::internal, "setting {} is declared twice", name);
    }
  }
}

void Settings::load() {
  MutexLock lock(mutex_);
  if (std::filesystem::exists(file_)) {
    const Json values = parse_yaml(read_file(file_, 1 << 20), file_.native());
    if (!values.is_null() && !values.is_object()) {
      fail(ErrorCode::invalid, "{}: must be a mapping of settings",
           file_.native());
    }
    for (const auto& [name, value] : values.items()) {
      const auto setting = declared_.find(name);
      if (setting == declared_.end()) {
        fail(ErrorCode::invalid, "{}: there is no setting '{}'",
             file_.native(), name);
      }
      const std::string text =
          value.is_string() ? value.get<std::string>() : value.dump();
      base_[name] = parse(setting->second, text, SettingSource::file,
                          file_.native());
    }
  }
  for (const auto& [name, setting] : declared_) {
    const auto it = environment_.find(environment_name(name));
    if (it == environment_.end()) continue;
    base_[name] =
        parse(setting, it->second, SettingSource::environment, it->first);
  }
}

void Settings::attach(Database& db, std::string encryption_key) {
  MutexLock lock(mutex_);
  key_ = std::move(encryption_key);
  db.read([&](Connection& c) SKERRY_TSA(no_thread_safety_analysis) {
    auto rows = c.query("select name, value from setting");
    while (rows.next()) {
      // A name that this version does not know stays for the one that does.
      const auto it = declared_.find(rows.text(0));
      if (it == declared_.end()) continue;
      const std::string text = it->second.type == SettingType::secret
                                   ? unseal(key_, rows.text(1))
                                   : rows.text(1);
      page_[it->first] =
          parse(it->second, text, SettingSource::page, "database");
    }
  });
}

const Setting& Settings::declared(std::string_view name) const {
  const auto it = declared_.find(name);
  if (it == declared_.end()) {
    fail(ErrorCode::internal, "setting {} was never declared", name);
  }
  return it->second;
}

const Settings::Value& Settings::value(std::string_view name) const {
  declared(name);
  const auto it = page_.find(name);
  return it != page_.end() ? it->second : base_.find(name)->second;
}

std::string Settings::text(std::string_view name) const {
  MutexLock lock(mutex_);
  return value(name).text;
}

std::int64_t Settings::integer(std::string_view name) const {
  MutexLock lock(mutex_);
  return value(name).number;
}

bool Settings::boolean(std::string_view name) const {
  return integer(name) != 0;
}

std::chrono::milliseconds Settings::duration(std::string_view name) const {
  return std::chrono::milliseconds(integer(name));
}

std::vector<Settings::Shown> Settings::list() const {
  MutexLock lock(mutex_);
  std::vector<Shown> shown;
  for (const auto& [name, setting] : declared_) {
    const Value& current = value(name);
    const bool hide = setting.type == SettingType::secret;
    shown.push_back({setting,
                     hide ? (current.text.empty() ? "" : "(set)")
                          : current.text,
                     current.source});
  }
  return shown;
}

void Settings::set(Transaction& tx, std::string_view name,
                   std::string_view text) {
  MutexLock lock(mutex_);
  const auto it = declared_.find(name);
  if (it == declared_.end()) {
    fail(ErrorCode::not_found, "there is no setting '{}'", name);
  }
  Value parsed = parse(it->second, text, SettingSource::page, "value");
  tx.run("insert into setting (name, value) values (?, ?) "
         "on conflict (name) do update set value = excluded.value",
         name,
         it->second.type == SettingType::secret ? seal(key_, text)
                                                : std::string(text));
  tx.after_commit([this, key = std::string(name), parsed] {
    MutexLock relock(mutex_);
    page_[key] = parsed;
  });
}

void Settings::unset(Transaction& tx, std::string_view name) {
  MutexLock lock(mutex_);
  if (!declared_.contains(name)) {
    fail(ErrorCode::not_found, "there is no setting '{}'", name);
  }
  tx.run("delete from setting where name = ?", name);
  tx.after_commit([this, key = std::string(name)] {
    MutexLock relock(mutex_);
    page_.erase(key);
  });
}

}  // namespace skerry
