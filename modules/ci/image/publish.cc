#include "image/publish.h"

#include <fcntl.h>

#include "core/error.h"
#include "image/compress.h"

namespace skerry::ci {
namespace {

constexpr std::string_view kManifestType =
    "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kConfigType =
    "application/vnd.oci.image.config.v1+json";
constexpr std::string_view kAnnotationPrefix = "org.opencontainers.image.";

// Docker's names of the same bytes.
std::string oci_layer_type(const std::string& media_type) {
  if (media_type == "application/vnd.docker.image.rootfs.diff.tar.gzip") {
    return "application/vnd.oci.image.layer.v1.tar+gzip";
  }
  if (media_type == "application/vnd.docker.image.rootfs.diff.tar") {
    return "application/vnd.oci.image.layer.v1.tar";
  }
  if (media_type.starts_with("application/vnd.oci.image.layer.v1.")) {
    return media_type;
  }
  fail(ErrorCode::invalid, "the base image has a layer of unknown type '{}'",
       media_type);
}

Json describe(std::string_view media_type, const Digest& digest,
              std::uint64_t size) {
  return {{"mediaType", media_type},
          {"digest", digest.to_string()},
          {"size", size}};
}

class Publisher {
 public:
  Publisher(const BuildRequest& request, ImageStore& store, BuiltStage stage)
      : request_(request), store_(store), stage_(std::move(stage)) {}

  BuildResult run() {
    for (const auto& [name, value] : request_.labels) {
      stage_.config.set_label(name, value);
    }
    for (const InheritedLayer& layer : stage_.base_layers) add_base(layer);
    for (const LayerFile& layer : stage_.own_layers) add_own(layer);
    const Json config = store_config();
    Json manifest = {{"schemaVersion", 2},
                     {"mediaType", kManifestType},
                     {"config", config},
                     {"layers", layers_}};
    if (const Json found = annotations(); !found.empty()) {
      manifest["annotations"] = found;
    }
    result_.tags = request_.tags;
    result_.digest = store_.put_manifest(request_.repository, request_.tags,
                                         kManifestType, manifest.dump());
    return std::move(result_);
  }

 private:
  void add(const Json& descriptor, const Digest& digest, std::uint64_t size) {
    layers_.push_back(descriptor);
    result_.layers.push_back(digest);
    result_.size += size;
  }

  void add_base(const InheritedLayer& layer) {
    const auto digest =
        Digest::parse(required_string(layer.descriptor, "digest"));
    const std::int64_t size = optional_int(layer.descriptor, "size", 0);
    if (!digest || size < 0) {
      fail(ErrorCode::invalid, "the base image's manifest is damaged");
    }
    if (layer.repository != request_.repository) {
      store_.link_blob(request_.repository, *digest, layer.repository);
    }
    const std::string type =
        oci_layer_type(required_string(layer.descriptor, "mediaType"));
    add(describe(type, *digest, static_cast<std::uint64_t>(size)), *digest,
        static_cast<std::uint64_t>(size));
  }

  void add_own(const LayerFile& layer) {
    const Fd fd(::open(layer.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) fail_errno(layer.path.string());
    const auto blob = store_.create_blob(request_.repository);
    compress(fd, request_.compression, *blob, request_.stop);
    const std::uint64_t size = blob->size();
    const Digest digest = blob->commit();
    const char* type = request_.compression == LayerCompression::gzip
                           ? "application/vnd.oci.image.layer.v1.tar+gzip"
                           : "application/vnd.oci.image.layer.v1.tar+zstd";
    add(describe(type, digest, size), digest, size);
  }

  Json store_config() {
    const std::string bytes = stage_.config.to_json(request_.epoch);
    const auto blob = store_.create_blob(request_.repository);
    blob->write(bytes);
    const Digest digest = blob->commit();
    result_.size += bytes.size();
    return describe(kConfigType, digest, bytes.size());
  }

  Json annotations() const {
    Json out = Json::object();
    for (const auto& [name, value] : request_.labels) {
      if (name.starts_with(kAnnotationPrefix)) out[name] = value;
    }
    if (stage_.base_digest) {
      out["org.opencontainers.image.base.name"] = stage_.base_name;
      out["org.opencontainers.image.base.digest"] =
          stage_.base_digest->to_string();
    }
    return out;
  }

  const BuildRequest& request_;
  ImageStore& store_;
  BuiltStage stage_;
  Json layers_ = Json::array();
  BuildResult result_;
};

}  // namespace

BuildResult publish(const BuildRequest& request, ImageStore& store,
                    BuiltStage stage) {
  return Publisher(request, store, std::move(stage)).run();
}

}  // namespace skerry::ci
