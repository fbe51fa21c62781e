#include "policy/members.h"

#include "core/config/settings.h"
#include "core/text/glob.h"

namespace skerry::registry {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kLongest = 100LL * 366 * 86'400'000;  // a century

}  // namespace

bool TagPattern::matches(std::string_view repository,
                         std::string_view tag) const {
  return glob_match(tags, tag) && glob_match(repositories, repository);
}

Members::Members(const Json& object, std::string path,
                 std::initializer_list<std::string_view> known)
    : object_(object), path_(std::move(path)) {
  if (!object.is_object()) {
    fail(ErrorCode::invalid, "{} must be a JSON object",
         path_.empty() ? "a policy" : path_);
  }
  for (const auto& [name, value] : object.items()) {
    bool found = false;
    for (const auto one : known) found = found || one == name;
    if (!found) {
      fail(ErrorCode::invalid, "{} is not a member of a policy",
           at(name.substr(0, 80)));
    }
  }
}

std::string Members::at(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

const Json* Members::find(std::string_view name) const {
  const auto it = object_.find(name);
  return it == object_.end() || it->is_null() ? nullptr : &*it;
}

std::string Members::pattern(std::string_view name,
                             const char* otherwise) const {
  const Json* value = find(name);
  if (value == nullptr && otherwise != nullptr) return otherwise;
  if (value == nullptr) fail(ErrorCode::invalid, "{} is missing", at(name));
  if (!value->is_string()) wrong(name, "a pattern");
  auto text = value->get<std::string>();
  if (text.empty() || text.size() > kLongestPattern) {
    wrong(name,
          fmt::format("a pattern of 1 to {} characters", kLongestPattern));
  }
  return text;
}

std::optional<std::int64_t> Members::number(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr) return {};
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() ||
                     value->get<std::uint64_t>() <= INT64_MAX);
  if (!fits || value->get<std::int64_t>() < 1) {
    wrong(name, "a whole number of at least 1, or absent");
  }
  return value->get<std::int64_t>();
}

std::optional<milliseconds> Members::duration(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr) return {};
  std::optional<std::int64_t> length;
  if (value->is_string()) {
    length = parse_duration_millis(value->get_ref<const std::string&>());
  }
  if (!length || *length < 1 || *length > kLongest) {
    wrong(name, "a duration such as \"12h\" or \"30d\"");
  }
  return milliseconds(*length);
}

bool Members::flag(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) wrong(name, "true or false");
  return value->get<bool>();
}

std::string Members::text(std::string_view name, std::size_t longest) const {
  const Json* value = find(name);
  if (value == nullptr) return {};
  if (!value->is_string() ||
      value->get_ref<const std::string&>().size() > longest) {
    wrong(name, fmt::format("a text of at most {} characters", longest));
  }
  return value->get<std::string>();
}

const Json* Members::checked_list(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) wrong(name, "a list");
  if (value->size() > kMostRules) {
    fail(ErrorCode::too_large, "{} has {} entries; at most {} are taken",
         at(name), value->size(), kMostRules);
  }
  return value;
}

void Members::wrong(std::string_view name, std::string_view want) const {
  fail(ErrorCode::invalid, "{} must be {}", at(name), want);
}

TagPattern read_pattern(const Members& members, const char* tags) {
  return {members.pattern("tags", tags),
          members.pattern("repositories", "**")};
}

std::vector<TagPattern> read_patterns(const Members& members,
                                      std::string_view name,
                                      const char* tags) {
  std::vector<TagPattern> found;
  members.list(name, [&](const Json& one, const std::string& path) {
    found.push_back(
        read_pattern(Members(one, path, {"repositories", "tags"}), tags));
  });
  return found;
}

Json patterns_json(const std::vector<TagPattern>& patterns) {
  Json list = Json::array();
  for (const auto& one : patterns) {
    list.push_back({{"repositories", one.repositories}, {"tags", one.tags}});
  }
  return list;
}

}  // namespace skerry::registry
