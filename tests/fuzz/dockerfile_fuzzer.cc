// Any Dockerfile is read, and built as far as it goes without a base image,
// or refused.
#include <cstdint>
#include <filesystem>

#include "core/error.h"
#include "image/build.h"

namespace {

// Forgets everything.
class NullStore : public skerry::ci::ImageStore {
 public:
  std::optional<skerry::ci::StoredManifest> find_manifest(
      std::string_view, std::string_view) const override {
    return std::nullopt;
  }
  skerry::Fd open_blob(std::string_view, const skerry::Digest&) const override {
    skerry::fail(skerry::ErrorCode::not_found, "no blob");
  }
  std::unique_ptr<skerry::BlobWriter> create_blob(std::string_view) override {
    class Writer : public skerry::BlobWriter {
     public:
      void write(std::string_view bytes) override {
        size_ += bytes.size();
        hasher_.update(bytes);
      }
      std::uint64_t size() const override { return size_; }
      skerry::Digest commit(const std::optional<skerry::Digest>&) override {
        return hasher_.finish();
      }

     private:
      std::uint64_t size_ = 0;
      skerry::Hasher hasher_;
    };
    return std::make_unique<Writer>();
  }
  void link_blob(std::string_view, const skerry::Digest&,
                 std::string_view) override {}
  skerry::Digest put_manifest(std::string_view, const std::vector<std::string>&,
                              std::string_view,
                              std::string_view bytes) override {
    return skerry::digest_of(bytes);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const auto tree = skerry::make_memory_tree(
      {{"a", {"A"}}, {"d/b", {"B"}}, {"l", {"d", skerry::EntryKind::symlink}}});
  NullStore store;
  skerry::ci::BuildRequest request;
  request.context = tree.get();
  request.dockerfile_text =
      std::string(reinterpret_cast<const char*>(data), size);
  request.repository = "p/n";
  request.work_folder = std::filesystem::temp_directory_path();
  try {
    skerry::ci::build_image(request, store);
  } catch (const skerry::Error& e) {
    if (e.code() == skerry::ErrorCode::internal) __builtin_trap();
  }
  return 0;
}
