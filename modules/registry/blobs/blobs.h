// Blobs of a repository: looking one up, opening it, taking it over from
// another repository, adding one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/boot/module.h"
#include "policy/quota.h"
#include "repositories.h"

namespace skerry::registry {

// Thread-safe.
class Blobs {
 public:
  Blobs(Services& services, Quota& quota)
      : services_(services), quota_(quota) {}

  std::optional<std::int64_t> size(const Place& place, const Digest& digest);
  // Throws BLOB_UNKNOWN when the repository does not have it. Whoever is told
  // that a blob is there may name it in a manifest within half of
  // registry.blob_grace at least.
  struct Open {
    Fd file;  // none when its bytes are elsewhere, or nowhere
    std::uint64_t size = 0;
    bool lost = false;  // the store does not have it
  };
  Open open(const Place& place, const Digest& digest);
  // The size that open() would give; nothing when the store has lost the blob.
  std::optional<std::uint64_t> look(const Place& place, const Digest& digest);

  // Makes a blob that lies durably in the store readable through the
  // repository. The caller holds it (core/store/blob_holds.h). Throws DENIED
  // when the project has no room for it.
  void link(const Place& place, const Digest& digest, std::int64_t size);
  // Stores a small blob (BlobStore::largest_put) and makes it readable through
  // the repository. The caller holds it.
  void put(const Place& place, const Digest& digest, std::string_view bytes);
  // A writer whose commit() links the blob. It must not outlive this object.
  std::unique_ptr<BlobWriter> create(const Place& place);

  // Links a blob that another repository has; false when `from` (or, without
  // it, any repository that the caller may read) does not have it.
  // `readable` says whether the caller may read a repository.
  using Readable = std::function<bool(const std::string& project,
                                      const std::string& repository)>;
  bool mount(const Place& place, const Digest& digest,
             const std::optional<Place>& from, const Readable& readable);

  // Throws BLOB_UNKNOWN; UNSUPPORTED while a manifest of the repository names
  // it. The bytes stay in the store: another repository may have them.
  void unlink(const Place& place, const Digest& digest,
              const http::Identity& who);

 private:
  std::uint64_t require_link(const Place& place, const Digest& digest);
  void add_link(Transaction& tx, const Place& place, std::string_view digest,
                std::int64_t size, UnixMillis now);
  std::optional<Place> find_elsewhere(const Place& place, const Digest& digest,
                                      const Readable& readable);
  Services& services_;
  Quota& quota_;
};

}  // namespace skerry::registry
