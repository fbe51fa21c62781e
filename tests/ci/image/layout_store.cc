#include "layout_store.h"

#include <fcntl.h>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::ci {
namespace {

// The layout has its blobs in one folder, not in folders by first digits.
class LayoutWriter : public BlobWriter {
 public:
  explicit LayoutWriter(std::filesystem::path folder)
      : folder_(std::move(folder)) {}
  void write(std::string_view bytes) override { bytes_ += bytes; }
  std::uint64_t size() const override { return bytes_.size(); }
  Digest commit(const std::optional<Digest>&) override {
    const Digest digest = digest_of(bytes_);
    write_file_atomically(folder_ / digest.hex, bytes_);
    return digest;
  }

 private:
  std::filesystem::path folder_;
  std::string bytes_;
};

std::string key(std::string_view repository, std::string_view reference) {
  return fmt::format("{}{}{}", repository, Digest::parse(reference) ? "@" : ":",
                     reference);
}

}  // namespace

LayoutStore::LayoutStore(const std::filesystem::path& folder)
    : folder_(folder) {
  std::filesystem::create_directories(folder / "blobs" / "sha256");
  write_file_atomically(folder / "oci-layout",
                        R"({"imageLayoutVersion":"1.0.0"})");
}

std::optional<StoredManifest> LayoutStore::find_manifest(
    std::string_view repository, std::string_view reference) const {
  const auto found = manifests_.find(key(repository, reference));
  if (found == manifests_.end()) return std::nullopt;
  return found->second;
}

Fd LayoutStore::open_blob(std::string_view, const Digest& digest) const {
  const auto path = folder_ / "blobs" / "sha256" / digest.hex;
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail_errno(path.string());
  return fd;
}

std::unique_ptr<BlobWriter> LayoutStore::create_blob(std::string_view) {
  return std::make_unique<LayoutWriter>(folder_ / "blobs" / "sha256");
}

void LayoutStore::link_blob(std::string_view repository, const Digest& digest,
                            std::string_view from_repository) {
  links += fmt::format("{}<-{}:{} ", repository, from_repository,
                       digest.to_string());
}

Digest LayoutStore::put_manifest(std::string_view repository,
                                 const std::vector<std::string>& tags,
                                 std::string_view media_type,
                                 std::string_view bytes) {
  const auto writer = create_blob(repository);
  writer->write(bytes);
  const Digest digest = writer->commit();
  const StoredManifest manifest{digest, std::string(media_type),
                                std::string(bytes)};
  manifests_[key(repository, digest.to_string())] = manifest;
  for (const std::string& tag : tags) {
    manifests_[key(repository, tag)] = manifest;
  }
  write_index();
  return digest;
}

void LayoutStore::write_index() const {
  Json manifests = Json::array();
  for (const auto& [name, manifest] : manifests_) {
    const std::size_t colon = name.rfind(':');
    if (name.find('@') != std::string::npos) continue;
    manifests.push_back(
        {{"mediaType", manifest.media_type},
         {"digest", manifest.digest.to_string()},
         {"size", manifest.bytes.size()},
         {"annotations",
          {{"org.opencontainers.image.ref.name", name.substr(colon + 1)}}}});
  }
  write_file_atomically(
      folder_ / "index.json",
      Json{{"schemaVersion", 2}, {"manifests", manifests}}.dump());
}

Json LayoutStore::json(const Digest& digest) const {
  return parse_json(read_file(folder_ / "blobs" / "sha256" / digest.hex));
}

}  // namespace skerry::ci
