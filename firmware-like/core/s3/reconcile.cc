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
    // All markers first: a row whose marker is not among them is older than the
    // listing, or its marker has changed; it is looked at again.
    store_.sharing_->each_marker(
        [&](const Digest& digest, const std::string& marker) {
          marks_.push_back({digest.to_string(), marker});
        });
    std::sort(marks_.begin(), marks_.end());
    auto mark = marks_.begin();
    for (std::string last; !stopping();) {
      const auto rows = store_.index_.after(last);
      if (rows.empty()) break;
      last = rows.back().digest.to_string();
      for (const auto& row : rows) {
        const std::string text = row.digest.to_string();
        for (; mark != marks_.end() && mark->digest < text; ++mark) {
          settle(*mark);
        }
        bool marked = false;
        for (; mark != marks_.end() && mark->digest == text; ++mark) {
          if (mark->name == row.marker) {
            marked = true;
          } else {
            settle(*mark);
          }
        }
        if (!marked) mark_row(row);
      }
    }
    for (; mark != marks_.end() && !stopping(); ++mark) settle(*mark);
  }

 private:
  struct Mark {
    std::string digest, name;
    auto operator<=>(const Mark&) const = default;
  };

  bool stopping() const { return stop_.stop_requested(); }

  // A marker that no row names: a crash came between the marker and the row, or
  // between the end of the row and that of the marker.
  void settle(const Mark& mark) {
    const auto digest = Digest::parse(mark.digest).value();
    store_.holds().while_unheld(std::span(&digest, 1), [&](const auto&) {
      const auto row = store_.index_.find(digest);
      if (row && row->marker == mark.name) return;
      const auto head =
          row ? std::nullopt : store_.client_.head(store_.keys_.blob(digest));
      if (head) {
        store_.index_.add(
            {digest, head->size, store_.clock_.now(), mark.name});
      } else {
        store_.sharing_->forget(digest, mark.name);
      }
    });
  }

  // The database is older than the bucket: others may have deleted it.
  void mark_row(const Index::Row& listed) {
    const auto hold = store_.hold(listed.digest);
    auto row = store_.index_.find(listed.digest);
    if (!row || row->marker != listed.marker) return;
    row->marker = store_.sharing_->need(row->digest);
    if (store_.client_.head(store_.keys_.blob(row->digest))) {
      store_.index_.add(*row);
      return;
    }
    log::error("a blob has gone from the S3 store",
               {{"digest", row->digest.to_string()}});
    store_.index_.remove(row->digest);
    store_.sharing_->forget(row->digest, row->marker);
  }

  S3BlobStore& store_;
  const std::stop_token& stop_;
  std::vector<Mark> marks_;
};

void S3BlobStore::reconcile(const std::stop_token& stop) {
  Reconciliation(*this, stop).run();
}

}  // namespace skerry::s3
