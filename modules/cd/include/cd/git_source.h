// What the syncer asks of the Git module. Implemented by app/wiring.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/tree/tree.h"

namespace skerry::cd {

// Thread-safe. Throws Error not_found for a project, repository or revision
// that does not exist.
class GitSource {
 public:
  virtual ~GitSource() = default;
  // `revision` is "HEAD", a branch, a tag or a commit id (a full ref name
  // too); the full id of the commit it stands for now. Called at every
  // reconcile, so it reads a ref and no more.
  virtual std::string resolve(std::string_view project,
                              std::string_view repository,
                              std::string_view revision) = 0;
  virtual std::shared_ptr<const Tree> tree(std::string_view project,
                                           std::string_view repository,
                                           std::string_view commit) = 0;
};

}  // namespace skerry::cd
