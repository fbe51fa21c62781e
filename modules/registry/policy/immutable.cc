#include "policy/immutable.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "core/error.h"
#include "errors.h"

namespace skerry::registry {
namespace {

std::string why(const Policy& policy, const Place& place,
                std::string_view tag) {
  const auto rule = policy.immutable_by(place.repository, tag).value_or(0);
  const auto& pattern = policy.immutable_tags.at(rule);
  return fmt::format(
      "the tag '{}' of {} is immutable: immutable_tags[{}] of the project's "
      "policy matches it (tags '{}', repositories '{}')",
      tag, place.full_name(), rule, pattern.tags, pattern.repositories);
}

std::vector<std::string> texts(Rows row) {
  std::vector<std::string> found;
  while (row.next()) found.push_back(row.text(0));
  return found;
}

}  // namespace

void require_movable(Connection& db, const Policy& policy, const Place& place,
                     std::int64_t repository, std::string_view tag,
                     std::string_view digest) {
  if (!policy.immutable_by(place.repository, tag)) return;
  auto row = db.query(
      "select digest from registry_tag where repository_id = ? and name = ?",
      repository, tag);
  if (!row.next() || row.text(0) == digest) return;
  fail_denied(fmt::format("{}; it stays at {}", why(policy, place, tag),
                          row.text(0)));
}

std::optional<std::string> immutable_tag_over(Connection& db,
                                              const Policy& policy,
                                              const Place& place,
                                              std::int64_t repository,
                                              std::string_view digest) {
  if (policy.immutable_tags.empty()) return {};
  std::set<std::string, std::less<>> seen{std::string(digest)};
  std::vector<std::string> ahead{std::string(digest)};
  while (!ahead.empty()) {
    const auto one = std::move(ahead.back());
    ahead.pop_back();
    for (auto& tag : texts(db.query("select name from registry_tag "
                                    "where repository_id = ? and digest = ?",
                                    repository, one))) {
      if (policy.immutable_by(place.repository, tag)) return std::move(tag);
    }
    for (auto& parent : texts(db.query(
             "select f.parent from registry_reference f "
             "join registry_manifest m on m.repository_id = f.repository_id "
             "and m.digest = f.parent "
             "where f.repository_id = ? and f.child = ?",
             repository, one))) {
      if (seen.insert(parent).second) ahead.push_back(std::move(parent));
    }
  }
  return {};
}

void require_removable(Connection& db, const Policy& policy,
                       const Place& place, std::int64_t repository,
                       const Reference& reference) {
  if (policy.immutable_tags.empty()) return;
  if (const auto* tag = std::get_if<std::string>(&reference)) {
    auto row = db.query(
        "select 1 from registry_tag where repository_id = ? and name = ?",
        repository, *tag);
    if (policy.immutable_by(place.repository, *tag) && row.next()) {
      fail_denied(why(policy, place, *tag));
    }
    return;
  }
  const auto digest = std::get<Digest>(reference).to_string();
  if (const auto tag =
          immutable_tag_over(db, policy, place, repository, digest)) {
    fail_denied(fmt::format("{} cannot be removed: {}", digest,
                            why(policy, place, *tag)));
  }
}

void require_removable(Connection& db, const Policy& policy,
                       const Place& place, std::int64_t repository) {
  if (policy.immutable_tags.empty()) return;
  auto row = db.query("select name from registry_tag where repository_id = ?",
                      repository);
  while (row.next()) {
    if (policy.immutable_by(place.repository, row.text(0))) {
      fail(ErrorCode::denied, "{} cannot be removed: {}", place.full_name(),
           why(policy, place, row.text(0)));
    }
  }
}

}  // namespace skerry::registry
