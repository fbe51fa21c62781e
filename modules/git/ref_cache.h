// The refs of repositories, read once and kept until they change.
//
// A kept list is used while HEAD, packed-refs and every folder below refs/ have
// the times they had when it was read, and these lie far enough back that a
// later change cannot carry the same time. So refs that `git` itself changes
// in the folder are seen too.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/os/mutex.h"
#include "repository_pool.h"

namespace skerry::git {

struct Ref {
  std::string name;  // "refs/heads/main"
  Oid id;
  std::optional<Oid> peeled;  // what an annotated tag names at last
};

struct RefList {
  std::vector<Ref> refs;    // sorted by name; symbolic ones resolved
  std::string head_target;  // "refs/heads/main"; "" when HEAD is detached
  std::optional<Oid> head;  // nothing while the branch is unborn

  const Ref* find(std::string_view name) const;
};

// Thread-safe.
class RefCache {
 public:
  std::shared_ptr<const RefList> read(const RepositoryPool::Lease& lease,
                                      const std::filesystem::path& folder);
  // After a change made by this process.
  void forget(const std::filesystem::path& folder);

 private:
  struct Entry {
    std::shared_ptr<const RefList> list;
    std::string signature;
    std::uint64_t used = 0;
  };
  static constexpr std::size_t kMaxEntries = 256;
  Mutex mutex_;
  std::map<std::string, Entry> entries_ GUARDED_BY(mutex_);
  std::uint64_t clock_ GUARDED_BY(mutex_) = 0;
};

// A name a client may create: below refs/, two levels at least, valid by
// git-check-ref-format(1), UTF-8 (events and JSON carry it).
bool is_valid_ref_name(std::string_view name);

}  // namespace skerry::git
