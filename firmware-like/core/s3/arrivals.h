// Blobs on their way from the store to this machine: each is fetched once,
// however many want it, and to the end even when they have gone, because they
// come back.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>

#include "core/error.h"
#include "core/os/mutex.h"
#include "core/s3/cache.h"
#include "core/s3/client.h"
#include "core/s3/keys.h"
#include "core/store/growing_file.h"

namespace skerry::s3 {

// Thread-safe.
class Arrivals {
 public:
  Arrivals(Client& client, const Keys& keys, Cache& cache)
      : client_(client), keys_(keys), cache_(cache) {}
  // The client has been stopped.
  ~Arrivals();

  class Arrival {
   public:
    Arrival(std::filesystem::path path, const Digest& digest)
        : file(std::move(path), digest) {}
    GrowingFile file;
    // Throws why it has failed.
    [[noreturn]] void rethrow() EXCLUDES(mutex_);
    void fail_with(Error error) EXCLUDES(mutex_);

   private:
    Mutex mutex_;
    std::optional<Error> error_ GUARDED_BY(mutex_);
  };

  // What is under way; null: nothing.
  std::shared_ptr<Arrival> find(const Digest& digest) EXCLUDES(mutex_);
  // Begins, when it is not under way. Null: there are too many.
  std::shared_ptr<Arrival> join(const Digest& digest, std::uint64_t size)
      EXCLUDES(mutex_);
  // The same, waiting until there are fewer.
  std::shared_ptr<Arrival> wait_to_join(const Digest& digest,
                                        std::uint64_t size) EXCLUDES(mutex_);

 private:
  struct Running {
    std::shared_ptr<Arrival> arrival;
    bool over = false;
    std::jthread thread{};
  };
  std::shared_ptr<Arrival> join_locked(const Digest& digest,
                                       std::uint64_t size) REQUIRES(mutex_);
  void run(Running& running, std::uint64_t size) EXCLUDES(mutex_);
  void fetch(GrowingFile& file, std::uint64_t size);
  void append(GrowingFile& file, std::string_view bytes);

  Client& client_;
  const Keys& keys_;
  Cache& cache_;
  Mutex mutex_;
  Condition fewer_;
  std::unordered_map<std::string, std::shared_ptr<Arrival>> by_hex_
      GUARDED_BY(mutex_);
  std::list<Running> running_ GUARDED_BY(mutex_);
};

}  // namespace skerry::s3
