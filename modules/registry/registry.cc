#include "registry/registry.h"

#include <fmt/format.h>

#include "errors.h"
#include "impl.h"
#include "names.h"
#include "upstream/entry.h"
#include "upstream/mirror_blobs.h"

namespace skerry::registry {
namespace {

Place place_of(auth::Accounts& accounts, std::string_view project,
               std::string_view repository) {
  Place place{0, std::string(project), std::string(repository)};
  if (!is_repository_name(place.full_name())) {
    fail_name_invalid(place.full_name());
  }
  const auto found = accounts.find_project(project);
  if (!found) {
    fail_name_unknown(fmt::format("there is no project '{}'", project));
  }
  place.project_id = found->id;
  return place;
}

// The upstream of a place, whose name becomes the canonical one; null when
// nothing is fetched for it.
Upstreams::Ref pull_through(Parts& parts, Place& place) {
  auto upstream = parts.upstreams.of(place.project_id);
  if (!upstream) return nullptr;
  const auto& config = upstream->config();
  place.repository = canonical_repository(config, place.repository);
  if (!is_allowed(config, place.repository)) {
    fail(ErrorCode::denied,
         "'{}' is not among the repositories that project '{}' takes from {}",
         place.repository, place.project, config.url);
  }
  return upstream;
}

}  // namespace

RegistryModule::RegistryModule(Services& services,
                               std::function<std::string()> base_url)
    : impl_(std::make_unique<Impl>(services, std::move(base_url))) {}

RegistryModule::~RegistryModule() = default;

void RegistryModule::protect(ImageUsers& users) {
  impl_->parts.retention.protect(users);
}

void RegistryModule::require_deployable(
    std::string_view project, std::string_view image,
    const std::function<bool(std::string_view host)>& ours) {
  impl_->parts.signatures.require_deployable(project, image, ours);
}

std::optional<std::uint64_t> RegistryModule::blob_size(
    std::string_view project, std::string_view repository,
    const Digest& digest) {
  auto& parts = impl_->parts;
  const auto size = parts.blobs.size(
      place_of(parts.services.accounts, project, repository), digest);
  if (!size) return {};
  return static_cast<std::uint64_t>(*size);
}

std::unique_ptr<BlobWriter> RegistryModule::create_blob(
    std::string_view project, std::string_view repository) {
  auto& parts = impl_->parts;
  const auto place = place_of(parts.services.accounts, project, repository);
  refuse_mirrored(parts, place);
  return parts.blobs.create(place);
}

void RegistryModule::link_blob(std::string_view project,
                               std::string_view repository,
                               const Digest& digest) {
  auto& parts = impl_->parts;
  const auto place = place_of(parts.services.accounts, project, repository);
  refuse_mirrored(parts, place);
  const auto hold = parts.services.blobs.hold(digest);
  const auto size = parts.services.blobs.size(digest);
  if (!size) {
    fail(ErrorCode::not_found, "blob {} does not exist", digest.to_string());
  }
  parts.blobs.link(place, digest, static_cast<std::int64_t>(*size));
}

Fd RegistryModule::open_blob(std::string_view project,
                             std::string_view repository,
                             const Digest& digest) {
  auto& parts = impl_->parts;
  auto place = place_of(parts.services.accounts, project, repository);
  if (const auto upstream = pull_through(parts, place)) {
    fetch_blob(parts, place, upstream, digest);
  }
  auto blob = parts.blobs.open(place, digest);
  if (blob.lost) fail_blob_lost(digest);
  return blob.file ? std::move(blob.file) : parts.services.blobs.open(digest);
}

std::string RegistryModule::read_blob(std::string_view project,
                                      std::string_view repository,
                                      const Digest& digest,
                                      std::uint64_t limit) {
  open_blob(project, repository, digest);  // fetched, or unknown
  return impl_->parts.services.blobs.read(digest, limit);
}

std::optional<RegistryModule::StoredManifest> RegistryModule::read_manifest(
    std::string_view project, std::string_view repository,
    std::string_view reference) {
  auto& parts = impl_->parts;
  auto place = place_of(parts.services.accounts, project, repository);
  const auto parsed = parse_reference(reference);
  if (!parsed) {
    fail(ErrorCode::invalid, "'{}' is neither a tag nor a digest", reference);
  }
  const auto upstream = pull_through(parts, place);
  const auto found =
      upstream ? parts.mirror.manifest(place, *parsed, *upstream).manifest
               : parts.manifests.find(place, *parsed);
  if (!found) return {};
  return StoredManifest{found->media_type, found->bytes,
                        require_digest(found->digest)};
}

void RegistryModule::remove_manifest(std::string_view project,
                                     std::string_view repository,
                                     std::string_view reference,
                                     const http::Identity& who) {
  auto& parts = impl_->parts;
  const auto found = read_manifest(project, repository, reference);
  if (!found) return;
  parts.deletions.remove(
      place_of(parts.services.accounts, project, repository), found->digest,
      who);
}

Digest RegistryModule::put_manifest(std::string_view project,
                                    std::string_view repository,
                                    const std::vector<std::string>& tags,
                                    std::string_view media_type,
                                    std::string_view bytes,
                                    const http::Identity& who) {
  auto& parts = impl_->parts;
  const auto place = place_of(parts.services.accounts, project, repository);
  refuse_mirrored(parts, place);
  for (const auto& tag : tags) {
    if (!is_tag(tag)) fail(ErrorCode::invalid, "'{}' is not a tag", tag);
  }
  Manifests::Push push;
  push.content_type = media_type;
  push.bytes = bytes;
  push.tags = tags;
  push.who = who;
  return parts.manifests.put(place, push).digest;
}

}  // namespace skerry::registry
