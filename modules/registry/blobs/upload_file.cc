#include "blobs/upload_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "core/error.h"

namespace skerry::registry {
namespace {

// Writing back early keeps the final fsync short.
constexpr std::uint64_t kWriteBack = 8u << 20;
constexpr std::size_t kBuffer = 256u << 10;
// What is held in memory before there is a file.
constexpr std::size_t kHeld = 16u << 10;

// Calls `use` with the file's bytes from `offset` to `end`.
template <typename Use>
void read_span(const std::filesystem::path& path, std::uint64_t offset,
               std::uint64_t end, const Use& use) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail_errno(path.native());
  std::string buffer(kBuffer, '\0');
  while (offset < end) {
    const auto want = std::min<std::uint64_t>(buffer.size(), end - offset);
    const auto got =
        ::pread(fd.get(), buffer.data(), want, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno(path.native());
    if (got == 0) fail(ErrorCode::io, "{} became shorter", path.native());
    use(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
    offset += static_cast<std::uint64_t>(got);
  }
}

void write_at(int fd, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const auto put = ::pwrite(fd, bytes.data(), bytes.size(),
                              static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_errno("storing an upload");
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
}

}  // namespace

UploadFile::UploadFile(std::filesystem::path path, std::uint64_t size)
    : path_(std::move(path)),
      size_(size),
      in_memory_(size == 0),
      written_back_(size) {
  if (size_ == 0) hasher_.emplace(algorithm_);
}

void UploadFile::open() {
  if (fd_) return;
  fd_ = Fd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!fd_) fail_errno(path_.native());
}

void UploadFile::prefer(DigestAlgorithm algorithm) {
  if (size_ > 0 || (hasher_ && algorithm == algorithm_)) return;
  algorithm_ = algorithm;
  hasher_.emplace(algorithm);
}

void UploadFile::spill() {
  if (!in_memory_) return;
  open();
  try {
    write_at(fd_.get(), held_, 0);
  } catch (...) {
    fd_.reset();
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    throw;
  }
  in_memory_ = false;
  held_ = {};
}

void UploadFile::close() {
  spill();
  fd_.reset();
}

void UploadFile::remove() {
  fd_.reset();
  held_ = {};
  std::error_code ignored;  // a file that became a blob is gone already
  if (!in_memory_) std::filesystem::remove(path_, ignored);
}

std::string UploadFile::read() const {
  if (in_memory_) return held_;
  std::string bytes;
  read_span(path_, 0, size_, [&](std::string_view part) { bytes += part; });
  return bytes;
}

void UploadFile::append(std::string_view bytes, SideThreads::Lease& side) {
  if (in_memory_ && size_ + bytes.size() <= kHeld) {
    held_ += bytes;
    if (hasher_) hasher_->update(bytes);
    size_ += bytes.size();
    return;
  }
  spill();
  open();
  try {
    write_and_hash(bytes, side);
  } catch (...) {
    cut(size_);
    throw;
  }
  size_ += bytes.size();
  if (size_ - written_back_ >= kWriteBack) {
    ::sync_file_range(fd_.get(), static_cast<off64_t>(written_back_),
                      static_cast<off64_t>(size_ - written_back_),
                      SYNC_FILE_RANGE_WRITE);
    written_back_ = size_;
  }
}

void UploadFile::write_and_hash(std::string_view bytes,
                                SideThreads::Lease& side) {
  const auto write = [&] { write_at(fd_.get(), bytes, size_); };
  if (!hasher_) return write();
  Hasher hasher = std::move(*hasher_);
  hasher_.reset();  // gone when the bytes are hashed but not written
  const auto hash = [&] { hasher.update(bytes); };
  side.run_both(write, hash);
  hasher_ = std::move(hasher);
}

void UploadFile::cut(std::uint64_t size) {
  if (in_memory_) held_.resize(size);
  if (!in_memory_) open();
  if (!in_memory_ && ::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) {
    fail_errno(path_.native());
  }
  if (size == size_) return;
  size_ = size;
  written_back_ = std::min(written_back_, size);
  hasher_.reset();
  if (size == 0) hasher_.emplace(algorithm_);
}

Digest UploadFile::digest(DigestAlgorithm algorithm) {
  if (hasher_ && algorithm == algorithm_) {
    Hasher hasher = std::move(*hasher_);
    hasher_.reset();  // it can be asked once; a second time the file is read
    return hasher.finish();
  }
  if (in_memory_) return digest_of(held_, algorithm);
  Hasher hasher(algorithm);
  read_span(path_, 0, size_, [&](std::string_view part) {
    hasher.update(part);
  });
  return hasher.finish();
}

void UploadFile::copy_tail(std::uint64_t offset,
                           const std::filesystem::path& to) const {
  UploadFile copy(to, 0);
  SideThreads::Lease alone;
  if (in_memory_) {
    copy.append(std::string_view(held_).substr(offset), alone);
  } else {
    read_span(path_, offset, size_,
              [&](std::string_view part) { copy.append(part, alone); });
  }
  copy.close();
}

}  // namespace skerry::registry
