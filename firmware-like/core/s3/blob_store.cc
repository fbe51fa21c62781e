#include "core/s3/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "core/error.h"
#include "core/os/file.h"
#include "core/os/random.h"
#include "core/store/scratch_writer.h"
#include "core/telemetry/log.h"

namespace skerry::s3 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffer = 256u << 10;
constexpr std::size_t kDeleting = 8;  // at the same time
// CopyObject's limit.
constexpr std::uint64_t kMostCopied = 5ull << 30;
constexpr std::chrono::seconds kAskAgain{10};

std::uint64_t size_of(const Fd& file) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) fail_errno("a blob to store");
  return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace

S3BlobStore::S3BlobStore(Options options, Database& db, http::Client& http,
                         const Clock& clock, Traffic traffic)
    : options_(std::move(options)),
      clock_(clock),
      index_(db),
      client_(http, options_.place, clock, traffic),
      keys_(options_.prefix),
      cache_(options_.folder, options_.cache_bytes),
      arrivals_(client_, keys_, cache_) {
  enter();
}

S3BlobStore::~S3BlobStore() { client_.stop(); }

void S3BlobStore::enter() {
  const std::string place = options_.place.bucket + "/" + options_.prefix;
  const auto known = index_.fact("place");
  if (known && *known != place && !index_.empty()) {
    fail(ErrorCode::conflict,
         "the blobs of this server lie in {} (bucket/prefix), not in {}: set "
         "storage.s3_bucket and storage.s3_prefix back, or move the blobs with "
         "skerry storage move --to files first",
         *known, place);
  }
  index_.set_fact("place", place);
  auto id = index_.fact("server");
  if (!id) {
    id = random_name(16);
    index_.set_fact("server", *id);
  }
  client_.list(keys_.server(*id), {}, 1);  // refused in words, unlike a GET
  const bool ours = client_.read(keys_.server(*id)) == index_.fact("life");
  life_ = random_name(12);
  sharing_.emplace(client_, keys_, *id, life_);
  if (!ours) {
    log::warning(
        "the database is older than the S3 store, or new: comparing them",
        {{"bucket", options_.place.bucket}, {"server", *id}});
    reconcile();
  }
  index_.set_fact("life", life_);
  client_.put(keys_.server(*id), life_);
  abort_uploads(client_, index_);
}

std::string S3BlobStore::trouble() const {
  MutexLock lock(trouble_mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (asked_.time_since_epoch().count() != 0 && now - asked_ < kAskAgain) {
    return trouble_;
  }
  asked_ = now;
  trouble_.clear();
  try {
    if (client_.read(keys_.server(sharing_->server())) != life_) {
      trouble_ =
          "another server uses the same data in the S3 store: this one's data "
          "folder was copied; stop one of them at once";
    }
  } catch (const Error& error) {
    trouble_ = error.message();
  }
  return trouble_;
}

std::optional<std::uint64_t> S3BlobStore::size(const Digest& digest) const {
  return index_.size(digest);
}

std::uint64_t S3BlobStore::require(const Digest& digest) const {
  const auto size = index_.size(digest);
  if (!size) {
    fail(ErrorCode::not_found, "blob {} does not exist", digest.to_string());
  }
  return *size;
}

Fd S3BlobStore::open_near(const Digest& digest) const {
  require(digest);
  return cache_.open(digest);
}

Fd S3BlobStore::open(const Digest& digest) const {
  const auto size = require(digest);
  if (Fd file = cache_.open(digest)) return file;
  const auto arrival = arrivals_.wait_to_join(digest, size);
  if (!arrival->file.wait_over({}).done) arrival->rethrow();
  return arrival->file.reopen();
}

std::string S3BlobStore::read(const Digest& digest, std::uint64_t limit) const {
  const auto size = require(digest);
  if (size > limit) {
    fail(ErrorCode::too_large, "blob {} is larger than {} bytes",
         digest.to_string(), limit);
  }
  std::string bytes;
  give(open(digest), 0, size, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

void S3BlobStore::stream(const Digest& digest, std::uint64_t offset,
                         std::uint64_t size, const Sink& sink) const {
  const auto total = require(digest);
  if (const Fd file = cache_.open(digest)) {
    give(file, offset, size, sink);
    return;
  }
  const bool whole = offset == 0 && size == total;
  auto arrival = arrivals_.find(digest);
  if (!arrival && whole && cache_.takes(total)) {
    arrival = arrivals_.join(digest, total);
  }
  if (arrival && (whole || arrival->file.state().readable > offset)) {
    const auto given = follow(*arrival, offset, size, sink);
    if (given == size) return;
    // What has gone out cannot be checked together with what would come.
    if (given > 0) arrival->rethrow();
  }
  stream_from_store(digest, offset, size, sink);
}

// As they come; how many, less than `size` when it failed.
std::uint64_t S3BlobStore::follow(Arrivals::Arrival& arrival,
                                  std::uint64_t offset, std::uint64_t size,
                                  const Sink& sink) const {
  std::string buffer(kBuffer, '\0');
  std::uint64_t given = 0;
  while (given < size) {
    const auto at = offset + given;
    const auto state = arrival.file.wait_beyond(at, {});
    if (state.readable <= at) return given;
    const auto most =
        std::min({std::uint64_t{buffer.size()}, state.readable - at,
                  size - given});
    const auto got = arrival.file.read(at, buffer.data(), most);
    sink(std::string_view(buffer.data(), got));
    given += got;
  }
  return given;
}

// Of a whole blob the last piece waits for the digest.
void S3BlobStore::stream_from_store(const Digest& digest, std::uint64_t offset,
                                    std::uint64_t size,
                                    const Sink& sink) const {
  const bool whole = offset == 0 && index_.size(digest) == size;
  Hasher hasher(digest.algorithm);
  std::string last;
  const bool there = client_.get(
      keys_.blob(digest), offset, size, [&](std::string_view bytes) {
        if (!whole) {
          sink(bytes);
          return;
        }
        hasher.update(bytes);
        if (!last.empty()) sink(last);
        last = bytes;
      });
  if (!there) {
    fail(ErrorCode::io, "blob {} has gone from the S3 store",
         digest.to_string());
  }
  if (!whole) return;
  if (hasher.finish() != digest) {
    fail(ErrorCode::io, "the bytes that the S3 store has for {} are damaged",
         digest.to_string());
  }
  if (!last.empty()) sink(last);
}

std::optional<std::string> S3BlobStore::direct_url(
    const Digest& digest, std::chrono::seconds lifetime) const {
  if (!options_.redirect || !index_.size(digest)) return std::nullopt;
  return client_.presigned_get(keys_.blob(digest), lifetime);
}

std::unique_ptr<BlobWriter> S3BlobStore::create(DigestAlgorithm algorithm) {
  return std::make_unique<ScratchWriter>(
      *this, cache_.scratch() / random_name(24), algorithm);
}

void S3BlobStore::adopt(const fs::path& file, const Digest& digest) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail_errno(file.native());
  keep(fd, digest);
  cache_.put(file, digest, size_of(fd));
}

void S3BlobStore::keep(const Fd& file, const Digest& digest) {
  const auto size = size_of(file);
  const std::string key = keys_.blob(digest);
  const auto is_there = [&] {
    const auto head = client_.head(key);
    return head && head->size == size;
  };
  // A row means that the marker is written; the data may be lost all the same.
  const bool known = index_.size(digest) == size;
  if (known && is_there()) return;
  const auto marker = sharing_->need(digest);
  if (!is_there()) {
    upload_file(client_, index_, options_.parts, key, file.get(), size,
                digest.algorithm == DigestAlgorithm::sha256 ? digest.hex : "");
  }
  const auto former = index_.add({digest, size, clock_.now(), marker});
  if (former) sharing_->forget(digest, *former);
}

bool S3BlobStore::remove(const Digest& digest) {
  const auto row = index_.remove(digest);
  if (!row) return false;
  cache_.remove(digest);
  sharing_->let_go(digest, row->marker);
  return true;
}

void S3BlobStore::remove_all(std::span<const Digest> blobs) {
  const auto going = index_.remove(blobs);
  std::atomic<std::size_t> next{0};
  Mutex mutex;
  std::exception_ptr error;
  const auto work = [&] {
    for (std::size_t i = next++; i < going.size(); i = next++) {
      try {
        cache_.remove(going[i].digest);
        sharing_->let_go(going[i].digest, going[i].marker);
      } catch (...) {  // its marker stays: reconcile() finds it
        MutexLock lock(mutex);
        if (!error) error = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(kDeleting, going.size()); ++i) {
      threads.emplace_back(work);
    }
    work();
  }
  if (error) std::rethrow_exception(error);
}

void S3BlobStore::each(
    const std::function<void(const Digest&, std::uint64_t, std::int64_t)>&
        visit) const {
  for (std::string last;;) {
    const auto rows = index_.after(last);
    if (rows.empty()) return;
    last = rows.back().digest.to_string();
    for (const auto& row : rows) visit(row.digest, row.size, row.modified);
  }
}

bool S3BlobStore::verify(
    const Digest& digest,
    const std::function<void(std::uint64_t)>& step) const {
  const auto size = index_.size(digest);
  if (!size) return true;  // removed meanwhile
  const std::string key = keys_.blob(digest);
  const auto head = client_.head(key);
  if (head && head->size != *size) return false;
  Hasher hasher(digest.algorithm);
  const bool there =
      head && client_.get(key, 0, *size, [&](std::string_view bytes) {
        hasher.update(bytes);
        if (step) step(bytes.size());
      });
  if (there) return hasher.finish() == digest;
  drop_lost(digest);
  return true;  // not damaged: whoever needs it misses it
}

// Nobody has the blob any more, so that it is taken when it is pushed again.
void S3BlobStore::drop_lost(const Digest& digest) const {
  holds().while_unheld(std::span(&digest, 1), [&](const auto&) {
    if (!index_.size(digest) || client_.head(keys_.blob(digest))) return;
    // A store that does not know us any more must not cost us our rows.
    if (client_.read(keys_.server(sharing_->server())) != life_) {
      fail(ErrorCode::unavailable, "the S3 store does not know this server");
    }
    log::error("a blob has gone from the S3 store",
               {{"digest", digest.to_string()}});
    if (const auto row = index_.remove(digest)) {
      sharing_->forget(digest, row->marker);
    }
  });
}

void S3BlobStore::set_aside(const Digest& digest) {
  const std::string key = keys_.blob(digest);
  cache_.remove(digest);
  const auto row = index_.remove(digest);
  sharing_->while_condemned(digest, [&] {
    const auto head = client_.head(key);
    if (!head) return;
    if (head->size <= kMostCopied) client_.copy(key, keys_.damaged(digest));
    client_.remove(key);
  });
  if (row) sharing_->forget(digest, row->marker);
}

}  // namespace skerry::s3
