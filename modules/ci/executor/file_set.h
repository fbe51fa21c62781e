// The files that Ant-style patterns name: "build/**/*.xml, *.log".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executor/workspace.h"

namespace skerry::ci {

struct FileSet {
  std::string includes, excludes;  // patterns, separated by commas
  bool default_excludes = true;    // Ant's: version control, backups
};

// Files and symlinks below `folder` that match, relative to it, in order.
std::vector<std::string> find_files(const Workspace& workspace,
                                    std::string_view folder,
                                    const FileSet& set);

}  // namespace skerry::ci
