#include "blobs/blobs.h"

#include <fmt/format.h>

#include "blobs/blob_rows.h"
#include "errors.h"

namespace skerry::registry {
namespace {

// How many repositories are asked for permission when a mount names no source.
constexpr int kMountCandidates = 32;

class LinkingWriter : public BlobWriter {
 public:
  LinkingWriter(Blobs& blobs, Place place, std::unique_ptr<BlobWriter> inner)
      : blobs_(blobs), place_(std::move(place)), inner_(std::move(inner)) {}

  void write(std::string_view bytes) override { inner_->write(bytes); }
  std::uint64_t size() const override { return inner_->size(); }
  Digest commit(const std::optional<Digest>& expected) override {
    const auto bytes = static_cast<std::int64_t>(inner_->size());
    auto digest = inner_->commit(expected);
    blobs_.link(place_, digest, bytes);
    return digest;
  }

 private:
  Blobs& blobs_;
  const Place place_;
  std::unique_ptr<BlobWriter> inner_;
};

}  // namespace

std::optional<std::int64_t> Blobs::size(const Place& place,
                                        const Digest& digest) {
  return services_.db.read([&](Connection& db) {
    return find_blob(db, place, digest.to_string());
  });
}

Blobs::Open Blobs::open(const Place& place, const Digest& digest) {
  const auto bytes = size(place, digest);
  if (!bytes) fail_blob_unknown(digest);
  try {
    return {services_.blobs.open(digest), static_cast<std::uint64_t>(*bytes)};
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    fail(ErrorCode::io, "the blob {} of {} is lost from the store: run fsck",
         digest.to_string(), place.full_name());
  }
}

void Blobs::link(const Place& place, const Digest& digest, std::int64_t size) {
  const auto now = services_.clock.now();
  services_.db.write([&](Transaction& tx) {
    link_blob(tx, ensure_repository(tx, place, now), digest.to_string(), size,
              now);
  });
}

std::unique_ptr<BlobWriter> Blobs::create(const Place& place) {
  return std::make_unique<LinkingWriter>(*this, place,
                                         services_.blobs.create());
}

bool Blobs::mount(const Place& place, const Digest& digest,
                  const std::optional<Place>& from, const Readable& readable) {
  auto bytes = size(place, digest);
  if (!bytes && from) bytes = size(*from, digest);
  if (!bytes && !from) bytes = find_elsewhere(place, digest, readable);
  if (!bytes) return false;
  link(place, digest, *bytes);
  return true;
}

std::optional<std::int64_t> Blobs::find_elsewhere(const Place& place,
                                                  const Digest& digest,
                                                  const Readable& readable) {
  const auto holders = services_.db.read([&](Connection& db) {
    return blob_holders(db, digest.to_string(), place.project_id,
                        kMountCandidates);
  });
  for (const auto& holder : holders) {
    if (readable(holder.project, holder.repository)) return holder.size;
  }
  return {};
}

void Blobs::unlink(const Place& place, const Digest& digest,
                   const http::Identity& who) {
  services_.db.write([&](Transaction& tx) {
    const auto text = digest.to_string();
    const auto repository = find_repository(tx.connection(), place);
    if (!repository || !find_blob(tx.connection(), *repository, text)) {
      fail_blob_unknown(digest);
    }
    if (const auto user = blob_user(tx.connection(), *repository, text)) {
      fail_unsupported(fmt::format(
          "the manifest {} needs this blob: delete the manifest first", *user));
    }
    unlink_blob(tx, *repository, text);
    services_.accounts.audit(tx, who, "image.blob.delete", place.full_name(),
                             text);
  });
}

}  // namespace skerry::registry
