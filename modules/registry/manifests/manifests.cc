#include "manifests/manifests.h"

#include <fmt/format.h>

#include <algorithm>

#include "blobs/blob_rows.h"
#include "core/error.h"
#include "errors.h"
#include "manifests/deleted_rows.h"
#include "manifests/media_types.h"
#include "policy/immutable.h"

namespace skerry::registry {
namespace {

std::string cache_key(const Place& place, std::string_view reference) {
  return fmt::format("{}/{}@{}", place.project_id, place.repository, reference);
}

// Every digest that a manifest names, each once.
std::vector<std::string> references_of(const Manifest& manifest) {
  std::vector<std::string> digests;
  for (const auto* list : {&manifest.blobs, &manifest.manifests}) {
    for (const auto& one : *list) digests.push_back(one.digest.to_string());
  }
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  return digests;
}

// An upstream's sizes are only what it says.
void add_size(ManifestRow& row, std::int64_t bytes) {
  row.total_size = bytes > INT64_MAX - row.total_size ? INT64_MAX
                                                      : row.total_size + bytes;
}

// BuildKit's cache indexes list plain blobs beside manifests.
std::int64_t child_blob_size(Connection& db, std::int64_t repository,
                             const Descriptor& child) {
  const auto digest = child.digest.to_string();
  if (!is_manifest_type(child.media_type)) {
    if (const auto size = find_blob(db, repository, digest)) return *size;
  }
  fail_manifest_blob_unknown(digest, "child manifest");
}

}  // namespace

void Manifests::configure() {
  cache_.set_capacity(static_cast<std::size_t>(
      services_.settings.integer("registry.manifest_cache")));
}

ManifestCache::Entry Manifests::find(const Place& place,
                                     const Reference& reference) {
  const auto* digest = std::get_if<Digest>(&reference);
  const auto text =
      digest ? digest->to_string() : std::get<std::string>(reference);
  auto key = cache_key(place, text);
  if (auto known = cache_.find(key)) return known;
  const auto generation = cache_.generation();
  auto loaded = services_.db.read([&](Connection& db) {
    return digest ? load_by_digest(db, place, text)
                  : load_by_tag(db, place, text);
  });
  if (!loaded) return nullptr;
  loaded->pulls = pulls_.counter(place, text);
  auto entry = std::make_shared<const StoredManifest>(std::move(*loaded));
  cache_.store(generation, std::move(key), entry);
  return entry;
}

Manifests::Absent Manifests::may_be_absent(const Push& push) const {
  if (push.mirrored) return {true, true};
  const auto accepted = services_.settings.text("registry.absent_parts");
  return {accepted == "all", accepted != "none"};
}

// The row of a manifest whose every reference is in the repository. What is
// absent and may be counts with the size that the manifest gives it. The
// subject may be absent: referrers are often pushed first.
ManifestRow Manifests::check(Transaction& tx, std::int64_t repository,
                             const Manifest& manifest, const Digest& digest,
                             std::size_t size, Absent absent) const {
  auto& db = tx.connection();
  ManifestRow row;
  row.size = row.total_size = static_cast<std::int64_t>(size);
  for (const auto& blob : manifest.blobs) {
    const auto bytes = find_blob(db, repository, blob.digest.to_string());
    if (!bytes && !absent.blobs) {
      fail_manifest_blob_unknown(blob.digest.to_string(), "blob");
    }
    add_size(row, bytes.value_or(blob.size));
  }
  for (const auto& child : manifest.manifests) {
    const auto facts = find_child(db, repository, child.digest.to_string());
    if (facts) {
      add_size(row, facts->total_size);
    } else {
      add_size(row, absent.manifests ? child.size
                                     : child_blob_size(db, repository, child));
    }
    row.depth = std::max(row.depth, facts ? facts->depth + 1 : 1);
  }
  const auto deepest = services_.settings.integer("registry.max_index_depth");
  if (row.depth > deepest) {
    fail_manifest_invalid(fmt::format(
        "indexes are nested {} deep; at most {} are taken "
        "(registry.max_index_depth)",
        row.depth, deepest));
  }
  row.digest = digest.to_string();
  row.media_type = manifest.media_type;
  if (manifest.subject) row.subject = manifest.subject->to_string();
  row.artifact_type = manifest.artifact_type;
  row.annotations = manifest.annotations;
  row.pushed = services_.clock.now();
  return row;
}

void Manifests::put_tags(Transaction& tx, std::int64_t repository,
                         const Place& place, const Push& push,
                         const std::string& digest) {
  for (const auto& tag : push.tags) {
    require_movable(tx.connection(), *policies_.of(place.project_id), place,
                    repository, tag, digest);
    put_tag(tx, repository, tag, digest, services_.clock.now());
    const auto subject = place.full_name() + ":" + tag;
    if (push.mirrored) {
      services_.events.append(tx, "ImageMirrored", subject, digest);
      continue;
    }
    services_.events.append(tx, "ImagePushed", subject, digest);
    services_.accounts.audit(tx, push.who, "image.push", subject, digest);
  }
}

Manifests::Pushed Manifests::put(const Place& place, const Push& push) {
  const auto algorithm =
      push.expected ? push.expected->algorithm : DigestAlgorithm::sha256;
  auto digest = digest_of(push.bytes, algorithm);
  if (push.expected && *push.expected != digest) {
    fail_digest_invalid(fmt::format("the manifest's digest is {}, not {}",
                                    digest.to_string(),
                                    push.expected->to_string()));
  }
  const auto manifest = parse_manifest(push.bytes, push.content_type);
  const auto references = references_of(manifest);
  const auto platform = platforms_.of(manifest);
  services_.db.write([&](Transaction& tx) {
    const auto now = services_.clock.now();
    const auto repository = ensure_repository(tx, place, now);
    const auto row =
        check(tx, repository, manifest, digest, push.bytes.size(),
              may_be_absent(push));
    quota_.within(tx, place, [&] {
      put_manifest(tx, repository, row, push.bytes, references);
    });
    put_platforms(tx, repository, row.digest, manifest, platform);
    put_tags(tx, repository, place, push, row.digest);
    if (push.mirrored) {
      push.mirrored(tx, repository);
    } else {
      notifier_.pushed(tx, place,
                       {row.digest, row.media_type, push.bytes, push.tags},
                       push.who, push.origin);
    }
    auto changed = push.tags;
    changed.push_back(row.digest);
    forget_after(tx, place, std::move(changed));
  });
  return {std::move(digest), manifest.subject};
}

void Manifests::forget_after(Transaction& tx, const Place& place,
                             std::vector<std::string> references) {
  tx.after_commit([this, place, references = std::move(references)] {
    forget(place, references);
  });
}

void Manifests::forget(const Place& place,
                       const std::vector<std::string>& references) {
  for (const auto& one : references) cache_.drop(cache_key(place, one));
}

std::vector<std::string> Manifests::tags(const Place& place,
                                         std::string_view after,
                                         std::size_t limit) {
  return services_.db.read([&](Connection& db) {
    const auto repository = find_repository(db, place);
    if (!repository || only_deleted(db, *repository)) {
      fail_name_unknown(fmt::format("there is no image repository '{}'",
                                    place.full_name()));
    }
    return tag_names(db, *repository, after, limit);
  });
}

}  // namespace skerry::registry
