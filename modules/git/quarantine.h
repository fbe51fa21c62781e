// Where the objects of a push wait until they are known to be good: a folder
// objects/tmp_objdir-incoming-* in the repository, which nobody reads. What is
// not published is removed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "core/os/file.h"
#include "libgit2.h"
#include "pkt_line.h"

namespace skerry::git {

struct PackLimits {
  std::uint64_t pack_bytes = UINT64_MAX;
  std::uint64_t object_bytes = UINT64_MAX;
  std::uint64_t objects = UINT32_MAX;
};

// Used by one thread.
class Quarantine {
 public:
  // `folder`: of the repository; `repository` reads what it has already.
  Quarantine(std::filesystem::path folder, git_odb* repository,
             PackLimits limits);

  // Stores the pack that `source` gives up to its end. Throws invalid for a
  // pack that is damaged or cut off, too_large naming the limit that it
  // passes.
  void receive(const ByteSource& source);
  // The next bytes of the pack.
  void append(std::string_view bytes);
  // Completes a thin pack, resolves deltas and writes the index. `step` is
  // called now and then with objects done and their number.
  void finish(const std::function<void(std::size_t, std::size_t)>& step);

  // The objects of the pack and of the repository.
  const ObjectReader& objects() const { return *objects_; }
  std::uint64_t pack_bytes() const { return bytes_; }
  const std::string& name() const { return name_; }  // "pack-<hex>"

  // Moves the pack into the repository, durably.
  void publish();

 private:
  void begin(std::string_view header);
  void check_sizes(const std::filesystem::path& index) const;
  void open_objects(const std::filesystem::path& index);

  const std::filesystem::path folder_;
  git_odb* repository_;
  const PackLimits limits_;
  TempFolder place_;
  IndexerPtr indexer_;
  git_indexer_progress progress_{};
  std::function<void(std::size_t, std::size_t)> step_;
  std::string header_;
  std::string empty_tail_;  // of a pack without objects: its checksum
  std::uint64_t bytes_ = 0;
  std::string name_;  // "pack-<hex>"; empty: nothing to publish
  OdbPtr odb_;
  std::optional<ObjectReader> objects_;
};

}  // namespace skerry::git
