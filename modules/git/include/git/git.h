// The Git remote: bare repositories served over smart HTTP, and read by the
// rest of the program as trees, commits and refs.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/boot/module.h"
#include "core/tree/tree.h"

namespace skerry::git {

struct CommitInfo {
  std::string id;    // 40 hexadecimal digits
  std::string tree;  // the id of its tree
  std::string message;
  std::string author_name;
  std::string author_email;
  UnixMillis time = 0;  // the author's
  std::vector<std::string> parents;
};

struct RefInfo {
  std::string name;    // "refs/heads/main"
  std::string commit;  // what it names, tags followed
};

// What `git url: ...` in a pipeline needs.
struct ExternalClone {
  std::string url;     // http:// or https://
  std::string branch;  // empty: the remote's default
  std::string user, password;
  std::string ca_pem;            // authorities to trust beside the system's
  std::filesystem::path folder;  // must not exist, or be empty
};

// Thread-safe. Repositories are named without ".git".
class GitModule {
 public:
  explicit GitModule(Services& services);
  ~GitModule();

  // What the module adds to the program. Refers to this object.
  Module tables();

  bool exists(std::string_view project, std::string_view repository) const;
  // The branch that HEAD names: "main".
  std::string default_branch(std::string_view project,
                             std::string_view repository) const;
  // A branch, a tag, a full ref name, a whole or abbreviated object id or
  // HEAD, as the id of a commit; nothing when there is none such. Throws
  // not_found without the repository.
  std::optional<std::string> resolve(std::string_view project,
                                     std::string_view repository,
                                     std::string_view revision) const;
  // Throws not_found.
  CommitInfo commit(std::string_view project, std::string_view repository,
                    std::string_view id) const;
  std::vector<CommitInfo> log(std::string_view project,
                              std::string_view repository,
                              std::string_view revision,
                              std::size_t limit) const;
  // Branches and tags, sorted by name.
  std::vector<RefInfo> refs(std::string_view project,
                            std::string_view repository) const;
  // The files of a commit, read from the object database. Its id is
  // "git:<tree id>". Throws not_found.
  std::shared_ptr<const Tree> tree(std::string_view project,
                                   std::string_view repository,
                                   std::string_view commit) const;

  // Clones a foreign repository into a folder and returns the commit that was
  // checked out. Throws denied, not_found or unavailable, and unavailable
  // when `stop` is requested. The caller resolves addresses of this server
  // itself.
  std::string clone_external(const ExternalClone& clone,
                             std::stop_token stop) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::git
