// Open repositories, kept for the next request: opening one costs about as
// much as a small request. A handle is used by one thread at a time.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/os/mutex.h"
#include "libgit2.h"

namespace skerry::git {

struct OpenRepository {
  explicit OpenRepository(const std::filesystem::path& folder)
      : repository(open_bare(folder)),
        odb(odb_of(repository.get())),
        objects(odb.get()) {}
  RepositoryPtr repository;
  OdbPtr odb;
  ObjectReader objects;
};

// Thread-safe.
class RepositoryPool {
 public:
  // Gives the handle back on destruction.
  class Lease {
   public:
    Lease(RepositoryPool& pool, std::string folder,
          std::unique_ptr<OpenRepository> handle, std::uint64_t generation)
        : pool_(&pool),
          folder_(std::move(folder)),
          handle_(std::move(handle)),
          generation_(generation) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (handle_) {
        pool_->give_back(folder_, std::move(handle_), generation_);
      }
    }
    git_repository* repository() const { return handle_->repository.get(); }
    git_odb* odb() const { return handle_->odb.get(); }
    const ObjectReader& objects() const { return handle_->objects; }
    // Close the handle when it comes back: after a long walk libgit2 holds
    // many megabytes for it.
    void close_after() { ++generation_; }

   private:
    RepositoryPool* pool_;
    std::string folder_;
    std::unique_ptr<OpenRepository> handle_;
    std::uint64_t generation_;
  };

  // Throws what check() throws when the folder is no repository.
  Lease open(const std::filesystem::path& folder);
  // Closes the idle handles of a folder that was moved, removed or repacked;
  // those in use are closed when they come back.
  void forget(const std::filesystem::path& folder);

 private:
  struct Idle {
    std::string folder;
    std::unique_ptr<OpenRepository> handle;
  };
  void give_back(const std::string& folder,
                 std::unique_ptr<OpenRepository> handle,
                 std::uint64_t generation);

  static constexpr std::size_t kMaxIdle = 16;
  Mutex mutex_;
  std::vector<Idle> idle_ GUARDED_BY(mutex_);  // the oldest first
  std::map<std::string, std::uint64_t> generations_ GUARDED_BY(mutex_);
};

}  // namespace skerry::git
