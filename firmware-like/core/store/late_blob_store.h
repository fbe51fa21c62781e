// A blob store that is not known yet when its users are made, because the
// settings say where it is.
#pragma once

#include <memory>
#include <utility>

#include "core/store/blob_store.h"

namespace skerry {

// Thread-safe once set() has been called, which is done before other threads
// start; nothing may be asked of it earlier.
class LateBlobStore : public BlobStore {
 public:
  void set(std::unique_ptr<BlobStore> store) {
    share_holds(*store);
    store_ = std::move(store);
  }

  std::optional<std::uint64_t> size(const Digest& digest) const override {
    return store_->size(digest);
  }
  Fd open(const Digest& digest) const override { return store_->open(digest); }
  Fd open_near(const Digest& digest) const override {
    return store_->open_near(digest);
  }
  void stream(const Digest& digest, std::uint64_t offset, std::uint64_t size,
              const Sink& sink) const override {
    store_->stream(digest, offset, size, sink);
  }
  std::optional<std::string> direct_url(
      const Digest& digest, std::chrono::seconds lifetime) const override {
    return store_->direct_url(digest, lifetime);
  }
  std::string read(const Digest& digest, std::uint64_t limit) const override {
    return store_->read(digest, limit);
  }
  std::unique_ptr<BlobWriter> create(DigestAlgorithm algorithm) override {
    return store_->create(algorithm);
  }
  void adopt(const std::filesystem::path& file, const Digest& digest) override {
    store_->adopt(file, digest);
  }
  bool remove(const Digest& digest) override { return store_->remove(digest); }
  void remove_all(std::span<const Digest> blobs) override {
    store_->remove_all(blobs);
  }
  std::uint64_t largest_put() const override { return store_->largest_put(); }
  void put(Transaction& tx, const Digest& digest,
           std::string_view bytes) override {
    store_->put(tx, digest, bytes);
  }
  void each(const std::function<void(const Digest&, std::uint64_t,
                                     std::int64_t)>& visit) const override {
    store_->each(visit);
  }
  bool verify(const Digest& digest,
              const std::function<void(std::uint64_t)>& step) const override {
    return store_->verify(digest, step);
  }
  void set_aside(const Digest& digest) override { store_->set_aside(digest); }

 private:
  std::unique_ptr<BlobStore> store_;
};

}  // namespace skerry
