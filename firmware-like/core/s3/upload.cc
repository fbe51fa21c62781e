#include "core/s3/upload.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <thread>

#include "core/error.h"
#include "core/os/mutex.h"
#include "core/store/digest.h"
#include "core/telemetry/log.h"

namespace skerry::s3 {
namespace {

constexpr std::uint64_t kMostParts = 10'000;  // S3's limit
constexpr std::uint64_t kMiB = 1u << 20;

std::string hash_of(int file, std::uint64_t offset, std::uint64_t size) {
  Hasher hasher;
  std::string buffer(std::min<std::uint64_t>(size, 256u << 10), '\0');
  while (size > 0) {
    const ssize_t got =
        ::pread(file, buffer.data(),
                std::min<std::uint64_t>(size, buffer.size()),
                static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno("reading a blob to store");
    if (got == 0) fail(ErrorCode::io, "a blob to store became shorter");
    hasher.update({buffer.data(), static_cast<std::size_t>(got)});
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::uint64_t>(got);
  }
  return hasher.finish().hex;
}

// The parts of one file, handed out to some threads.
class Parts {
 public:
  Parts(Client& client, const std::string& key, const std::string& upload,
        int file, std::uint64_t size, std::uint64_t part)
      : client_(client),
        key_(key),
        upload_(upload),
        file_(file),
        size_(size),
        part_(part),
        etags_((size + part - 1) / part) {}

  std::vector<std::string> send(int parallel) {
    {
      std::vector<std::jthread> threads;
      const auto most = std::min<std::size_t>(
          static_cast<std::size_t>(parallel), count());
      for (std::size_t i = 1; i < most; ++i) {
        threads.emplace_back([this] { work(); });
      }
      work();
    }
    MutexLock lock(mutex_);
    if (error_) std::rethrow_exception(error_);
    return std::move(etags_);
  }

 private:
  void work() {
    try {
      for (;;) {
        const std::size_t number = next_++;
        if (number >= count() || failed()) return;
        const std::uint64_t offset = number * part_;
        Slice slice{file_, offset, std::min(part_, size_ - offset), {}};
        slice.sha256 = hash_of(file_, offset, slice.size);
        auto etag = client_.put_part(key_, upload_,
                                     static_cast<int>(number) + 1, slice);
        MutexLock lock(mutex_);
        etags_[number] = std::move(etag);
      }
    } catch (...) {
      MutexLock lock(mutex_);
      if (!error_) error_ = std::current_exception();
    }
  }
  std::size_t count() const {
    return static_cast<std::size_t>((size_ + part_ - 1) / part_);
  }
  bool failed() {
    MutexLock lock(mutex_);
    return error_ != nullptr;
  }

  Client& client_;
  const std::string &key_, &upload_;
  const int file_;
  const std::uint64_t size_, part_;
  std::atomic<std::size_t> next_{0};
  Mutex mutex_;
  std::vector<std::string> etags_ GUARDED_BY(mutex_);
  std::exception_ptr error_ GUARDED_BY(mutex_);
};

void abort_upload(Client& client, Index& index, const Index::Upload& upload) {
  try {
    client.abort_multipart(upload.key, upload.id);
    index.end_upload(upload.id);
  } catch (const Error& error) {  // the next start tries again
    log::warning("an upload in parts is left in the S3 store",
                 {{"key", upload.key}, {"error", error.message()}});
  }
}

}  // namespace

void upload_file(Client& client, Index& index, const PartSizes& sizes,
                 const std::string& key, int file, std::uint64_t size,
                 const std::string& sha256) {
  if (size <= sizes.at_once) {
    client.put(key, Slice{file, 0, size,
                          sha256.empty() ? hash_of(file, 0, size) : sha256});
    return;
  }
  const std::uint64_t least = (size + kMostParts - 1) / kMostParts;
  const std::uint64_t part =
      std::max(sizes.part, (least + kMiB - 1) / kMiB * kMiB);
  const Index::Upload upload{key, client.start_multipart(key)};
  try {
    index.begin_upload(upload);
    client.complete_multipart(
        key, upload.id,
        Parts(client, key, upload.id, file, size, part).send(sizes.parallel));
  } catch (...) {
    abort_upload(client, index, upload);
    throw;
  }
  index.end_upload(upload.id);
}

void abort_uploads(Client& client, Index& index) {
  for (const auto& upload : index.uploads()) {
    abort_upload(client, index, upload);
  }
}

}  // namespace skerry::s3
