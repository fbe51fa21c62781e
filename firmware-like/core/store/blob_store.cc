#include "core/store/blob_store.h"

#include <algorithm>

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

void BlobStore::put(Transaction& /*tx*/, const Digest& digest,
                    std::string_view /*bytes*/) {
  fail(ErrorCode::internal, "this store takes no small blobs: {}",
       digest.to_string());
}

}  // namespace skerry
