#include "client/copy/copy.h"

#include <set>

#include "core/error.h"
#include "core/text/json.h"

namespace skerry::app {
namespace {

constexpr int kDeepest = 16;
constexpr std::size_t kMostManifests = 100'000;

struct Descriptor {
  BlobName blob;
  std::string media_type;
};

Descriptor descriptor(const Json& json, const Digest& manifest) {
  const auto digest = Digest::parse(optional_string(json, "digest"));
  const auto size = json.is_object() ? json.find("size") : json.end();
  if (!digest || size == json.end() || !size->is_number_unsigned()) {
    fail(ErrorCode::invalid, "manifest {} has a descriptor that is none",
         manifest.to_string());
  }
  return {{*digest, size->get<std::uint64_t>()},
          optional_string(json, "mediaType")};
}

std::vector<Descriptor> descriptors(const Json& document, const char* member,
                                    const Digest& manifest) {
  std::vector<Descriptor> found;
  const auto list = document.find(member);
  if (list == document.end() || !list->is_array()) return found;
  for (const Json& one : *list) found.push_back(descriptor(one, manifest));
  return found;
}

// Layers that may not be distributed stay where their URLs say.
bool is_foreign(const std::string& media_type) {
  return media_type.find("foreign") != std::string::npos ||
         media_type.find("nondistributable") != std::string::npos;
}

class Copy {
 public:
  Copy(ImagePlace& from, ImagePlace& to, bool with_referrers,
       const std::function<void(const std::string&)>& say)
      : from_(from), to_(to), with_referrers_(with_referrers), say_(say) {}

  void manifest(const Manifest& manifest, ImagePlace::Rank rank,
                const std::string& tag, int depth) {
    if (depth > kDeepest || done_.size() >= kMostManifests) {
      fail(ErrorCode::too_large, "{} has too many manifests in it",
           manifest.digest.to_string());
    }
    const bool first = done_.insert(manifest.digest).second;
    if (first) parts(manifest, depth);
    if (first || rank == ImagePlace::Rank::named) {
      to_.put(manifest, rank, tag);
      ++result_.manifests;
    }
    if (!first || !with_referrers_) return;
    for (const auto& referrer : from_.referrers(manifest.digest)) {
      this->manifest(referrer, ImagePlace::Rank::referrer, "", depth + 1);
    }
  }

  CopyResult result_;

 private:
  void parts(const Manifest& manifest, int depth) {
    const Json document = parse_json(manifest.bytes);
    if (!document.is_object() ||
        document.value("schemaVersion", Json()) != 2) {
      fail(ErrorCode::invalid,
           "{} is no manifest of schema version 2; others cannot be copied",
           manifest.digest.to_string());
    }
    for (const auto& child :
         descriptors(document, "manifests", manifest.digest)) {
      this->manifest(from_.manifest(child.blob.digest.to_string()),
                     ImagePlace::Rank::child, "", depth + 1);
    }
    if (const auto config = document.find("config");
        config != document.end()) {
      blob(descriptor(*config, manifest.digest).blob);
    }
    for (const auto& layer :
         descriptors(document, "layers", manifest.digest)) {
      if (!is_foreign(layer.media_type)) blob(layer.blob);
    }
  }

  void blob(const BlobName& blob) {
    if (!done_.insert(blob.digest).second) return;
    const auto name = blob.digest.to_string();
    if (to_.has(blob) || to_.take(blob, from_)) {
      ++result_.skipped;
      say_(name + " is there");
      return;
    }
    send(blob);
    ++result_.blobs;
    result_.bytes += static_cast<std::int64_t>(blob.size);
    say_(fmt::format("{} copied, {} bytes", name, blob.size));
  }

  void send(const BlobName& blob) {
    const auto writer = to_.write(blob);
    Hasher hasher(blob.digest.algorithm);
    std::uint64_t size = 0;
    from_.read(blob, [&](std::string_view bytes) {
      size += bytes.size();
      if (size > blob.size) {
        fail(ErrorCode::io, "{} is longer than its {} bytes",
             blob.digest.to_string(), blob.size);
      }
      hasher.update(bytes);
      writer->write(bytes);
    });
    if (size != blob.size || hasher.finish() != blob.digest) {
      fail(ErrorCode::io, "the bytes of {} are not those of its digest",
           blob.digest.to_string());
    }
    writer->finish();
  }

  ImagePlace& from_;
  ImagePlace& to_;
  const bool with_referrers_;
  const std::function<void(const std::string&)>& say_;
  std::set<Digest> done_;
};

}  // namespace

CopyResult copy_image(ImagePlace& from, const std::string& reference,
                      ImagePlace& to, const std::string& tag,
                      bool with_referrers,
                      const std::function<void(const std::string&)>& say) {
  const auto manifest = from.manifest(reference);
  Copy copy(from, to, with_referrers, say);
  copy.manifest(manifest, ImagePlace::Rank::named, tag, 0);
  to.finish();
  copy.result_.digest = manifest.digest;
  return copy.result_;
}

}  // namespace skerry::app
