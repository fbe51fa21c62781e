// The repositories of the server: their rows, their folders, and the handles
// to read them.
//
// Table git_repository says which exist; the folder
// <git>/<project>/<name>.git holds the objects, refs and HEAD (which names the
// default branch). Changes that touch both leave a trace from which recover()
// finishes or undoes them:
//   create   the folder is made under a dot name, renamed, then the row added;
//            a folder without a row is taken in at the next start
//   rename   the row says renaming_to before the folder moves
//   remove   the folder gets a dot name before the row goes
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "pack_file.h"
#include "ref_cache.h"
#include "repository_pool.h"

namespace skerry::git {

struct Repository {
  std::int64_t id = 0;
  std::string project;
  std::string name;  // without ".git"
  std::string description;
  // Patterns of refs that refuse force and deletion; unset: the default
  // branch.
  std::optional<std::vector<std::string>> protection;
  UnixMillis created = 0;
  UnixMillis updated = 0;  // the last push

  std::string full_name() const { return project + "/" + name; }
};

// Thread-safe.
class Repositories {
 public:
  explicit Repositories(Services& services);

  static std::vector<Migration> migrations();

  // `name` may end in ".git".
  std::optional<Repository> find(std::string_view project,
                                 std::string_view name);
  // Throws not_found.
  Repository need(std::string_view project, std::string_view name);
  std::vector<Repository> list(std::string_view project);
  std::vector<Repository> list_all();
  std::int64_t count(std::string_view project = {});  // "": of all projects

  // Throws invalid for a bad name, conflict when it exists.
  Repository create(const http::Identity& who, std::string_view project,
                    std::string_view name, std::string_view description,
                    std::string_view default_branch);
  Repository rename(const http::Identity& who, const Repository& repository,
                    std::string_view name);
  void describe(const http::Identity& who, const Repository& repository,
                std::string_view description);
  void set_default_branch(const http::Identity& who,
                          const Repository& repository,
                          std::string_view branch);
  void protect(const http::Identity& who, const Repository& repository,
               const std::vector<std::string>& patterns);
  // With the event RepositoryDeleted, whose followers take along what others
  // keep of it.
  void remove(const http::Identity& who, const Repository& repository);
  // Of a project that has no repository any more.
  void forget_project(Transaction& tx, const std::string& project);

  std::filesystem::path folder(const Repository& repository) const;
  RepositoryPool::Lease open(const Repository& repository);
  std::shared_ptr<const RefList> refs(const Repository& repository,
                                      const RepositoryPool::Lease& lease);
  PackList packs(const Repository& repository);
  // After packs were joined: handles that know the old ones are closed.
  void packs_changed(const Repository& repository);
  // After refs (not packs) were changed.
  void refs_changed(const Repository& repository);
  // Held while the refs of a repository move, and while it moves itself.
  std::shared_ptr<Mutex> lock_of(const Repository& repository);

  // Finishes what a crash interrupted. Before anything else runs.
  void recover();

 private:
  void recover_project(const std::filesystem::path& project);
  void finish_renames();
  void sweep(const std::filesystem::path& place);
  void adopt(const std::string& project, const std::string& name);
  void erase(Transaction& tx, const Repository& repository);
  void forget(const std::filesystem::path& folder);
  std::filesystem::path folder(std::string_view project,
                               std::string_view name) const;

  Services& services_;
  RepositoryPool pool_;
  RefCache ref_cache_;
  PackCache pack_cache_;
  Mutex locks_mutex_;
  std::map<std::int64_t, std::shared_ptr<Mutex>> locks_
      GUARDED_BY(locks_mutex_);
};

// Where a push keeps its objects until they are checked; Git's own clean-up
// (git prune) knows this name and removes stale ones too.
inline constexpr std::string_view kQuarantinePrefix = "tmp_objdir-incoming-";

}  // namespace skerry::git
