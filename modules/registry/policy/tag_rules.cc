#include "policy/tag_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "manifests/tag_details.h"

namespace skerry::registry {
namespace {

// The images that a rule's keep_last keeps: those of its matching tags that
// were pushed last. Several tags of one image count as one.
std::unordered_set<std::string> last_images(
    const RetentionRule& rule, const std::vector<const TagFact*>& matching) {
  std::unordered_map<std::string, UnixMillis> newest;
  for (const auto* tag : matching) {
    auto& pushed = newest[tag->digest];
    pushed = std::max(pushed, tag->pushed);
  }
  std::vector<std::pair<UnixMillis, std::string>> order;
  for (auto& [digest, pushed] : newest) order.emplace_back(pushed, digest);
  std::sort(order.begin(), order.end(), std::greater<>());
  const auto most = static_cast<std::uint64_t>(*rule.keep_last);
  if (order.size() > most) order.resize(most);
  std::unordered_set<std::string> found;
  for (auto& [pushed, digest] : order) found.insert(std::move(digest));
  return found;
}

// One rule over the tags that it matches.
class Rule {
 public:
  Rule(const RetentionRule& rule, const RepositoryFacts& facts, UnixMillis now)
      : rule_(rule), now_(now) {
    std::vector<const TagFact*> matching;
    for (const auto& tag : facts.tags) {
      if (parse_subject_tag(tag.name)) continue;
      if (rule.match.matches(facts.repository, tag.name)) {
        matching.push_back(&tag);
        names_.insert(tag.name);
      }
    }
    if (rule.keep_last) last_ = last_images(rule, matching);
  }

  bool matches(const TagFact& tag) const { return names_.count(tag.name) > 0; }
  // Why it keeps a tag that it matches; empty when it does not.
  std::string keeps(const TagFact& tag) const {
    if (rule_.keep_all) return "keeps all";
    if (rule_.keep_last && last_.count(tag.digest) > 0) {
      return fmt::format("among the last {} pushed", *rule_.keep_last);
    }
    if (rule_.keep_within && now_ - tag.pushed <= rule_.keep_within->count()) {
      return "pushed within " + duration_text(*rule_.keep_within);
    }
    if (rule_.keep_pulled_within && tag.pulled > 0 &&
        now_ - tag.pulled <= rule_.keep_pulled_within->count()) {
      return "pulled within " + duration_text(*rule_.keep_pulled_within);
    }
    return {};
  }

 private:
  const RetentionRule& rule_;
  const UnixMillis now_;
  std::unordered_set<std::string> names_;
  std::unordered_set<std::string> last_;
};

Verdict by_rules(const std::vector<Rule>& rules, const TagFact& tag) {
  std::string against;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!rules[i].matches(tag)) continue;
    if (auto why = rules[i].keeps(tag); !why.empty()) {
      return {true, fmt::format("retention.rules[{}]: {}", i, why), i};
    }
    against += fmt::format("{}retention.rules[{}]",
                           against.empty() ? "" : ", ", i);
  }
  if (against.empty()) return {true, "no rule matches it", {}};
  return {false, fmt::format("{} matches it, and no rule keeps it", against),
          {}};
}

}  // namespace

std::vector<std::optional<Verdict>> judge_tags(const Policy& policy,
                                               const RepositoryFacts& facts,
                                               UnixMillis now) {
  std::vector<Rule> rules;
  rules.reserve(policy.rules.size());
  for (const auto& rule : policy.rules) rules.emplace_back(rule, facts, now);
  std::vector<std::optional<Verdict>> found;
  for (const auto& tag : facts.tags) {
    const auto user = facts.in_use.find(tag.digest);
    if (const auto rule = policy.immutable_by(facts.repository, tag.name)) {
      found.push_back(
          Verdict{true, fmt::format("immutable by immutable_tags[{}]", *rule)});
    } else if (user != facts.in_use.end()) {
      found.push_back(Verdict{true, "in use by " + user->second});
    } else if (parse_subject_tag(tag.name)) {
      found.push_back(std::nullopt);
    } else {
      found.push_back(by_rules(rules, tag));
    }
  }
  return found;
}

}  // namespace skerry::registry
