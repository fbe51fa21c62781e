#include "policy/retention.h"

#include <fmt/format.h>

#include <utility>

#include "manifests/tag_details.h"
#include "policy/tag_rules.h"

namespace skerry::registry {
namespace {

// Spreads life from what stays for its own sake to what that needs.
class Liveness {
 public:
  Liveness(const Policy& policy, const RepositoryFacts& facts, UnixMillis now)
      : policy_(policy), facts_(facts), now_(now) {
    verdicts_.manifests.resize(facts.manifests.size(),
                               {false, "", std::nullopt});
    for (std::size_t i = 0; i < facts.manifests.size(); ++i) {
      index_[facts.manifests[i].digest] = i;
    }
    named_.resize(facts.manifests.size());
    tagged_.resize(facts.manifests.size());
    for (std::size_t i = 0; i < facts.manifests.size(); ++i) {
      for (const auto& child : facts.manifests[i].children) {
        if (const auto at = find(child)) named_[*at] = true;
      }
      const auto& subject = facts.manifests[i].subject;
      if (!subject || !find(*subject)) continue;
      referrers_[*subject].push_back(i);
      named_[i] = true;
    }
    for (std::size_t i = 0; i < facts.tags.size(); ++i) {
      if (const auto at = find(facts.tags[i].digest)) tagged_[*at] = true;
      if (const auto parsed = parse_subject_tag(facts.tags[i].name)) {
        speaking_[parsed->subject].push_back(i);
      }
    }
  }

  Verdicts judge() {
    own_ = judge_tags(policy_, facts_, now_);
    for (std::size_t i = 0; i < facts_.tags.size(); ++i) begin_with_tag(i);
    for (std::size_t i = 0; i < facts_.manifests.size(); ++i) {
      begin_with_manifest(i);
    }
    while (!ahead_.empty()) {
      const auto at = ahead_.back();
      ahead_.pop_back();
      spread(at);
    }
    for (std::size_t i = 0; i < facts_.tags.size(); ++i) end_with_tag(i);
    for (std::size_t i = 0; i < facts_.manifests.size(); ++i) {
      auto& verdict = verdicts_.manifests[i];
      if (!verdict.stays) verdict.reason = why_it_goes(i);
    }
    return std::move(verdicts_);
  }

 private:
  std::optional<std::size_t> find(const std::string& digest) const {
    const auto it = index_.find(digest);
    if (it == index_.end()) return {};
    return it->second;
  }
  bool young(UnixMillis since) const {
    return !policy_.untagged_after ||
           now_ - since < policy_.untagged_after->count();
  }
  std::string grace() const {
    return policy_.untagged_after
               ? "younger than untagged_after, " +
                     duration_text(*policy_.untagged_after)
               : "untagged_after is not set";
  }

  void keep(std::size_t at, std::string reason) {
    auto& verdict = verdicts_.manifests[at];
    if (verdict.stays) return;
    verdict = {true, std::move(reason), std::nullopt};
    ahead_.push_back(at);
  }

  // A tag of something that is not in the repository waits for it as a
  // manifest without a tag does: signatures may be pushed first.
  void begin_with_tag(std::size_t i) {
    const auto& tag = facts_.tags[i];
    auto& own = own_[i];
    if (!own) {
      const auto subject = parse_subject_tag(tag.name)->subject;
      if (find(subject)) return;
      own = young(tag.pushed)
                ? Verdict{true, fmt::format("{} is not here yet; {}", subject,
                                            grace())}
                : Verdict{false, fmt::format("{}, of which it speaks, is not "
                                             "here",
                                             subject)};
    }
    const auto at = find(tag.digest);
    if (own->stays && at) keep(*at, fmt::format("the tag {} stays", tag.name));
  }

  void begin_with_manifest(std::size_t i) {
    const auto& manifest = facts_.manifests[i];
    const auto user = facts_.in_use.find(manifest.digest);
    if (user != facts_.in_use.end()) {
      keep(i, "in use by " + user->second);
    } else if (!tagged_[i] && !named_[i] && young(manifest.untagged)) {
      keep(i, "untagged, but " + grace());
    }
  }

  void spread(std::size_t at) {
    const auto& manifest = facts_.manifests[at];
    for (const auto& child : manifest.children) {
      if (const auto to = find(child)) {
        keep(*to, "a part of " + manifest.digest);
      }
    }
    if (manifest.subject) {
      if (const auto to = find(*manifest.subject)) {
        keep(*to, manifest.digest + " refers to it");
      }
    }
    if (const auto it = referrers_.find(manifest.digest);
        it != referrers_.end()) {
      for (const auto to : it->second) keep(to, "refers to " + manifest.digest);
    }
    if (const auto it = speaking_.find(manifest.digest);
        it != speaking_.end()) {
      for (const auto tag : it->second) {
        if (own_[tag]) continue;
        own_[tag] = Verdict{true, "speaks of " + manifest.digest};
        if (const auto to = find(facts_.tags[tag].digest)) {
          keep(*to, fmt::format("the tag {} stays", facts_.tags[tag].name));
        }
      }
    }
  }

  void end_with_tag(std::size_t i) {
    if (!own_[i]) {
      own_[i] = Verdict{
          false, fmt::format("{}, of which it speaks, goes",
                             parse_subject_tag(facts_.tags[i].name)->subject)};
    }
    verdicts_.tags.push_back(std::move(*own_[i]));
  }

  std::string why_it_goes(std::size_t i) const {
    if (tagged_[i]) return "none of its tags stays";
    const auto& subject = facts_.manifests[i].subject;
    if (subject && find(*subject)) return *subject + ", its subject, goes";
    if (named_[i]) return "no index that stays has it";
    return "untagged for longer than untagged_after, " +
           duration_text(policy_.untagged_after.value_or(
               std::chrono::milliseconds(0)));
  }

  const Policy& policy_;
  const RepositoryFacts& facts_;
  const UnixMillis now_;
  std::unordered_map<std::string, std::size_t> index_;  // of manifests
  std::unordered_map<std::string, std::vector<std::size_t>> referrers_;
  // Tags that speak of a manifest, by its digest.
  std::unordered_map<std::string, std::vector<std::size_t>> speaking_;
  std::vector<bool> named_;   // by another manifest, as child or as referrer
  std::vector<bool> tagged_;  // by any tag
  std::vector<std::optional<Verdict>> own_;  // of tags
  std::vector<std::size_t> ahead_;
  Verdicts verdicts_;
};

}  // namespace

Verdicts judge(const Policy& policy, const RepositoryFacts& facts,
               UnixMillis now) {
  return Liveness(policy, facts, now).judge();
}

}  // namespace skerry::registry
