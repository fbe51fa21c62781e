// An image store that keeps everything as an OCI image layout (image-spec,
// image-layout.md) in a folder, which skopeo and podman read.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "ci/image_store.h"
#include "core/text/json.h"

namespace skerry::ci {

class LayoutStore : public ImageStore {
 public:
  explicit LayoutStore(const std::filesystem::path& folder);

  std::optional<StoredManifest> find_manifest(
      std::string_view repository, std::string_view reference) const override;
  Fd open_blob(std::string_view repository,
               const Digest& digest) const override;
  std::unique_ptr<BlobWriter> create_blob(std::string_view repository) override;
  void link_blob(std::string_view repository, const Digest& digest,
                 std::string_view from_repository) override;
  Digest put_manifest(std::string_view repository,
                      const std::vector<std::string>& tags,
                      std::string_view media_type,
                      std::string_view bytes) override;

  // For tests.
  Json json(const Digest& digest) const;
  const std::filesystem::path& folder() const { return folder_; }
  std::string links;  // "repository<-from:digest " of every link_blob()

 private:
  void write_index() const;

  std::filesystem::path folder_;
  std::unique_ptr<BlobStore> blobs_;
  // By "repository:tag" and "repository@digest".
  std::map<std::string, StoredManifest> manifests_;
};

}  // namespace skerry::ci
