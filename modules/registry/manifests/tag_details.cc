#include "manifests/tag_details.h"

#include <unordered_set>

#include "core/text/json.h"
#include "manifests/platform.h"

namespace skerry::registry {
namespace {

constexpr std::string_view kBundle = "application/vnd.dev.sigstore.bundle";

// Digests of manifests for which a signature is stored.
std::unordered_set<std::string> signed_manifests(
    Connection& db, std::int64_t repository,
    const std::vector<TagDetails>& tags) {
  std::unordered_set<std::string> found;
  for (const auto& tag : tags) {
    const auto parsed = parse_subject_tag(tag.name);
    if (parsed && parsed->kind == "sig") found.insert(parsed->subject);
  }
  auto row = db.query(
      "select subject, artifact_type, annotations from registry_manifest "
      "where repository_id = ? and subject is not null",
      repository);
  while (row.next()) {
    if (is_signature(row.text(1), row.text(2))) found.insert(row.text(0));
  }
  return found;
}

}  // namespace

std::optional<SubjectTag> parse_subject_tag(std::string_view tag) {
  constexpr std::string_view kPrefix = "sha256-";
  constexpr std::size_t kHex = 64;
  if (!tag.starts_with(kPrefix)) return {};
  tag.remove_prefix(kPrefix.size());
  const auto hex = tag.substr(0, kHex);
  if (hex.size() != kHex ||
      hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return {};
  }
  const auto rest = tag.substr(kHex);
  for (const std::string_view kind : {"", ".sig", ".att", ".sbom"}) {
    if (rest != kind) continue;
    return SubjectTag{"sha256:" + std::string(hex),
                      std::string(kind.substr(kind.empty() ? 0 : 1))};
  }
  return {};
}

bool is_signature(std::string_view artifact_type,
                  std::string_view annotations) {
  if (artifact_type == "application/vnd.dev.cosign.artifact.sig.v1+json" ||
      artifact_type == "application/vnd.cncf.notary.signature") {
    return true;
  }
  if (!artifact_type.starts_with(kBundle)) return false;
  // A bundle holds a signature or an attestation, and says of what.
  if (annotations.empty()) return true;
  const auto known = parse_json(annotations);
  const auto type = known.find("dev.sigstore.bundle.predicateType");
  return type == known.end() || *type == "https://sigstore.dev/cosign/sign/v1";
}

std::vector<TagDetails> list_tag_details(Connection& db, Pulls& pulls,
                                         const Place& place,
                                         std::int64_t repository) {
  std::vector<TagDetails> found;
  {
    auto row = db.query(
        "select t.name, t.digest, m.media_type, m.artifact_type, p.platforms, "
        "m.total_size, t.pushed "
        "from registry_tag t join registry_manifest m "
        "on m.repository_id = t.repository_id and m.digest = t.digest "
        "left join registry_platform p on p.digest = t.digest "
        "where t.repository_id = ? order by t.pushed desc, t.name",
        repository);
    while (row.next()) {
      found.push_back({row.text(0), row.text(1), row.text(2), row.text(3),
                       split_platforms(row.text(4)), row.integer(5),
                       row.integer(6)});
    }
  }
  const auto signatures = signed_manifests(db, repository, found);
  const auto counts = pulls.counts(db, place);
  for (auto& tag : found) {
    tag.is_signed = signatures.count(tag.digest) > 0;
    for (const auto& reference : {tag.name, tag.digest}) {
      const auto it = counts.find(reference);
      if (it != counts.end()) tag.pulls.add(it->second);
    }
  }
  return found;
}

}  // namespace skerry::registry
