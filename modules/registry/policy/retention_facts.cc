#include "policy/retention_facts.h"

#include <algorithm>

#include "policy/image_use.h"

namespace skerry::registry {
namespace {

void load_tags(Connection& db, Pulls& pulls, const Place& place,
               std::int64_t repository, RepositoryFacts& facts) {
  const auto counts = pulls.counts(db, place);
  auto row = db.query(
      "select name, digest, pushed from registry_tag where repository_id = ? "
      "order by name",
      repository);
  while (row.next()) {
    TagFact tag{row.text(0), row.text(1), row.integer(2)};
    for (const auto& reference : {tag.name, tag.digest}) {
      const auto it = counts.find(reference);
      if (it != counts.end()) tag.pulled = std::max(tag.pulled, it->second.last);
    }
    facts.tags.push_back(std::move(tag));
  }
}

void load_manifests(Connection& db, std::int64_t repository,
                    RepositoryFacts& facts) {
  std::unordered_map<std::string, std::size_t> index;
  auto row = db.query(
      "select m.digest, m.pushed, m.subject, coalesce(u.since, 0), m.depth "
      "from registry_manifest m left join registry_untagged u "
      "on u.repository_id = m.repository_id and u.digest = m.digest "
      "where m.repository_id = ? order by m.digest",
      repository);
  while (row.next()) {
    ManifestFact manifest{row.text(0), row.integer(1)};
    manifest.untagged = std::max(manifest.pushed, row.integer(3));
    manifest.subject = row.optional_text(2);
    manifest.depth = row.integer(4);
    index[manifest.digest] = facts.manifests.size();
    facts.manifests.push_back(std::move(manifest));
  }
  auto link = db.query(
      "select f.parent, f.child from registry_manifest c "
      "join registry_reference f on f.repository_id = c.repository_id "
      "and f.child = c.digest where c.repository_id = ?",
      repository);
  while (link.next()) {
    // What a deleted index names is in this table, too.
    const auto parent = index.find(link.text(0));
    if (parent == index.end()) continue;
    facts.manifests[parent->second].children.push_back(link.text(1));
  }
}

void note_use(const Place& place, const std::vector<ImageUse>& users,
              RepositoryFacts& facts) {
  for (const auto& use : users) {
    const auto image = parse_image_use(use.reference);
    if (!image || image->project != place.project ||
        image->repository != place.repository) {
      continue;
    }
    if (!image->digest.empty()) facts.in_use.emplace(image->digest, use.user);
    for (const auto& tag : facts.tags) {
      if (tag.name == image->tag) facts.in_use.emplace(tag.digest, use.user);
    }
  }
}

}  // namespace

RepositoryFacts load_facts(Connection& db, Pulls& pulls, const Place& place,
                           std::int64_t repository,
                           const std::vector<ImageUse>& users) {
  RepositoryFacts facts;
  facts.repository = place.repository;
  load_tags(db, pulls, place, repository, facts);
  load_manifests(db, repository, facts);
  note_use(place, users, facts);
  return facts;
}

bool still_so(Connection& db, std::int64_t repository, const TagFact& tag) {
  auto row = db.query(
      "select digest, pushed from registry_tag "
      "where repository_id = ? and name = ?",
      repository, tag.name);
  return row.next() && row.text(0) == tag.digest &&
         row.integer(1) == tag.pushed;
}

bool still_so(Connection& db, std::int64_t repository,
              const ManifestFact& manifest, const std::vector<TagFact>& tags) {
  {
    auto row = db.query(
        "select pushed from registry_manifest "
        "where repository_id = ? and digest = ?",
        repository, manifest.digest);
    if (!row.next() || row.integer(0) != manifest.pushed) return false;
  }
  {
    auto row = db.query(
        "select 1 from registry_reference f join registry_manifest p "
        "on p.repository_id = f.repository_id and p.digest = f.parent "
        "where f.repository_id = ? and f.child = ? limit 1",
        repository, manifest.digest);
    if (row.next()) return false;
  }
  auto row = db.query(
      "select name, pushed "
      "from registry_tag indexed by registry_tag_by_digest "
      "where repository_id = ? and digest = ?",
      repository, manifest.digest);
  while (row.next()) {
    const auto known =
        std::find_if(tags.begin(), tags.end(), [&](const TagFact& tag) {
          return tag.name == row.text(0) && tag.pushed == row.integer(1);
        });
    if (known == tags.end()) return false;
  }
  return true;
}

}  // namespace skerry::registry
