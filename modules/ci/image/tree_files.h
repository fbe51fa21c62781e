// A build context as a source of files: a Tree without what .dockerignore
// hides. Owned by root, 0644 or 0755, so that the image does not depend on
// the machine's users and umask.
#pragma once

#include "core/tree/tree.h"
#include "image/file_index.h"
#include "image/ignore.h"

namespace skerry::ci {

// Used by one thread.
class TreeFiles : public SourceFiles {
 public:
  // The tree must outlive this. A file larger than `max_file_bytes` is
  // refused when it is found.
  TreeFiles(const Tree& tree, IgnoreRules rules, std::uint64_t max_file_bytes)
      : tree_(tree),
        rules_(std::move(rules)),
        max_file_bytes_(max_file_bytes) {}

  std::optional<FileNode> find(std::string_view path) const override;
  std::vector<std::string> list(std::string_view folder) const override;
  std::string resolve(std::string_view path) const override;
  bool is_ignored(std::string_view path) const { return rules_.ignores(path); }

 private:
  bool is_visible(const std::string& path, EntryKind kind) const;

  const Tree& tree_;
  IgnoreRules rules_;
  std::uint64_t max_file_bytes_;
};

}  // namespace skerry::ci
