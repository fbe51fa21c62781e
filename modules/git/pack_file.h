// A pack and its index as Git stores them (gitformat-pack(5)): where an object
// lies and which bytes are its entry, so that entries can be copied as they
// are. What an object contains is libgit2's business.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/os/fd.h"
#include "core/os/mutex.h"
#include "oid.h"

namespace skerry::git {

// A file mapped read-only.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  const unsigned char* data() const { return data_; }
  std::uint64_t size() const { return size_; }
  // Gives the pages back to the system; they are read again when touched.
  void drop_pages() const;

 private:
  const unsigned char* data_ = nullptr;
  std::uint64_t size_ = 0;
};

enum class EntryType {
  commit = 1,
  tree = 2,
  blob = 3,
  tag = 4,
  ofs_delta = 6,
  ref_delta = 7
};

// The header of an entry: "type and size, then of a delta its base".
struct EntryHeader {
  EntryType type = EntryType::blob;
  std::uint64_t size = 0;          // inflated; of a delta, the delta's
  std::uint64_t header_bytes = 0;  // the compressed data begins after them
  std::uint64_t base_offset = 0;   // ofs_delta
  Oid base;                        // ref_delta
};

// Reads a header from `data` (`available` bytes at the pack's `offset`).
// Throws io for bytes that are none.
EntryHeader parse_entry_header(const unsigned char* data,
                               std::uint64_t available, std::uint64_t offset);

// Thread-safe; keeps its files open, so it stays readable after a removal.
class PackFile {
 public:
  // `index` is "pack-<hex>.idx". Throws io for a damaged index.
  explicit PackFile(const std::filesystem::path& index);

  std::uint32_t count() const { return count_; }
  const Fd& file() const { return file_; }
  std::uint64_t size() const { return size_; }
  // Positions are those of the index: objects sorted by id.
  std::optional<std::uint32_t> find(const Oid& id) const;
  Oid id(std::uint32_t position) const;
  std::uint64_t offset(std::uint32_t position) const;
  std::uint32_t crc(std::uint32_t position) const;
  // All positions in the order of their offsets; made at the first call.
  const std::vector<std::uint32_t>& by_offset() const;
  const std::filesystem::path& index_path() const { return path_; }
  void drop_pages() const { index_.drop_pages(); }

 private:
  std::filesystem::path path_;
  MappedFile index_;
  Fd file_;
  std::uint64_t size_ = 0;
  std::uint32_t count_ = 0;
  mutable Mutex mutex_;
  mutable std::vector<std::uint32_t> order_ GUARDED_BY(mutex_);
};

using PackList = std::vector<std::shared_ptr<const PackFile>>;

// The packs of repositories, opened once. Thread-safe.
class PackCache {
 public:
  // The packs in the folder now, the largest first, names decide between
  // equals: the same order for every caller.
  PackList packs(const std::filesystem::path& repository);
  void forget(const std::filesystem::path& repository);

 private:
  struct Entry {
    std::map<std::string, std::shared_ptr<const PackFile>> files;
    std::uint64_t used = 0;
  };
  static constexpr std::size_t kMaxEntries = 64;
  Mutex mutex_;
  std::map<std::string, Entry> entries_ GUARDED_BY(mutex_);
  std::uint64_t clock_ GUARDED_BY(mutex_) = 0;
};

}  // namespace skerry::git
