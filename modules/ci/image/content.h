// Where a file's bytes are: in a Tree, in a scratch file, or in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/os/fd.h"
#include "core/tree/tree.h"

namespace skerry::ci {

// A scratch file that bytes are appended to and read from by offset. It has
// no name, so that it goes with the process. Used by one thread.
class Spool {
 public:
  explicit Spool(const std::filesystem::path& folder);
  // The offset at which the bytes stand.
  std::uint64_t append(std::string_view bytes);
  void read(std::uint64_t offset, std::uint64_t size,
            const std::function<void(std::string_view)>& sink) const;
  std::uint64_t size() const { return size_; }

 private:
  Fd fd_;
  std::uint64_t size_ = 0;
};

struct Content {
  std::uint64_t size = 0;
  // One of the three, or none when empty.
  const Tree* tree = nullptr;
  std::string tree_path;
  std::shared_ptr<const Spool> spool;
  std::uint64_t offset = 0;
  std::shared_ptr<const std::string> bytes;

  // Throws when the bytes are not `size` many any more.
  void each_piece(const std::function<void(std::string_view)>& sink) const;
  // All of them; too_large past `limit`.
  std::string read(std::uint64_t limit) const;
};

}  // namespace skerry::ci
