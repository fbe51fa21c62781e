#include <algorithm>

#include "core/error.h"
#include "core/s3/blob_store.h"
#include "core/telemetry/log.h"

namespace skerry::s3 {

// Walks through the markers and the rows side by side: both come in the order
// of the digests' texts.
class S3BlobStore::Reconciliation {
 public:
  Reconciliation(S3BlobStore& store, const std::stop_token& stop)
      : store_(store), stop_(stop) {}

  void run() {
    store_.sharing_->remove_stale();
    // All markers first: a row is older than the listing when it is not among
    // them, and then looked at again.
    store_.sharing_->each_marker(
        [&](const Digest& digest) { markers_.push_back(digest.to_string()); });
    std::sort(markers_.begin(), markers_.end());
    auto marker = markers_.begin();
    for (std::string last; !stopping();) {
      const auto rows = store_.index_.after(last);
      if (rows.empty()) break;
      last = rows.back().digest.to_string();
      for (const auto& row : rows) {
        const std::string text = row.digest.to_string();
        for (; marker != markers_.end() && *marker < text; ++marker) {
          adopt_marker(*marker);
        }
        if (marker != markers_.end() && *marker == text) {
          ++marker;
        } else {
          mark_row(row);
        }
      }
    }
    for (; marker != markers_.end() && !stopping(); ++marker) {
      adopt_marker(*marker);
    }
  }

 private:
  bool stopping() const { return stop_.stop_requested(); }

  // A crash came between the marker and the row, or between the end of the row
  // and that of the marker.
  void adopt_marker(const std::string& text) {
    const auto digest = Digest::parse(text).value();
    store_.holds().while_unheld(std::span(&digest, 1), [&](const auto&) {
      if (store_.index_.size(digest)) return;
      if (const auto head = store_.client_.head(store_.keys_.blob(digest))) {
        store_.index_.add({digest, head->size, store_.clock_.now()});
      } else {
        store_.sharing_->forget(digest);
      }
    });
  }

  // The database is older than the bucket: others may have deleted it.
  void mark_row(const Index::Row& row) {
    const auto hold = store_.hold(row.digest);
    if (!store_.index_.size(row.digest)) return;
    store_.sharing_->need(row.digest);
    if (store_.client_.head(store_.keys_.blob(row.digest))) return;
    log::error("a blob has gone from the S3 store",
               {{"digest", row.digest.to_string()}});
    store_.index_.remove(row.digest);
    store_.sharing_->forget(row.digest);
  }

  S3BlobStore& store_;
  const std::stop_token& stop_;
  std::vector<std::string> markers_;
};

void S3BlobStore::reconcile(const std::stop_token& stop) {
  Reconciliation(*this, stop).run();
}

}  // namespace skerry::s3
