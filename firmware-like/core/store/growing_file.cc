#include "core/store/growing_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "core/error.h"

namespace skerry {
namespace {

// Writing back early keeps the final fsync short.
constexpr std::uint64_t kWriteBack = 8u << 20;
// How often a waiting reader looks whether the daemon stops.
constexpr std::chrono::milliseconds kTick{500};

bool over(const GrowingFile::State& state) {
  return state.done || state.failed;
}

}  // namespace

GrowingFile::GrowingFile(std::filesystem::path path, Digest digest)
    : path_(std::move(path)),
      digest_(std::move(digest)),
      file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
                   0600)),
      hasher_(digest_.algorithm) {
  if (!file_) fail_errno(path_.native());
}

GrowingFile::~GrowingFile() {
  std::error_code ignored;  // a file that became a blob is gone already
  std::filesystem::remove(path_, ignored);
}

GrowingFile::State GrowingFile::state_now() const {
  const std::uint64_t readable =
      done_ || written_ == 0 ? written_ : written_ - 1;
  return {readable, total_, begun_, done_, failed_};
}

GrowingFile::State GrowingFile::state() const {
  MutexLock lock(mutex_);
  return state_now();
}

GrowingFile::State GrowingFile::wait_begun(const std::stop_token& stop) {
  MutexLock lock(mutex_);
  while (!begun_ && !over(state_now()) && !stop.stop_requested()) {
    changed_.wait_until(mutex_, std::chrono::steady_clock::now() + kTick);
  }
  return state_now();
}

GrowingFile::State GrowingFile::wait_beyond(std::uint64_t have,
                                            const std::stop_token& stop) {
  MutexLock lock(mutex_);
  while (state_now().readable <= have && !over(state_now()) &&
         !stop.stop_requested()) {
    changed_.wait_until(mutex_, std::chrono::steady_clock::now() + kTick);
  }
  return state_now();
}

GrowingFile::State GrowingFile::wait_over(const std::stop_token& stop) {
  MutexLock lock(mutex_);
  while (!over(state_now()) && !stop.stop_requested()) {
    changed_.wait_until(mutex_, std::chrono::steady_clock::now() + kTick);
  }
  return state_now();
}

std::size_t GrowingFile::read(std::uint64_t offset, char* buffer,
                              std::size_t size) const {
  while (true) {
    const auto got =
        ::pread(file_.get(), buffer, size, static_cast<off_t>(offset));
    if (got > 0) return static_cast<std::size_t>(got);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno(path_.native());
    fail(ErrorCode::io, "{} became shorter", path_.native());
  }
}

Fd GrowingFile::reopen() const {
  const auto name = fmt::format("/proc/self/fd/{}", file_.get());
  Fd file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail_errno(path_.native());
  return file;
}

void GrowingFile::begin(std::optional<std::uint64_t> total) {
  MutexLock lock(mutex_);
  if (!begun_) total_ = total;
  begun_ = true;
  changed_.notify_all();
}

void GrowingFile::append(std::string_view bytes) {
  auto rest = bytes;
  auto at = size_;
  while (!rest.empty()) {
    const auto put = ::pwrite(file_.get(), rest.data(), rest.size(),
                              static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_errno("keeping a blob that is fetched");
    rest.remove_prefix(static_cast<std::size_t>(put));
    at += static_cast<std::uint64_t>(put);
  }
  hasher_.update(bytes);
  size_ = at;
  if (size_ - written_back_ >= kWriteBack) {
    ::sync_file_range(file_.get(), static_cast<off64_t>(written_back_),
                      static_cast<off64_t>(size_ - written_back_),
                      SYNC_FILE_RANGE_WRITE);
    written_back_ = size_;
  }
  MutexLock lock(mutex_);
  written_ = size_;
  changed_.notify_all();
}

void GrowingFile::finish(bool done) {
  if (!done) {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);  // readers have it open
  }
  MutexLock lock(mutex_);
  done_ = done;
  failed_ = !done;
  changed_.notify_all();
}

}  // namespace skerry
