// A blob on its way from an upstream registry: a file that grows, written by
// one thread and read by any number of clients at the same time.
//
// A client is never given the last byte before the digest has been checked, so
// what it has received whole is right; of a wrong blob it sees a broken
// connection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/os/fd.h"
#include "core/os/mutex.h"
#include "core/store/digest.h"
#include "repositories.h"
#include "upstream/trouble.h"

namespace skerry::registry {

// Thread-safe, but for the writer's part, which is used by one thread.
class Download {
 public:
  // Makes the file.
  Download(std::filesystem::path path, Digest digest);
  ~Download();
  const Digest& digest() const { return digest_; }

  // The repositories that get the blob when it is whole. False: it is over,
  // so look again.
  bool add_place(const Place& place) EXCLUDES(mutex_);

  // What a reader may know.
  struct State {
    std::uint64_t readable = 0;  // bytes that may go out
    std::optional<std::uint64_t> total;
    bool begun = false;  // the upstream has answered; total is known or never
    bool done = false;   // checked, stored and linked
    std::optional<Trouble> trouble;  // it will never be done
  };
  // Waits until it has begun or is over, or `stop` is requested.
  State wait_begun(const std::stop_token& stop) EXCLUDES(mutex_);
  // Waits until there is more than `have` to read, or it is over.
  State wait_beyond(std::uint64_t have, const std::stop_token& stop)
      EXCLUDES(mutex_);
  // Waits until it is over.
  State wait_over(const std::stop_token& stop) EXCLUDES(mutex_);
  // Up to `size` bytes at `offset`, which is below `readable`.
  std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const;

  // --- the writer's part
  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  void begin(std::optional<std::uint64_t> total) EXCLUDES(mutex_);
  void append(std::string_view bytes) EXCLUDES(mutex_);
  // Of all bytes; once.
  Digest finish_hash() { return hasher_.finish(); }
  // No place is added any more; those that were.
  std::set<std::string> close() EXCLUDES(mutex_);
  void finish(std::optional<Trouble> trouble) EXCLUDES(mutex_);

 private:
  State state() const REQUIRES(mutex_);
  bool over() const REQUIRES(mutex_) { return done_ || trouble_.has_value(); }

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
  bool closed_ GUARDED_BY(mutex_) = false;
  bool done_ GUARDED_BY(mutex_) = false;
  std::optional<Trouble> trouble_ GUARDED_BY(mutex_);
  std::set<std::string> repositories_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
