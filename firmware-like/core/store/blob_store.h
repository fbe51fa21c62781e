// The content-addressed store: bytes under their digest, once for the server.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/fd.h"
#include "core/store/blob_holds.h"
#include "core/store/digest.h"

namespace skerry {

class Database;
class Transaction;
struct Migration;

// One upload in progress. Its bytes are visible to nobody until commit().
// Dropping it discards the bytes. Not thread-safe.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual std::uint64_t size() const = 0;
  // Makes the bytes durable (fsync of file and folder) and visible under their
  // digest, which it returns. Throws invalid when `expected` is given and
  // differs; then nothing is kept. A blob that already exists is fine. The
  // blob is held until this writer goes: commit the row that needs it before.
  virtual Digest commit(const std::optional<Digest>& expected = {}) = 0;
};

// Thread-safe. Throws Error: not_found, io, unavailable (full disk).
//
// A blob that no row needs is garbage and may be removed at any time, unless it
// is held. So: hold it, make sure that it is there, commit the row, let go.
class BlobStore {
 public:
  BlobStore() : holds_(std::make_shared<BlobHolds>()) {}
  virtual ~BlobStore() = default;
  [[nodiscard]] BlobHold hold(const Digest& digest) {
    return holds_->hold(digest);
  }
  virtual std::optional<std::uint64_t> size(const Digest& digest) const = 0;
  // An open file to read (or send) from; not_found when absent.
  virtual Fd open(const Digest& digest) const = 0;
  // The same when its bytes are on this machine; none when they have to come
  // from elsewhere first, for which open() waits and stream() does not.
  virtual Fd open_near(const Digest& digest) const { return open(digest); }
  // Gives `size` bytes from `offset` on, in pieces, as they come. What the
  // sink throws ends it. A whole blob's last piece is given once its digest
  // has been checked, wherever it comes from elsewhere.
  using Sink = std::function<void(std::string_view)>;
  virtual void stream(const Digest& digest, std::uint64_t offset,
                      std::uint64_t size, const Sink& sink) const;
  // Where anybody may fetch the blob by himself for so long; nothing: only
  // from us.
  virtual std::optional<std::string> direct_url(
      const Digest& /*digest*/, std::chrono::seconds /*lifetime*/) const {
    return std::nullopt;
  }
  // The whole blob; too_large past `limit`.
  virtual std::string read(const Digest& digest,
                           std::uint64_t limit = UINT64_MAX) const = 0;
  virtual std::unique_ptr<BlobWriter> create(
      DigestAlgorithm algorithm = DigestAlgorithm::sha256) = 0;
  // Takes over a finished file on the store's file system whose bytes the
  // caller has hashed to `digest` (an upload that outlived its connection):
  // durable and visible as after commit(), and gone from its old path. The
  // caller holds the digest.
  virtual void adopt(const std::filesystem::path& file,
                     const Digest& digest) = 0;
  // False when it was not there.
  virtual bool remove(const Digest& digest) = 0;
  // Nobody holds them.
  virtual void remove_all(std::span<const Digest> blobs);
  // Removes those of the blobs that nobody holds and that `needed`, asked once
  // nobody can hold them any more, does not want; those that it removed.
  std::vector<Digest> remove_unneeded(
      std::span<const Digest> blobs,
      const std::function<bool(const Digest&)>& needed);
  // The largest blob that put() takes; 0: none.
  virtual std::uint64_t largest_put() const { return 0; }
  // Stores a small blob with the transaction that makes the row for it: one
  // commit for both. The caller has hashed `bytes` to `digest`, and holds it.
  virtual void put(Transaction& tx, const Digest& digest,
                   std::string_view bytes);
  // Every blob, in no order; blobs written meanwhile may be missed.
  virtual void each(const std::function<void(const Digest&, std::uint64_t size,
                                             std::int64_t modified_ms)>& visit)
      const = 0;
  // Re-reads a blob; false when its bytes do not match its digest. `step` hears
  // of every piece that was read; what it throws ends the reading.
  virtual bool verify(
      const Digest& digest,
      const std::function<void(std::uint64_t bytes)>& step = {}) const = 0;
  // Takes a damaged blob out of the store; what is left of a file is kept.
  virtual void set_aside(const Digest& digest) = 0;

 protected:
  // A store around another, whose holds are this one's.
  explicit BlobStore(const BlobStore& inner) : holds_(inner.holds_) {}
  void share_holds(const BlobStore& inner) { holds_ = inner.holds_; }
  BlobHolds& holds() const { return *holds_; }
  // What stream() does with an open file.
  static void give(const Fd& file, std::uint64_t offset, std::uint64_t size,
                   const Sink& sink);

 private:
  std::shared_ptr<BlobHolds> holds_;
};

// Files at <folder>/<algorithm>/<first two digits>/<digits>; uploads in
// <scratch>, which must be on the same file system and is emptied here.
std::unique_ptr<BlobStore> open_file_blob_store(
    const std::filesystem::path& folder, const std::filesystem::path& scratch);
// Blobs of up to 16 KiB (configurations, small artifacts) in `db`, all others
// in `large`: a small file costs two syncs of its own, a row shares one with
// whoever commits just then. Needs small_blob_migrations() before it is used.
std::unique_ptr<BlobStore> open_small_blob_store(
    Database& db, std::unique_ptr<BlobStore> large);
std::span<const Migration> small_blob_migrations();

}  // namespace skerry
