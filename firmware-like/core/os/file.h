// Files on disk: whole reads, writes that are all or nothing, scratch folders.
// Every function throws Error (io, not_found, unavailable for a full disk)
// with the path in its message. All are thread-safe on different paths.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/os/fd.h"

namespace skerry {

inline constexpr std::uint64_t kNoLimit = UINT64_MAX;

// The file's bytes. Throws too_large when there are more than `limit`.
std::string read_file(const std::filesystem::path& path,
                      std::uint64_t limit = kNoLimit);

// Writes all of `data` to `fd`, however often write(2) must be called.
void write_all(int fd, std::string_view data);

void fsync_file(int fd);
void fsync_folder(const std::filesystem::path& folder);

// Replaces `path` by `data` durably: temporary name beside it, fsync, rename,
// fsync of the folder. A reader sees the old bytes or the new ones.
void write_file_atomically(const std::filesystem::path& path,
                           std::string_view data, unsigned mode = 0644);

// A folder that is removed with all it holds on destruction.
class TempFolder {
 public:
  // Makes "<parent>/<prefix>XXXXXX".
  TempFolder(const std::filesystem::path& parent, std::string_view prefix);
  ~TempFolder();
  TempFolder(TempFolder&& other) noexcept;
  TempFolder& operator=(TempFolder&&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Removes what lies below `folder` (and itself), never following a symlink.
// An absent folder is fine.
void remove_tree(const std::filesystem::path& folder);

struct DiskSpace {
  std::uint64_t total_bytes;
  std::uint64_t free_bytes;  // to an unprivileged writer
};
DiskSpace disk_space(const std::filesystem::path& path);

}  // namespace skerry
