// Tree: an immutable set of files that something is built or deployed from: a
// Git commit, a chart archive, an OCI artifact, a folder.
//
// Paths are relative, separated by '/', without "." or ".." segments or a
// leading slash; "" is the root. Implementations are thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry {

enum class EntryKind { file, executable, symlink, folder, submodule };

struct TreeEntry {
  std::string name;  // the last segment
  EntryKind kind = EntryKind::file;
  std::uint64_t size = 0;  // bytes, of files and symlinks
};

class Tree {
 public:
  virtual ~Tree() = default;

  // Equal ids mean equal content: "git:<tree oid>", "sha256:<hex>". Empty when
  // the content has no address (a folder on disk).
  virtual std::string id() const = 0;
  // Nothing when the path does not exist. Symlinks are not followed.
  virtual std::optional<TreeEntry> find(std::string_view path) const = 0;
  // The entries of a folder, sorted by name bytewise. Throws not_found, or
  // invalid when the path is no folder.
  virtual std::vector<TreeEntry> list(std::string_view folder) const = 0;
  // A file's bytes, or a symlink's target. Throws not_found, invalid for a
  // folder, too_large past `limit`.
  virtual std::string read(std::string_view path,
                           std::uint64_t limit = UINT64_MAX) const = 0;
};

// "a/./b//../c" -> "a/c"; throws invalid for an absolute path or one that
// leaves the tree.
std::string clean_path(std::string_view path);
// Joins and cleans: join_path("charts/x", "../y") -> "charts/y".
std::string join_path(std::string_view base, std::string_view relative);

// `path` with symlinks followed inside the tree (at most 40). Throws invalid
// when one leaves the tree, not_found when something is missing.
std::string resolve_path(const Tree& tree, std::string_view path);

// Calls `visit(path, entry)` for everything below `folder`, depth first, names
// in bytewise order, folders before what they hold. Symlinks are not followed.
void walk(const Tree& tree, std::string_view folder,
          const std::function<void(const std::string& path,
                                   const TreeEntry& entry)>& visit);

// A folder on disk. Symlinks that point out of it are listed but never
// followed; reading through one throws.
std::unique_ptr<Tree> open_folder_tree(const std::string& folder);

// What a tar archive (plain, gzip or zstd) holds, kept in memory. Throws
// invalid for entries that are absolute or leave the archive, too_large past
// `limit` unpacked bytes or 100,000 entries. The id is the archive's SHA-256.
std::unique_ptr<Tree> open_archive_tree(std::string_view archive,
                                        std::uint64_t limit = 256u << 20);

// Files given by the caller, for tests and generated trees.
struct MemoryFile {
  std::string content;
  EntryKind kind = EntryKind::file;
};
std::unique_ptr<Tree> make_memory_tree(
    std::vector<std::pair<std::string, MemoryFile>> files);

// The part of `tree` below `folder`, as a tree of its own; shares ownership.
std::unique_ptr<Tree> make_subtree(std::shared_ptr<const Tree> tree,
                                   std::string_view folder);

}  // namespace skerry
