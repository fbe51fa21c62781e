// The partial file of one upload: bytes appended at a known offset and hashed
// on the way. The hash lives in memory; when it is lost (a restart, another
// algorithm asked for at the end) the file is read again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/os/fd.h"
#include "core/store/digest.h"

namespace skerry::registry {

// Not thread-safe.
class UploadFile {
 public:
  // `size` is what the file holds already; it is made when absent.
  UploadFile(std::filesystem::path path, std::uint64_t size);

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }

  // Chooses the algorithm for bytes to come; only an empty file can change.
  void prefer(DigestAlgorithm algorithm);
  // After a failed write (a full disk) the file is cut back to size().
  void append(std::string_view bytes);
  // Back to `size`, which is at most size().
  void cut(std::uint64_t size);
  // The digest of all bytes.
  Digest digest(DigestAlgorithm algorithm);
  // Copies the bytes from `offset` on into a new file.
  void copy_tail(std::uint64_t offset, const std::filesystem::path& to) const;
  // Closes the file between requests: an idle upload holds no descriptor.
  void close() { fd_.reset(); }

 private:
  void open();
  const std::filesystem::path path_;
  Fd fd_;
  std::uint64_t size_;
  std::uint64_t written_back_;  // up to here the kernel was asked to write
  std::optional<Hasher> hasher_;  // of exactly size_ bytes, if there is one
  DigestAlgorithm algorithm_ = DigestAlgorithm::sha256;
};

}  // namespace skerry::registry
