// Tells readers of live logs that there is more to read.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "core/os/mutex.h"

namespace skerry::ci {

// Thread-safe.
class LogBoard {
 public:
  // Something of the run changed: its log or its row.
  void touch(std::int64_t run) {
    MutexLock lock(mutex_);
    if (readers_ == 0) return;
    ++generations_[run];
    changed_.notify_all();
  }
  // Until the run is touched after `seen`, or the time is over; the number to
  // give next. Begin with 0.
  std::uint64_t wait(std::int64_t run, std::uint64_t seen,
                     std::chrono::milliseconds time) {
    const auto deadline = std::chrono::steady_clock::now() + time;
    MutexLock lock(mutex_);
    while (generations_[run] == seen) {
      if (!changed_.wait_until(mutex_, deadline)) break;
    }
    return generations_[run];
  }

  // A reader in scope; without any, touching costs nothing.
  class Reader {
   public:
    explicit Reader(LogBoard& board) : board_(board) {
      MutexLock lock(board_.mutex_);
      ++board_.readers_;
    }
    ~Reader() {
      MutexLock lock(board_.mutex_);
      if (--board_.readers_ == 0) board_.generations_.clear();
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

   private:
    LogBoard& board_;
  };

 private:
  Mutex mutex_;
  skerry::Condition changed_;
  int readers_ GUARDED_BY(mutex_) = 0;
  std::map<std::int64_t, std::uint64_t> generations_ GUARDED_BY(mutex_);
};

}  // namespace skerry::ci
