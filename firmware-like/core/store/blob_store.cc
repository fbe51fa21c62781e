#include "core/store/blob_store.h"

namespace skerry {

bool BlobStore::remove_unless(const Digest& digest,
                              const std::function<bool()>& needed) {
  bool removed = false;
  holds_.while_unheld(digest, [&] {
    if (!needed()) removed = remove(digest);
  });
  return removed;
}

}  // namespace skerry
