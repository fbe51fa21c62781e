#include "image/base_image.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/error.h"
#include "image/tar.h"

namespace skerry::ci {
namespace {

constexpr std::size_t kMaxConfig = 8u << 20;
constexpr std::uint64_t kMaxAccounts = 1u << 20;

bool is_index(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.index.v1+json" ||
         media_type ==
             "application/vnd.docker.distribution.manifest.list.v2+json";
}

bool is_image(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.manifest.v1+json" ||
         media_type == "application/vnd.docker.distribution.manifest.v2+json";
}

Digest digest_of_descriptor(const Json& descriptor) {
  const auto digest = Digest::parse(required_string(descriptor, "digest"));
  if (!digest) fail(ErrorCode::invalid, "a descriptor has no valid digest");
  return *digest;
}

const Json& member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) {
    fail(ErrorCode::invalid, "the manifest has no '{}'", name);
  }
  return *found;
}

std::string read_blob(const ImageStore& store, const std::string& repository,
                      const Digest& digest, std::size_t limit) {
  const Fd fd = store.open_blob(repository, digest);
  std::string out;
  char buffer[16 << 10];
  while (true) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno(digest.to_string());
    if (got == 0) return out;
    out.append(buffer, static_cast<std::size_t>(got));
    if (out.size() > limit) {
      fail(ErrorCode::too_large, "{} is larger than {} bytes",
           digest.to_string(), limit);
    }
  }
}

StoredManifest choose_platform(const ImageStore& store,
                               const ImageReference& reference,
                               const StoredManifest& index,
                               std::string_view architecture) {
  const Json json = parse_json(index.bytes);
  for (const Json& entry : member(json, "manifests")) {
    const auto platform = entry.find("platform");
    if (platform == entry.end() ||
        optional_string(*platform, "os") != "linux" ||
        optional_string(*platform, "architecture") != architecture) {
      continue;
    }
    const std::string digest = required_string(entry, "digest");
    if (auto found = store.find_manifest(reference.repository, digest)) {
      return std::move(*found);
    }
  }
  fail(ErrorCode::not_found, "the image {}:{} has nothing for linux/{}",
       reference.repository, reference.reference, architecture);
}

// The names "x", "x/y" of one path segment and more: lower case and digits.
bool is_repository(std::string_view name) {
  return name.find('/') != std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_./") ==
             std::string_view::npos &&
         !name.starts_with('/') && !name.ends_with('/');
}

// One layer, read whole before it is laid over the others: its whiteouts hide
// only what is below it, wherever they stand in the archive.
class LayerReader {
 public:
  LayerReader(const BuildLimits& limits, const std::stop_token& stop,
              std::shared_ptr<Spool> keep, FileIndex& files)
      : limits_(limits), stop_(stop), keep_(std::move(keep)), files_(files) {}

  void apply(const Fd& fd) {
    TarReader reader(fd);
    nodes_.clear();
    while (auto entry = reader.next()) {
      if (stop_.stop_requested()) fail(ErrorCode::unavailable, "stopped");
      if (nodes_.size() >= limits_.max_entries) {
        fail(ErrorCode::too_large, "the image has more than {} files",
             limits_.max_entries);
      }
      read_entry(reader, *entry);
    }
    for (auto& [path, node] : nodes_) files_.put(path, std::move(node));
  }

 private:
  void read_entry(TarReader& reader, TarEntry& entry) {
    const std::string path = clean_rooted(entry.path);
    if (path.empty()) return;
    const std::string_view name = base_of(path);
    const std::string folder(parent_of(path));
    if (name == ".wh..wh..opq") {
      files_.remove_below(folder);
      return;
    }
    if (name.starts_with(".wh.")) {
      const std::string hidden(name.substr(4));
      files_.remove(folder.empty() ? hidden : folder + '/' + hidden);
      return;
    }
    FileNode node = std::move(entry.node);
    if (node.kind == FileNode::Kind::hardlink) {
      node.target = clean_rooted(node.target);
    } else if (node.kind == FileNode::Kind::file) {
      read_content(reader, path, node.content);
    }
    nodes_.emplace_back(path, std::move(node));
  }

  void read_content(TarReader& reader, const std::string& path,
                    Content& content) {
    unpacked_ += content.size;
    if (unpacked_ > limits_.max_unpacked_bytes) {
      fail(ErrorCode::too_large, "the image unpacks to more than {} bytes",
           limits_.max_unpacked_bytes);
    }
    if (keep_) {
      content.spool = keep_;
      content.offset = keep_->size();
      reader.read([&](std::string_view piece) { keep_->append(piece); });
      content.size = keep_->size() - content.offset;
    } else if ((path == "etc/passwd" || path == "etc/group") &&
               content.size <= kMaxAccounts) {
      auto bytes = std::make_shared<std::string>();
      reader.read([&](std::string_view piece) { *bytes += piece; });
      content.size = bytes->size();
      content.bytes = std::move(bytes);
    }
  }

  const BuildLimits& limits_;
  const std::stop_token& stop_;
  std::shared_ptr<Spool> keep_;
  FileIndex& files_;
  std::vector<std::pair<std::string, FileNode>> nodes_;
  std::uint64_t unpacked_ = 0;
};

}  // namespace

ImageReference parse_image_reference(std::string_view text,
                                     const std::vector<std::string>& hosts) {
  std::string_view name = text;
  const std::size_t slash = name.find('/');
  const std::string_view first = name.substr(0, slash);
  const bool has_host = slash != std::string_view::npos &&
                        (first.find_first_of(".:") != std::string_view::npos ||
                         first == "localhost");
  if (has_host) {
    if (std::find(hosts.begin(), hosts.end(), first) == hosts.end()) {
      fail(ErrorCode::invalid,
           "'{}' is in another registry; only images of the built-in registry "
           "can be used: push it there first",
           text);
    }
    name.remove_prefix(slash + 1);
  }
  ImageReference out;
  out.reference = "latest";
  if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
    out.reference = name.substr(at + 1);
    name = name.substr(0, at);
    if (!Digest::parse(out.reference)) {
      fail(ErrorCode::invalid, "'{}' has no valid digest", text);
    }
    name = name.substr(0, name.find(':'));
  } else if (const std::size_t colon = name.rfind(':');
             colon != std::string_view::npos) {
    out.reference = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  if (!is_repository(name) || out.reference.empty()) {
    fail(ErrorCode::invalid,
         "'{}' is not an image of the built-in registry: they are named "
         "<project>/<name>[:tag]",
         text);
  }
  out.repository = name;
  return out;
}

BaseImage load_base_image(const ImageStore& store,
                          const ImageReference& reference,
                          std::string_view architecture) {
  auto manifest =
      store.find_manifest(reference.repository, reference.reference);
  if (!manifest) {
    fail(ErrorCode::not_found, "there is no image {}:{} in the registry",
         reference.repository, reference.reference);
  }
  if (is_index(manifest->media_type)) {
    manifest = choose_platform(store, reference, *manifest, architecture);
  }
  if (!is_image(manifest->media_type)) {
    fail(ErrorCode::invalid, "{}:{} is not an image but {}",
         reference.repository, reference.reference, manifest->media_type);
  }
  const Json json = parse_json(manifest->bytes);
  BaseImage out;
  out.repository = reference.repository;
  out.digest = manifest->digest;
  out.config = parse_json(
      read_blob(store, reference.repository,
                digest_of_descriptor(member(json, "config")), kMaxConfig));
  for (const Json& layer : member(json, "layers")) {
    digest_of_descriptor(layer);
    out.layers.push_back(layer);
  }
  return out;
}

void index_base_image(const ImageStore& store, const BaseImage& image,
                      const BuildLimits& limits, const std::stop_token& stop,
                      const std::shared_ptr<Spool>& keep, FileIndex& files) {
  LayerReader reader(limits, stop, keep, files);
  for (const Json& layer : image.layers) {
    reader.apply(
        store.open_blob(image.repository, digest_of_descriptor(layer)));
  }
}

}  // namespace skerry::ci
