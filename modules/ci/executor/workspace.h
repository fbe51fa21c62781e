// The files of a run, seen from outside the sandbox.
//
// What lies in the folder was written by whatever the pipeline ran, which may
// still be running. So every access goes through openat2(2) from the root of
// the workspace and cannot leave it: not by "..", not by a symlink, not by a
// symlink put in place between a check and its use.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/fd.h"
#include "core/tree/tree.h"

namespace skerry::ci {

// Thread-safe. Paths are relative and clean (core/tree/tree.h: clean_path);
// "" is the root. Throws not_found, denied for a path that leads out.
class Workspace {
 public:
  // Who owns what is made here; unset: whoever the daemon is.
  struct Owner {
    uid_t uid;
    gid_t gid;
  };
  explicit Workspace(std::filesystem::path folder,
                     std::optional<Owner> owner = {});

  const std::filesystem::path& folder() const { return folder_; }

  // The entry itself; a symlink is not followed.
  std::optional<TreeEntry> find(std::string_view path) const;
  // Sorted by name.
  std::vector<TreeEntry> list(std::string_view path) const;
  // A regular file, symlinks followed inside the workspace.
  Fd open(std::string_view path) const;
  std::string read(std::string_view path, std::uint64_t limit) const;
  std::string read_link(std::string_view path) const;

  void make_folders(std::string_view path);
  // Replaces what stands at `path` (but not a folder). Folders above are made
  // and must be real folders.
  void write(std::string_view path, std::string_view content,
             bool executable = false);
  void copy_in(std::string_view path, int from, bool executable);
  void make_symlink(std::string_view path, std::string_view target);
  // Removes what is below `path`, and `path` itself unless it is the root.
  void remove(std::string_view path);

  // Every entry below `path`, depth first, symlinks not followed; paths are
  // relative to `path`.
  void walk(std::string_view path,
            const std::function<void(const std::string& relative,
                                     const TreeEntry& entry)>& visit) const;

 private:
  Fd open_beneath(std::string_view path, int flags, std::uint64_t resolve,
                  mode_t mode = 0) const;
  Fd open_parent(std::string_view path, std::string& name);
  Fd create_file(std::string_view path, bool executable);
  void give_away(int fd) const;

  std::filesystem::path folder_;
  std::optional<Owner> owner_;
  Fd root_;
};

// Writes `tree` into the workspace below `folder`, replacing files that stand
// in the way; calls `note` with what cannot be written out (submodules).
void check_out(const Tree& tree, Workspace& workspace, std::string_view folder,
               const std::function<void(std::string_view)>& note);

// The workspace below `folder` as a Tree, read at the moment of asking;
// `workspace` must outlive it.
std::unique_ptr<Tree> open_workspace_tree(Workspace& workspace,
                                          std::string_view folder);

}  // namespace skerry::ci
