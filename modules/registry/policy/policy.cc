#include "policy/policy.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"

namespace skerry::registry {
namespace {

using std::chrono::milliseconds;

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

std::optional<std::size_t> Policy::immutable_by(std::string_view repository,
                                                std::string_view tag) const {
  for (std::size_t i = 0; i < immutable_tags.size(); ++i) {
    if (immutable_tags[i].matches(repository, tag)) return i;
  }
  return {};
}

Policy parse_policy(const Json& document) {
  const Members members(document, "",
                        {"immutable_tags", "quota_bytes", "retention",
                         "signatures"});
  Policy policy;
  policy.immutable_tags = read_patterns(members, "immutable_tags");
  policy.quota_bytes = members.number("quota_bytes");
  if (const Json* retention = members.find("retention")) {
    read_retention(*retention, policy);
  }
  policy.signatures = read_signatures(members);
  return policy;
}

Json to_json(const Policy& policy) {
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
  return {{"immutable_tags", patterns_json(policy.immutable_tags)},
          {"quota_bytes", optional_json(policy.quota_bytes)},
          {"retention",
           {{"rules", std::move(rules)},
            {"untagged_after", duration_json(policy.untagged_after)}}},
          {"signatures", to_json(policy.signatures)}};
}

}  // namespace skerry::registry
