#include "client/copy/layout_place.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRefName = "org.opencontainers.image.ref.name";
constexpr const char* kIndexType = "application/vnd.oci.image.index.v1+json";
constexpr const char* kImageType = "application/vnd.oci.image.manifest.v1+json";
constexpr std::size_t kBuffer = 1u << 20;

std::string ref_name(const Json& descriptor) {
  const auto it = descriptor.find("annotations");
  return it == descriptor.end() ? "" : optional_string(*it, kRefName);
}

Digest require_digest(const std::string& text, const fs::path& where) {
  const auto digest = Digest::parse(text);
  if (!digest) {
    fail(ErrorCode::invalid, "{}: '{}' is no digest", where.string(),
         text.substr(0, 100));
  }
  return *digest;
}

Json read_index(const fs::path& file) {
  Json index = parse_json(read_file(file, kLargestManifest));
  const auto list = index.is_object() ? index.find("manifests") : index.end();
  if (list == index.end() || !list->is_array()) {
    fail(ErrorCode::invalid, "{} is no index of an OCI layout", file.string());
  }
  for (const Json& one : *list) {
    require_digest(optional_string(one, "digest"), file);
  }
  return index;
}

// A blob under a temporary name, until it is complete and on disk.
class BlobFile : public BlobWriter {
 public:
  explicit BlobFile(fs::path path) : path_(std::move(path)) {
    part_ = path_;
    part_ += ".part";
    fs::create_directories(path_.parent_path());
    fd_ = Fd(::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                    0644));
    if (!fd_) {
      fail(ErrorCode::io, "cannot write {}: {}", part_.string(),
           std::strerror(errno));
    }
  }
  ~BlobFile() override {
    std::error_code ignored;
    if (fd_) fs::remove(part_, ignored);
  }
  void write(std::string_view bytes) override { write_all(fd_.get(), bytes); }
  void finish() override {
    fsync_file(fd_.get());
    fs::rename(part_, path_);
    fd_.reset();
    fsync_folder(path_.parent_path());
  }

 private:
  const fs::path path_;
  fs::path part_;
  Fd fd_;
};

}  // namespace

LayoutPlace::LayoutPlace(fs::path folder, bool write)
    : folder_(std::move(folder)),
      index_({{"schemaVersion", 2},
              {"mediaType", kIndexType},
              {"manifests", Json::array()}}) {
  const auto file = folder_ / "index.json";
  if (!write || fs::exists(file)) {
    index_ = read_index(file);
    return;
  }
  fs::create_directories(folder_ / "blobs");
  write_file_atomically(folder_ / "oci-layout",
                        R"({"imageLayoutVersion":"1.0.0"})");
  write_file_atomically(file, index_.dump());
}

fs::path LayoutPlace::blob_path(const Digest& digest) const {
  const auto text = digest.to_string();
  const auto algorithm = text.substr(0, text.find(':'));
  return folder_ / "blobs" / algorithm / digest.hex;
}

const Json& LayoutPlace::find(const std::string& reference) const {
  const Json& list = index_.at("manifests");
  const Json* found = nullptr;
  for (const Json& one : list) {
    if (!reference.empty() && ref_name(one) != reference) continue;
    if (found != nullptr) {
      fail(ErrorCode::invalid,
           "{} has several images{}: say which with :TAG or @DIGEST",
           folder_.string(), reference.empty() ? "" : " of that name");
    }
    found = &one;
  }
  if (found == nullptr) {
    fail(ErrorCode::not_found, "{} has no image '{}'", folder_.string(),
         reference);
  }
  return *found;
}

Manifest LayoutPlace::load(const Digest& digest,
                           std::string media_type) const {
  auto bytes = read_file(blob_path(digest), kLargestManifest);
  if (digest_of(bytes, digest.algorithm) != digest) {
    fail(ErrorCode::io, "{}: the bytes of {} are not those of its digest",
         folder_.string(), digest.to_string());
  }
  if (media_type.empty()) {
    const Json document = parse_json(bytes);
    media_type = optional_string(document, "mediaType");
    if (media_type.empty()) {
      media_type = document.contains("manifests") ? kIndexType : kImageType;
    }
  }
  return {digest, std::move(media_type), std::move(bytes)};
}

Manifest LayoutPlace::load(const Json& descriptor) const {
  return load(require_digest(optional_string(descriptor, "digest"), folder_),
              optional_string(descriptor, "mediaType"));
}

Manifest LayoutPlace::manifest(const std::string& reference) {
  if (const auto digest = Digest::parse(reference)) return load(*digest, "");
  return load(find(reference));
}

std::vector<Manifest> LayoutPlace::referrers(const Digest& subject) {
  std::vector<Manifest> found;
  for (const Json& one : index_.at("manifests")) {
    auto manifest = load(one);
    const Json document = parse_json(manifest.bytes);
    const auto member = document.find("subject");
    if (member == document.end() ||
        optional_string(*member, "digest") != subject.to_string()) {
      continue;
    }
    found.push_back(std::move(manifest));
  }
  return found;
}

void LayoutPlace::read(const BlobName& blob,
                       const std::function<void(std::string_view)>& sink) {
  const auto path = blob_path(blob.digest);
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    fail(ErrorCode::not_found, "{}: {}", path.string(), std::strerror(errno));
  }
  std::string buffer(kBuffer, '\0');
  for (;;) {
    const auto count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count == 0) return;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      fail(ErrorCode::io, "{}: {}", path.string(), std::strerror(errno));
    }
    sink(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
  }
}

bool LayoutPlace::has(const BlobName& blob) {
  std::error_code error;
  return fs::file_size(blob_path(blob.digest), error) == blob.size && !error;
}

std::unique_ptr<BlobWriter> LayoutPlace::write(const BlobName& blob) {
  return std::make_unique<BlobFile>(blob_path(blob.digest));
}

void LayoutPlace::put(const Manifest& manifest, Rank rank,
                      const std::string& tag) {
  const auto path = blob_path(manifest.digest);
  fs::create_directories(path.parent_path());
  write_file_atomically(path, manifest.bytes);
  if (rank == Rank::child) return;
  Json entry = {{"mediaType", manifest.media_type},
                {"digest", manifest.digest.to_string()},
                {"size", manifest.bytes.size()}};
  if (!tag.empty()) entry["annotations"] = {{kRefName, tag}};
  Json kept = Json::array();
  for (const Json& one : index_.at("manifests")) {
    const bool same = tag.empty() ? one.at("digest") == entry.at("digest") &&
                                        ref_name(one).empty()
                                  : ref_name(one) == tag;
    if (!same) kept.push_back(one);
  }
  kept.push_back(std::move(entry));
  index_["manifests"] = std::move(kept);
  write_file_atomically(folder_ / "index.json", index_.dump());
}

}  // namespace skerry::app
