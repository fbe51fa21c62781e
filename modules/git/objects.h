// Commits, trees and tags as bytes (gitformat: "tree <hex>\nparent <hex>\n..."
// and "<octal mode> <name>\0<20 bytes>" repeated): reading what a walk needs,
// and the checks that `git fsck` calls errors.
//
// All functions throw invalid for malformed bytes and are thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "libgit2.h"
#include "oid.h"

namespace skerry::git {

struct CommitHeader {
  Oid tree;
  std::vector<Oid> parents;
  std::int64_t committed = 0;  // seconds since 1970; 0 when unreadable
};
CommitHeader parse_commit(std::string_view data);

struct TagHeader {
  Oid target;
  ObjectType type;
};
TagHeader parse_tag(std::string_view data);

inline constexpr unsigned kModeTree = 0040000;
inline constexpr unsigned kModeLink = 0120000;
inline constexpr unsigned kModeSubmodule = 0160000;
inline constexpr unsigned kModeTypeMask = 0170000;

struct TreeItem {
  unsigned mode = 0;
  std::string_view name;
  Oid id;
  bool is_tree() const { return (mode & kModeTypeMask) == kModeTree; }
  bool is_submodule() const { return (mode & kModeTypeMask) == kModeSubmodule; }
};

// Takes the next entry off the front of `data`; false at the end.
bool next_tree_item(std::string_view* data, TreeItem* item);

// Refuses what ordinary clients refuse or what is dangerous to write out:
// entries named "", ".", "..", ".git" (any case) or with a slash, wrong order,
// duplicates, unknown modes; commits and tags without their header lines.
void check_object(ObjectType type, std::string_view data);

}  // namespace skerry::git
