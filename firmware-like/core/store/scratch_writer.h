// A BlobWriter by way of a scratch file.
#pragma once

#include <filesystem>

#include "core/store/blob_store.h"

namespace skerry {

// Bytes go to the file and are hashed on the way; commit() has the store adopt
// it. A crash before that leaves only the file, which the store's next start
// removes.
class ScratchWriter : public BlobWriter {
 public:
  // Makes the file, which must not be there yet.
  ScratchWriter(BlobStore& store, std::filesystem::path file,
                DigestAlgorithm algorithm);
  ~ScratchWriter() override;

  void write(std::string_view bytes) override;
  std::uint64_t size() const override { return size_; }
  Digest commit(const std::optional<Digest>& expected) override;

 private:
  BlobStore& store_;
  BlobHold hold_;  // from commit() on
  const std::filesystem::path file_;
  Fd fd_;
  Hasher hasher_;
  std::uint64_t size_ = 0;
};

}  // namespace skerry
