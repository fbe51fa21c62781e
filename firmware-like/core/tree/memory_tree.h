// The tree that archives are unpacked into.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/tree/tree.h"

namespace skerry {

// Keys are clean paths; `id` is what Tree::id() answers.
std::unique_ptr<Tree> make_memory_tree_with_id(
    std::string id, std::map<std::string, MemoryFile> files);

}  // namespace skerry
