// Tar archives, read and written through libarchive. The only place of this
// module that speaks to it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/os/fd.h"
#include "core/store/digest.h"
#include "image/file_index.h"

struct archive;
struct archive_entry;

namespace skerry::ci {

// Writes entries to a file and knows the digest of all that it wrote. The
// same entries give the same bytes: ustar, pax records only where ustar
// cannot say it.
class TarWriter {
 public:
  // `modified` is every entry's time, in seconds since 1970.
  TarWriter(int fd, std::int64_t modified);
  ~TarWriter();
  TarWriter(const TarWriter&) = delete;
  TarWriter& operator=(const TarWriter&) = delete;

  void add(const std::string& path, const FileNode& node);
  // Ends the archive. May be called once.
  Digest finish();
  std::uint64_t size() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One entry while it is read.
struct TarEntry {
  std::string path;  // as written
  FileNode node;     // `content.size` is set; the bytes come from read()
};

// Reads a tar archive, plain or compressed (gzip, bzip2, xz, zstd).
class TarReader {
 public:
  // `bytes` must outlive the reader.
  explicit TarReader(std::string_view bytes);
  explicit TarReader(const Fd& fd);
  ~TarReader();
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  // Nothing at the end. Throws invalid for a damaged archive.
  std::optional<TarEntry> next();
  // The bytes of the entry that next() gave.
  void read(const std::function<void(std::string_view)>& sink);

 private:
  std::unique_ptr<archive, void (*)(archive*)> archive_;
};

// Whether the bytes begin as a tar archive does, compressed or not.
bool is_tar(std::string_view bytes);

}  // namespace skerry::ci
