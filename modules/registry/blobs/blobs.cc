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
  LinkingWriter(Blobs& blobs, Quota& quota, Place place,
                std::unique_ptr<BlobWriter> inner)
      : blobs_(blobs),
        quota_(quota),
        place_(std::move(place)),
        inner_(std::move(inner)),
        room_(quota.require_room(place_, 0)) {}

  void write(std::string_view bytes) override {
    const auto size = inner_->size() + bytes.size();
    if (room_ && size > *room_) room_ = quota_.require_room(place_, size);
    inner_->write(bytes);
  }
  std::uint64_t size() const override { return inner_->size(); }
  Digest commit(const std::optional<Digest>& expected) override {
    const auto bytes = static_cast<std::int64_t>(inner_->size());
    auto digest = inner_->commit(expected);
    blobs_.link(place_, digest, bytes);
    return digest;
  }

 private:
  Blobs& blobs_;
  Quota& quota_;
  const Place place_;
  std::unique_ptr<BlobWriter> inner_;
  std::optional<std::uint64_t> room_;
};

}  // namespace

std::optional<std::int64_t> Blobs::size(const Place& place,
                                        const Digest& digest) {
  return services_.db.read([&](Connection& db) {
    return find_blob(db, place, digest.to_string());
  });
}

std::uint64_t Blobs::require_link(const Place& place, const Digest& digest) {
  const auto now = services_.clock.now();
  const auto grace = services_.settings.duration("registry.blob_grace").count();
  const auto text = digest.to_string();
  const auto link = services_.db.read([&](Connection& db) {
    return find_link(db, place, text, now - grace / 2);
  });
  if (!link) fail_blob_unknown(digest);
  if (link->fading) {
    services_.db.write(
        [&](Transaction& tx) { renew_link(tx, place, text, now); });
  }
  return static_cast<std::uint64_t>(link->size);
}

Blobs::Open Blobs::open(const Place& place, const Digest& digest) {
  Open blob{Fd(), require_link(place, digest)};
  try {
    blob.file = services_.blobs.open_near(digest);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    blob.lost = true;
  }
  return blob;
}

std::optional<std::uint64_t> Blobs::look(const Place& place,
                                         const Digest& digest) {
  const auto size = require_link(place, digest);
  if (!services_.blobs.size(digest)) return {};
  return size;
}

void Blobs::link(const Place& place, const Digest& digest, std::int64_t size) {
  const auto now = services_.clock.now();
  services_.db.write([&](Transaction& tx) {
    add_link(tx, place, digest.to_string(), size, now);
  });
}

void Blobs::put(const Place& place, const Digest& digest,
                std::string_view bytes) {
  const auto now = services_.clock.now();
  services_.db.write([&](Transaction& tx) {
    services_.blobs.put(tx, digest, bytes);
    add_link(tx, place, digest.to_string(),
             static_cast<std::int64_t>(bytes.size()), now);
  });
}

void Blobs::add_link(Transaction& tx, const Place& place,
                     std::string_view digest, std::int64_t size,
                     UnixMillis now) {
  const auto repository = ensure_repository(tx, place, now);
  quota_.within(tx, place,
                [&] { link_blob(tx, repository, digest, size, now); });
}

std::unique_ptr<BlobWriter> Blobs::create(const Place& place) {
  return std::make_unique<LinkingWriter>(*this, quota_, place,
                                         services_.blobs.create());
}

bool Blobs::mount(const Place& place, const Digest& digest,
                  const std::optional<Place>& from, const Readable& readable) {
  const auto hold = services_.blobs.hold(digest);
  std::optional<Place> source = from;
  if (size(place, digest)) {
    source = place;
  } else if (!from) {
    source = find_elsewhere(place, digest, readable);
  }
  if (!source || !services_.blobs.size(digest)) return false;
  const auto now = services_.clock.now();
  const auto text = digest.to_string();
  return services_.db.write([&](Transaction& tx) {
    const auto bytes = find_blob(tx.connection(), *source, text);
    if (!bytes) return false;
    add_link(tx, place, text, *bytes, now);
    return true;
  });
}

std::optional<Place> Blobs::find_elsewhere(const Place& place,
                                           const Digest& digest,
                                           const Readable& readable) {
  const auto holders = services_.db.read([&](Connection& db) {
    return blob_holders(db, digest.to_string(), place.project_id,
                        kMountCandidates);
  });
  for (const auto& holder : holders) {
    if (readable(holder.project, holder.repository)) return holder;
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
