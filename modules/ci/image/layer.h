// One layer while an instruction adds to it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/store/digest.h"
#include "image/file_index.h"

namespace skerry::ci {

struct Owner {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
};

// A layer of our own, as an uncompressed tar in the work folder.
struct LayerFile {
  std::filesystem::path path;
  Digest diff_id;
  std::uint64_t size = 0;
};

// Used by one thread. Paths are relative to the image's root and clean.
class LayerBuilder {
 public:
  // What is added is put into `files`, the stage's, at once.
  explicit LayerBuilder(FileIndex& files) : files_(files) {}

  const FileIndex& files() const { return files_; }
  // Makes the folder and those above it that are missing, and gives its path
  // with symlinks followed. Throws invalid when something else is there.
  std::string make_folders(std::string_view path, const Owner& owner,
                           unsigned mode = 0755);
  // `path`'s folder must exist (make_folders gave it). Throws invalid for a
  // file where a folder is.
  void put(const std::string& path, FileNode node);
  bool empty() const { return added_.empty(); }

  // Sorted, hard links last so that their targets come before them.
  LayerFile write(const std::filesystem::path& file,
                  std::int64_t modified) const;

 private:
  FileIndex& files_;
  std::map<std::string, FileNode, std::less<>> added_;
};

}  // namespace skerry::ci
