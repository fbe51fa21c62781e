// The partial file of one upload: bytes appended at a known offset and hashed
// on the way. The hash lives in memory; when it is lost (a restart, another
// algorithm asked for at the end) the file is read again. The first few bytes
// stay in memory until more come or close() is called: most small blobs come
// and are finished in one request, and need no file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/os/fd.h"
#include "core/os/side_threads.h"
#include "core/store/digest.h"

namespace skerry::registry {

// Not thread-safe.
class UploadFile {
 public:
  // `size` is what the file holds already.
  UploadFile(std::filesystem::path path, std::uint64_t size);

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }

  // Chooses the algorithm for bytes to come; only an empty file can change.
  void prefer(DigestAlgorithm algorithm);
  // After a failed write (a full disk) the file is cut back to size(). `side`
  // writes while this thread hashes.
  void append(std::string_view bytes, SideThreads::Lease& side);
  // Back to `size`, which is at most size().
  void cut(std::uint64_t size);
  // The digest of all bytes.
  Digest digest(DigestAlgorithm algorithm);
  // All bytes; for small files.
  std::string read() const;
  // Copies the bytes from `offset` on into a new file.
  void copy_tail(std::uint64_t offset, const std::filesystem::path& to) const;
  // The upload is over: nothing of it stays, but for a file that has become a
  // blob.
  void remove();
  // Between requests: everything is in the file, and no descriptor is open.
  void close();

 private:
  void open();
  void spill();
  void write_and_hash(std::string_view bytes, SideThreads::Lease& side);
  const std::filesystem::path path_;
  Fd fd_;
  std::uint64_t size_;
  std::string held_;    // all bytes, while in_memory_
  bool in_memory_;
  std::uint64_t written_back_;  // up to here the kernel was asked to write
  std::optional<Hasher> hasher_;  // of exactly size_ bytes, if there is one
  DigestAlgorithm algorithm_ = DigestAlgorithm::sha256;
};

}  // namespace skerry::registry
