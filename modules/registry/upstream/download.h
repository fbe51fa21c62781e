// A blob on its way from an upstream registry, and the repositories that wait
// for it. Of a wrong blob a client sees a broken connection.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/os/mutex.h"
#include "core/store/growing_file.h"
#include "repositories.h"
#include "upstream/trouble.h"

namespace skerry::registry {

// Thread-safe, but for the writer's part, which is used by one thread.
class Download {
 public:
  // Makes the file.
  Download(std::filesystem::path path, Digest digest)
      : file_(std::move(path), std::move(digest)) {}
  const Digest& digest() const { return file_.digest(); }

  // The repositories that get the blob when it is whole. False: it is over,
  // so look again.
  bool add_place(const Place& place) EXCLUDES(mutex_);

  struct State : GrowingFile::State {
    std::optional<Trouble> trouble;  // why it failed
  };
  // As GrowingFile's.
  State wait_begun(const std::stop_token& stop) {
    return explained(file_.wait_begun(stop));
  }
  State wait_beyond(std::uint64_t have, const std::stop_token& stop) {
    return explained(file_.wait_beyond(have, stop));
  }
  State wait_over(const std::stop_token& stop) {
    return explained(file_.wait_over(stop));
  }
  std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const {
    return file_.read(offset, buffer, size);
  }

  // --- the writer's part
  const std::filesystem::path& path() const { return file_.path(); }
  std::uint64_t size() const { return file_.size(); }
  void begin(std::optional<std::uint64_t> total) { file_.begin(total); }
  void append(std::string_view bytes) { file_.append(bytes); }
  Digest finish_hash() { return file_.finish_hash(); }
  // No place is added any more; those that were.
  std::set<std::string> close() EXCLUDES(mutex_);
  void finish(std::optional<Trouble> trouble) EXCLUDES(mutex_);

 private:
  State explained(GrowingFile::State state) EXCLUDES(mutex_);

  GrowingFile file_;
  Mutex mutex_;
  bool closed_ GUARDED_BY(mutex_) = false;
  std::optional<Trouble> trouble_ GUARDED_BY(mutex_);
  std::set<std::string> repositories_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
