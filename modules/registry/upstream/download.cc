#include "upstream/download.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "core/error.h"

namespace skerry::registry {
namespace {

// Writing back early keeps the final fsync short.
constexpr std::uint64_t kWriteBack = 8u << 20;
// How often a waiting reader looks whether the daemon stops.
constexpr std::chrono::milliseconds kTick{500};

}  // namespace

Download::Download(std::filesystem::path path, Digest digest)
    : path_(std::move(path)),
      digest_(std::move(digest)),
      file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
                   0600)),
      hasher_(digest_.algorithm) {
  if (!file_) fail_errno(path_.native());
}

Download::~Download() {
  std::error_code ignored;  // a file that became a blob is gone already
  std::filesystem::remove(path_, ignored);
}

bool Download::add_place(const Place& place) {
  MutexLock lock(mutex_);
  if (closed_ || over()) return false;
  repositories_.insert(place.repository);
  return true;
}

Download::State Download::state() const {
  State state;
  state.total = total_;
  state.begun = begun_;
  state.done = done_;
  state.trouble = trouble_;
  state.readable = done_ || written_ == 0 ? written_ : written_ - 1;
  return state;
}

Download::State Download::wait_begun(const std::stop_token& stop) {
  MutexLock lock(mutex_);
  while (!begun_ && !over() && !stop.stop_requested()) {
    changed_.wait_until(mutex_, std::chrono::steady_clock::now() + kTick);
  }
  return state();
}

Download::State Download::wait_beyond(std::uint64_t have,
                                      const std::stop_token& stop) {
  MutexLock lock(mutex_);
  while (state().readable <= have && !over() && !stop.stop_requested()) {
    changed_.wait_until(mutex_, std::chrono::steady_clock::now() + kTick);
  }
  return state();
}

Download::State Download::wait_over(const std::stop_token& stop) {
  MutexLock lock(mutex_);
  while (!over() && !stop.stop_requested()) {
    changed_.wait_until(mutex_, std::chrono::steady_clock::now() + kTick);
  }
  return state();
}

std::size_t Download::read(std::uint64_t offset, char* buffer,
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

void Download::begin(std::optional<std::uint64_t> total) {
  MutexLock lock(mutex_);
  if (!begun_) total_ = total;
  begun_ = true;
  changed_.notify_all();
}

void Download::append(std::string_view bytes) {
  hasher_.update(bytes);
  auto rest = bytes;
  auto at = size_;
  while (!rest.empty()) {
    const auto put = ::pwrite(file_.get(), rest.data(), rest.size(),
                              static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_errno("storing a blob of an upstream registry");
    rest.remove_prefix(static_cast<std::size_t>(put));
    at += static_cast<std::uint64_t>(put);
  }
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

std::set<std::string> Download::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  return repositories_;
}

void Download::finish(std::optional<Trouble> trouble) {
  if (trouble) {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);  // readers have it open
  }
  MutexLock lock(mutex_);
  closed_ = true;
  done_ = !trouble;
  trouble_ = std::move(trouble);
  changed_.notify_all();
}

}  // namespace skerry::registry
