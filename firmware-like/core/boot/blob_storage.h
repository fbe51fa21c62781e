// Where the blobs are kept: in files of the data folder, or in an S3-compatible
// store. Chosen by the settings at start; a server that has blobs in the other
// place does not start but says how they are moved.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/boot/module.h"
#include "core/s3/blob_store.h"
#include "core/store/late_blob_store.h"

namespace skerry::boot {

enum class BlobPlace { files, s3 };

// Used by the thread that boots; what module() gives is thread-safe.
class BlobStorage {
 public:
  BlobStorage(const Paths& paths, const Settings& settings, Database& db,
              const Clock& clock, Metrics& metrics)
      : paths_(paths),
        settings_(settings),
        db_(db),
        clock_(clock),
        metrics_(metrics) {}

  // Settings, health, upkeep.
  Module module();
  // Once settings and database are ready. Throws invalid, naming the setting;
  // unavailable when the store cannot be reached; conflict when blobs lie in
  // the other place.
  void open(LateBlobStore& blobs);

  // Moves all blobs there, one after the other, each checked; a move that was
  // cut off goes on where it was. `say` hears of the progress. Throws conflict
  // at the end when some are damaged and stay where they are.
  void move_to(BlobPlace place,
               const std::function<void(const std::string&)>& say);

 private:
  std::unique_ptr<BlobStore> open_files() const;
  std::unique_ptr<s3::S3BlobStore> open_s3();
  bool in_s3() const { return !settings_.text("storage.s3_endpoint").empty(); }

  const Paths& paths_;
  const Settings& settings_;
  Database& db_;
  const Clock& clock_;
  Metrics& metrics_;
  std::unique_ptr<http::Client> client_;
  s3::S3BlobStore* s3_ = nullptr;  // owned by the LateBlobStore
};

}  // namespace skerry::boot
