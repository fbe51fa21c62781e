// A file with the bytes of a blob that is on its way here: written by one
// thread and read by any number at the same time.
//
// A reader is never given the last byte before the digest has been checked, so
// what it has received whole is right.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string_view>

#include "core/os/fd.h"
#include "core/os/mutex.h"
#include "core/store/digest.h"

namespace skerry {

// Thread-safe, but for the writer's part, which is used by one thread.
class GrowingFile {
 public:
  // Makes the file.
  GrowingFile(std::filesystem::path path, Digest digest);
  // Removes it, unless it was moved away.
  ~GrowingFile();
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;
  const Digest& digest() const { return digest_; }

  // What a reader may know.
  struct State {
    std::uint64_t readable = 0;  // bytes that may go out
    std::optional<std::uint64_t> total;
    bool begun = false;   // there is an answer; total is known or never
    bool done = false;    // checked and kept
    bool failed = false;  // it will never be done
  };
  State state() const EXCLUDES(mutex_);
  // Waits until it has begun or is over, or `stop` is requested.
  State wait_begun(const std::stop_token& stop) EXCLUDES(mutex_);
  // Waits until there is more than `have` to read, or it is over.
  State wait_beyond(std::uint64_t have, const std::stop_token& stop)
      EXCLUDES(mutex_);
  // Waits until it is over.
  State wait_over(const std::stop_token& stop) EXCLUDES(mutex_);
  // Up to `size` bytes at `offset`, which is below `readable`.
  std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const;
  // The file anew, at its beginning, wherever it was moved.
  Fd reopen() const;

  // --- the writer's part
  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  void begin(std::optional<std::uint64_t> total) EXCLUDES(mutex_);
  void append(std::string_view bytes) EXCLUDES(mutex_);
  // Of all bytes; once.
  Digest finish_hash() { return hasher_.finish(); }
  // Done, or failed: then the file goes.
  void finish(bool done) EXCLUDES(mutex_);

 private:
  State state_now() const REQUIRES(mutex_);

  const std::filesystem::path path_;
  const Digest digest_;
  Fd file_;
  Hasher hasher_;
  std::uint64_t size_ = 0;
  std::uint64_t written_back_ = 0;

  mutable Mutex mutex_;
  Condition changed_;
  std::uint64_t written_ GUARDED_BY(mutex_) = 0;
  std::optional<std::uint64_t> total_ GUARDED_BY(mutex_);
  bool begun_ GUARDED_BY(mutex_) = false;
  bool done_ GUARDED_BY(mutex_) = false;
  bool failed_ GUARDED_BY(mutex_) = false;
};

}  // namespace skerry
