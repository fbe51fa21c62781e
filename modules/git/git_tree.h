// A commit's files as a Tree, read from the object database without a
// checkout.
#pragma once

#include <memory>

#include "context.h"
#include "core/tree/tree.h"

namespace skerry::git {

// Throws not_found when there is no such commit. `context` outlives the tree.
std::shared_ptr<const Tree> open_git_tree(Context& context,
                                          const Repository& repository,
                                          const Oid& commit);

}  // namespace skerry::git
