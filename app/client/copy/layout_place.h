// An OCI layout in a folder (image specification, "image-layout.md"). Images
// are found by the annotation org.opencontainers.image.ref.name of their entry
// in index.json; what refers to others has an entry without it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "client/copy/image_place.h"
#include "core/text/json.h"

namespace skerry::app {

class LayoutPlace : public ImagePlace {
 public:
  // `write`: makes the layout when it is not there.
  LayoutPlace(std::filesystem::path folder, bool write);

  Manifest manifest(const std::string& reference) override;
  std::vector<Manifest> referrers(const Digest& subject) override;
  void read(const BlobName& blob,
            const std::function<void(std::string_view)>& sink) override;
  bool has(const BlobName& blob) override;
  bool take(const BlobName&, const ImagePlace&) override { return false; }
  std::unique_ptr<BlobWriter> write(const BlobName& blob) override;
  void put(const Manifest& manifest, Rank rank,
           const std::string& tag) override;

 private:
  std::filesystem::path blob_path(const Digest& digest) const;
  Manifest load(const Json& descriptor) const;
  Manifest load(const Digest& digest, std::string media_type) const;
  const Json& find(const std::string& reference) const;

  const std::filesystem::path folder_;
  Json index_;
};

}  // namespace skerry::app
