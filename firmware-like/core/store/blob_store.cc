#include "core/store/blob_store.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/error.h"

namespace skerry {

std::vector<Digest> BlobStore::remove_unneeded(
    std::span<const Digest> blobs,
    const std::function<bool(const Digest&)>& needed) {
  std::vector<Digest> removed;
  holds_->while_unheld(blobs, [&](std::vector<Digest> unheld) {
    unheld.erase(std::remove_if(unheld.begin(), unheld.end(), needed),
                 unheld.end());
    remove_all(unheld);
    removed = std::move(unheld);
  });
  return removed;
}

void BlobStore::remove_all(std::span<const Digest> blobs) {
  for (const auto& blob : blobs) remove(blob);
}

void BlobStore::stream(const Digest& digest, std::uint64_t offset,
                       std::uint64_t size, const Sink& sink) const {
  give(open(digest), offset, size, sink);
}

void BlobStore::give(const Fd& file, std::uint64_t offset, std::uint64_t size,
                     const Sink& sink) {
  std::string buffer(std::min<std::uint64_t>(size, 256u << 10), '\0');
  while (size > 0) {
    const auto want = std::min<std::uint64_t>(size, buffer.size());
    const ssize_t got = ::pread(file.get(), buffer.data(), want,
                                static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno("reading a blob");
    if (got == 0) fail(ErrorCode::io, "a blob is shorter than it was");
    sink({buffer.data(), static_cast<std::size_t>(got)});
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::uint64_t>(got);
  }
}

void BlobStore::put(Transaction& /*tx*/, const Digest& digest,
                    std::string_view /*bytes*/) {
  fail(ErrorCode::internal, "this store takes no small blobs: {}",
       digest.to_string());
}

}  // namespace skerry
