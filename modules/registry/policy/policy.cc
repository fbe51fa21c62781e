#include "policy/policy.h"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

#include "core/config/settings.h"
#include "core/error.h"
#include "core/text/glob.h"

namespace skerry::registry {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kLongest = 100LL * 366 * 86'400'000;  // a century

// One object of the document and where it stands.
class Members {
 public:
  Members(const Json& object, std::string path,
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

  std::string at(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  }
  // Null when it is absent.
  const Json* find(std::string_view name) const {
    const auto it = object_.find(name);
    return it == object_.end() || it->is_null() ? nullptr : &*it;
  }
  std::string pattern(std::string_view name, const char* otherwise) const {
    const Json* value = find(name);
    if (value == nullptr && otherwise != nullptr) return otherwise;
    if (value == nullptr) fail(ErrorCode::invalid, "{} is missing", at(name));
    if (!value->is_string()) wrong(name, "a pattern");
    auto text = value->get<std::string>();
    if (text.empty() || text.size() > kLongestPattern) {
      wrong(name, fmt::format("a pattern of 1 to {} characters",
                              kLongestPattern));
    }
    return text;
  }
  std::optional<std::int64_t> number(std::string_view name) const {
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
  std::optional<milliseconds> duration(std::string_view name) const {
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
  bool flag(std::string_view name) const {
    const Json* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_boolean()) wrong(name, "true or false");
    return value->get<bool>();
  }
  // Calls `each(entry, path)` for the entries of a list.
  template <typename Each>
  void list(std::string_view name, Each&& each) const {
    const Json* value = find(name);
    if (value == nullptr) return;
    if (!value->is_array()) wrong(name, "a list");
    if (value->size() > kMostRules) {
      fail(ErrorCode::too_large, "{} has {} entries; at most {} are taken",
           at(name), value->size(), kMostRules);
    }
    for (std::size_t i = 0; i < value->size(); ++i) {
      each((*value)[i], fmt::format("{}[{}]", at(name), i));
    }
  }
  [[noreturn]] void wrong(std::string_view name, std::string_view want) const {
    fail(ErrorCode::invalid, "{} must be {}", at(name), want);
  }

 private:
  const Json& object_;
  const std::string path_;
};

TagPattern read_pattern(const Members& members) {
  return {members.pattern("tags", nullptr),
          members.pattern("repositories", "**")};
}

RetentionRule read_rule(const Json& value, const std::string& path) {
  const Members members(value, path,
                        {"repositories", "tags", "keep_all", "keep_last",
                         "keep_within", "keep_pulled_within"});
  RetentionRule rule;
  rule.match = read_pattern(members);
  rule.keep_all = members.flag("keep_all");
  rule.keep_last = members.number("keep_last");
  rule.keep_within = members.duration("keep_within");
  rule.keep_pulled_within = members.duration("keep_pulled_within");
  if (!rule.keep_all && !rule.keep_last && !rule.keep_within &&
      !rule.keep_pulled_within) {
    fail(ErrorCode::invalid,
         "{} says nothing to keep: give keep_all, keep_last, keep_within or "
         "keep_pulled_within",
         path);
  }
  return rule;
}

void read_retention(const Json& value, Policy& policy) {
  const Members members(value, "retention", {"rules", "untagged_after"});
  members.list("rules", [&](const Json& one, const std::string& path) {
    policy.rules.push_back(read_rule(one, path));
  });
  policy.untagged_after = members.duration("untagged_after");
  if (policy.untagged_after && *policy.untagged_after < kLeastUntagged) {
    fail(ErrorCode::invalid,
         "retention.untagged_after must be at least 1h: an image of several "
         "platforms is untagged until its index is pushed");
  }
}

Json duration_json(const std::optional<milliseconds>& duration) {
  return duration ? Json(duration_text(*duration)) : Json(nullptr);
}

template <typename T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::string duration_text(std::chrono::milliseconds duration) {
  constexpr std::pair<std::int64_t, const char*> kUnits[] = {
      {86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}};
  const auto length = duration.count();
  for (const auto& [unit, name] : kUnits) {
    if (length % unit == 0) return fmt::format("{}{}", length / unit, name);
  }
  return fmt::format("{}ms", length);
}

bool TagPattern::matches(std::string_view repository,
                         std::string_view tag) const {
  return glob_match(tags, tag) && glob_match(repositories, repository);
}

std::optional<std::size_t> Policy::immutable_by(std::string_view repository,
                                                std::string_view tag) const {
  for (std::size_t i = 0; i < immutable_tags.size(); ++i) {
    if (immutable_tags[i].matches(repository, tag)) return i;
  }
  return {};
}

Policy parse_policy(const Json& document) {
  const Members members(document, "",
                        {"immutable_tags", "quota_bytes", "retention"});
  Policy policy;
  members.list("immutable_tags", [&](const Json& one, const std::string& path) {
    policy.immutable_tags.push_back(
        read_pattern(Members(one, path, {"repositories", "tags"})));
  });
  policy.quota_bytes = members.number("quota_bytes");
  if (const Json* retention = members.find("retention")) {
    read_retention(*retention, policy);
  }
  return policy;
}

Json to_json(const Policy& policy) {
  Json immutable = Json::array();
  for (const auto& one : policy.immutable_tags) {
    immutable.push_back({{"repositories", one.repositories}, {"tags", one.tags}});
  }
  Json rules = Json::array();
  for (const auto& rule : policy.rules) {
    rules.push_back(
        {{"repositories", rule.match.repositories},
         {"tags", rule.match.tags},
         {"keep_all", rule.keep_all},
         {"keep_last", optional_json(rule.keep_last)},
         {"keep_within", duration_json(rule.keep_within)},
         {"keep_pulled_within", duration_json(rule.keep_pulled_within)}});
  }
  return {{"immutable_tags", std::move(immutable)},
          {"quota_bytes", optional_json(policy.quota_bytes)},
          {"retention",
           {{"rules", std::move(rules)},
            {"untagged_after", duration_json(policy.untagged_after)}}}};
}

}  // namespace skerry::registry
