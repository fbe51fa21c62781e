#include "policy/signature_rows.h"

#include <algorithm>
#include <set>

#include "blobs/blob_rows.h"
#include "core/error.h"
#include "core/text/json.h"
#include "manifests/tag_details.h"
#include "names.h"
#include "signatures/formats.h"

namespace skerry::registry {
namespace {

// A manifest of signatures has a few hundred bytes for each; what is larger is
// none.
constexpr std::int64_t kLargestHolder = 256 << 10;
constexpr std::size_t kMostIndexes = 1000;  // over one image

// Beside those of its type, kept as clients list them.
constexpr std::string_view kReferrers =
    "select m.digest from registry_manifest m "
    "where m.repository_id = ? and m.subject = ? and m.size <= ? "
    "and (m.artifact_type like ? || '%' or m.artifact_type = ?) "
    "order by m.pushed desc, m.digest limit ?";

std::vector<std::string> texts(Rows row) {
  std::vector<std::string> found;
  while (row.next()) found.push_back(row.text(0));
  return found;
}

std::vector<std::string> referrer_digests(Connection& db,
                                          std::int64_t repository,
                                          std::string_view subject) {
  return texts(db.query(kReferrers, repository, subject, kLargestHolder,
                        kAnyBundleType, kLegacyArtifact, kMostSignatures + 1));
}

std::optional<std::string> tagged_digest(Connection& db,
                                         std::int64_t repository,
                                         std::string_view tag) {
  auto row = db.query(
      "select digest from registry_tag where repository_id = ? and name = ?",
      repository, tag);
  if (!row.next()) return {};
  return row.text(0);
}

}  // namespace

std::optional<SignatureVerdict> known_verdict(Connection& db,
                                              std::int64_t repository,
                                              std::string_view digest,
                                              std::string_view keys) {
  auto row = db.query(
      "select found, signed_by from registry_signed "
      "where repository_id = ? and digest = ? and keys = ?",
      repository, digest, keys);
  if (!row.next()) return {};
  SignatureVerdict verdict{row.integer(0), {}};
  for (const Json& name : parse_json(row.text(1))) {
    verdict.signed_by.push_back(name.get<std::string>());
  }
  return verdict;
}

void keep_verdict(Transaction& tx, std::int64_t repository,
                  std::string_view digest, std::string_view keys,
                  const SignatureVerdict& verdict,
                  const std::vector<std::string>& evidence) {
  auto& db = tx.connection();
  if (signature_evidence(db, repository, digest) != evidence) return;
  tx.run(
      "insert into registry_signed (repository_id, digest, keys, found, "
      "signed_by) select ?1, ?2, ?3, ?4, ?5 where exists "
      "(select 1 from registry_manifest where repository_id = ?1 "
      "and digest = ?2) "
      "on conflict (repository_id, digest) do update set "
      "keys = excluded.keys, found = excluded.found, "
      "signed_by = excluded.signed_by",
      repository, digest, keys, verdict.found,
      Json(verdict.signed_by).dump());
}

std::vector<std::string> signature_evidence(Connection& db,
                                            std::int64_t repository,
                                            std::string_view digest) {
  auto found = referrer_digests(db, repository, digest);
  const auto image = Digest::parse(digest);
  if (!image) return found;
  for (const auto& tag : {signature_tag(*image), referrers_tag(*image)}) {
    if (auto one = tagged_digest(db, repository, tag)) {
      found.push_back(std::move(*one));
    }
  }
  return found;
}

Family family_of(Connection& db, std::int64_t repository,
                 std::string_view digest) {
  Family family{{std::string(digest)}, {}};
  std::set<std::string, std::less<>> seen{std::string(digest)};
  for (std::size_t i = 0; i < family.digests.size(); ++i) {
    const auto one = family.digests[i];
    for (auto& tag : texts(db.query("select name from registry_tag "
                                    "indexed by registry_tag_by_digest "
                                    "where repository_id = ? and digest = ?",
                                    repository, one))) {
      if (!parse_subject_tag(tag)) family.tags.push_back(std::move(tag));
    }
    for (auto& parent : texts(db.query(
             "select f.parent from registry_reference f "
             "join registry_manifest m on m.repository_id = f.repository_id "
             "and m.digest = f.parent "
             "where f.repository_id = ? and f.child = ?",
             repository, one))) {
      if (family.digests.size() == kMostIndexes) return family;
      if (seen.insert(parent).second) {
        family.digests.push_back(std::move(parent));
      }
    }
  }
  return family;
}

std::optional<SignatureSource::Manifest> RepositorySignatures::stored(
    std::string_view digest) {
  return db_.read([&](Connection& db) -> std::optional<Manifest> {
    auto row = db.query(
        "select c.bytes from registry_manifest m "
        "join registry_content c on c.digest = m.digest "
        "where m.repository_id = ? and m.digest = ? and m.size <= ?",
        repository_, digest, kLargestHolder);
    if (!row.next()) return {};
    return Manifest{*Digest::parse(digest), row.text(0)};
  });
}

std::optional<SignatureSource::Manifest> RepositorySignatures::tagged(
    const std::string& tag) {
  const auto digest = db_.read([&](Connection& db) {
    return tagged_digest(db, repository_, tag);
  });
  if (!digest) return {};
  return stored(*digest);
}

std::vector<SignatureSource::Manifest> RepositorySignatures::referrers(
    const Digest& subject) {
  auto digests = db_.read([&](Connection& db) {
    return referrer_digests(db, repository_, subject.to_string());
  });
  // Those that clients listed under a tag, before there was an endpoint.
  if (const auto list = tagged(referrers_tag(subject))) {
    const Json index = parse_json(list->bytes);
    const auto entries = index.find("manifests");
    if (entries != index.end() && entries->is_array()) {
      for (const Json& one : *entries) {
        if (digests.size() > kMostSignatures) break;
        auto digest = optional_string(one, "digest");
        if (std::find(digests.begin(), digests.end(), digest) ==
            digests.end()) {
          digests.push_back(std::move(digest));
        }
      }
    }
  }
  std::vector<Manifest> found;
  for (const auto& digest : digests) {
    if (auto one = stored(digest)) found.push_back(std::move(*one));
  }
  return found;
}

std::string RepositorySignatures::blob(const Digest& digest,
                                       std::uint64_t limit) {
  const auto linked = db_.read([&](Connection& db) {
    return find_blob(db, repository_, digest.to_string()).has_value();
  });
  if (!linked) {
    fail(ErrorCode::not_found, "the repository has no blob {}",
         digest.to_string());
  }
  return blobs_.read(digest, limit);
}

}  // namespace skerry::registry
