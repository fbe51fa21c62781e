#include "core/boot/blob_storage.h"

#include <fmt/format.h>

#include "core/boot/blob_storage_settings.h"
#include "core/error.h"

namespace skerry::boot {
namespace {

// Thrown by those who have seen enough of BlobStore::each.
struct Enough {};

bool has_blobs(const BlobStore& store) {
  try {
    store.each([](const Digest&, std::uint64_t, std::int64_t) {
      throw Enough();
    });
  } catch (const Enough&) {
    return true;
  }
  return false;
}

// Copies one blob; false when its bytes are not those of its digest.
using Copy = std::function<bool(const Digest& digest, std::uint64_t size)>;

void move_all(BlobStore& from, const Copy& copy,
              const std::function<void(const std::string&)>& say) {
  std::vector<std::pair<Digest, std::uint64_t>> blobs;
  std::uint64_t bytes = 0;
  from.each([&](const Digest& digest, std::uint64_t size, std::int64_t) {
    blobs.emplace_back(digest, size);
    bytes += size;
  });
  say(fmt::format("{} blobs of {} bytes to move", blobs.size(), bytes));
  std::size_t moved = 0, damaged = 0;
  for (const auto& [digest, size] : blobs) {
    if (copy(digest, size)) {
      from.remove(digest);
      ++moved;
    } else {
      ++damaged;
      say(digest.to_string() + " is damaged or gone: it stays");
    }
    if ((moved + damaged) % 100 == 0) {
      say(fmt::format("{} of {}", moved + damaged, blobs.size()));
    }
  }
  say(fmt::format("{} blobs moved", moved));
  if (damaged > 0) {
    fail(ErrorCode::conflict,
         "{} damaged blobs were not moved: run skerry fsck on the server with "
         "its former settings, push them again, then move again",
         damaged);
  }
}

}  // namespace

std::unique_ptr<BlobStore> BlobStorage::open_files() const {
  return open_file_blob_store(paths_.data / "blobs", paths_.work / "blobs");
}

std::unique_ptr<s3::S3BlobStore> BlobStorage::open_s3() {
  if (!client_) client_ = http::make_client("skerry");
  return std::make_unique<s3::S3BlobStore>(
      s3_options(settings_, paths_.data / "cache"), db_, *client_, clock_,
      s3::traffic_of(metrics_));
}

void BlobStorage::open(LateBlobStore& blobs) {
  db_.migrate("s3_blobs", s3::Index::migrations());
  auto files = open_files();
  if (!in_s3()) {
    if (!s3::Index(db_).empty()) {
      fail(ErrorCode::conflict,
           "this server's blobs lie in an S3 store, but storage.s3_endpoint is "
           "not set: set it again, or move them with skerry storage move --to "
           "files");
    }
    blobs.set(open_small_blob_store(db_, std::move(files)));
    return;
  }
  if (has_blobs(*files)) {
    fail(ErrorCode::conflict,
         "storage.s3_endpoint is set, but there are blobs in {}: move them with "
         "skerry storage move --to s3, or unset it",
         (paths_.data / "blobs").native());
  }
  auto store = open_s3();
  s3_ = store.get();
  blobs.set(open_small_blob_store(db_, std::move(store)));
  metrics_.gauge("skerry_s3_cache_bytes",
                 "Bytes of blobs of the S3 store that are here too", {},
                 [this] { return static_cast<double>(s3_->cached_bytes()); });
}

void BlobStorage::move_to(
    BlobPlace place, const std::function<void(const std::string&)>& say) {
  if (!in_s3()) {
    fail(ErrorCode::invalid,
         "storage.s3_endpoint and what belongs to it must be set to move blobs "
         "to S3 or from there");
  }
  db_.migrate("s3_blobs", s3::Index::migrations());
  auto files = open_files();
  auto s3 = open_s3();
  if (place == BlobPlace::s3) {
    move_all(
        *files,
        [&](const Digest& digest, std::uint64_t) {
          if (!files->verify(digest)) return false;
          const auto hold = s3->hold(digest);
          s3->keep(files->open(digest), digest);
          return true;
        },
        say);
    return;
  }
  move_all(
      *s3,
      [&](const Digest& digest, std::uint64_t size) {
        try {
          auto writer = files->create(digest.algorithm);
          s3->stream(digest, 0, size,
                     [&](std::string_view bytes) { writer->write(bytes); });
          writer->commit(digest);
          return true;
        } catch (const Error& error) {
          // Gone or damaged; an unreachable store ends the move.
          if (error.code() != ErrorCode::io) throw;
          return false;
        }
      },
      say);
  say("now unset storage.s3_endpoint");
}

Module BlobStorage::module() {
  Module module;
  module.name = "blob_storage";
  module.settings = blob_storage_settings();
  module.health = {{"blob storage", [this]() -> std::string {
                      return s3_ == nullptr ? "" : s3_->trouble();
                    }}};
  // It needs no blob itself, but makes the store ready to be looked through.
  module.blobs.user = [](Connection&, const Digest&) {
    return std::optional<std::string>();
  };
  module.blobs.collect = [this](Collection& collection) {
    if (s3_ == nullptr || collection.dry_run()) return;
    if (const auto trouble = s3_->trouble(); !trouble.empty()) {
      fail(ErrorCode::unavailable, "{}", trouble);
    }
    s3_->reconcile(collection.stop());
  };
  return module;
}

}  // namespace skerry::boot
