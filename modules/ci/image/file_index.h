// The files of an image as its layers lie over each other: an index of what
// is where, without the bytes. Used by one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/content.h"

namespace skerry::ci {

struct FileNode {
  enum class Kind { file, folder, symlink, hardlink, other };
  Kind kind = Kind::file;
  unsigned mode = 0644;  // the permission bits, with set-id and sticky
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::string target;      // of a symlink as written; of a hardlink its path
  Content content;         // of a file
  std::string capability;  // the extended attribute security.capability
};

// Where COPY and ADD take files from. Paths are relative and clean; "" is the
// root, always a folder.
class SourceFiles {
 public:
  virtual ~SourceFiles() = default;
  virtual std::optional<FileNode> find(std::string_view path) const = 0;
  // The names in a folder, sorted bytewise.
  virtual std::vector<std::string> list(std::string_view folder) const = 0;
  // With symlinks followed, inside the root; what is missing stays as it is.
  virtual std::string resolve(std::string_view path) const = 0;
};

class FileIndex : public SourceFiles {
 public:
  explicit FileIndex(std::size_t max_entries) : max_entries_(max_entries) {}

  std::optional<FileNode> find(std::string_view path) const override;
  std::vector<std::string> list(std::string_view folder) const override;
  std::string resolve(std::string_view path) const override;

  // Also removes what was below a folder that is now something else. Throws
  // too_large past max_entries.
  void put(const std::string& path, FileNode node);
  // With all below it; an absent path is fine.
  void remove(const std::string& path);
  void remove_below(const std::string& folder);
  const std::map<std::string, FileNode, std::less<>>& nodes() const {
    return nodes_;
  }

 private:
  std::size_t max_entries_;
  std::map<std::string, FileNode, std::less<>> nodes_;
};

// "a//b/../c" -> "a/c", ".." at the root stays there: as inside a container.
std::string clean_rooted(std::string_view path);
std::string_view parent_of(std::string_view path);
std::string_view base_of(std::string_view path);

}  // namespace skerry::ci
