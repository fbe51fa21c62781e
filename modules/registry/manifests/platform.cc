#include "manifests/platform.h"

#include <set>

#include "core/error.h"
#include "core/text/json.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kMostKnown = 1'024;
constexpr std::size_t kLongestWord = 32;
constexpr std::size_t kMostPlatforms = 64;  // of one index

// The member when it is a word such as systems and processors have.
std::string word(const Json& config, const char* key) {
  const auto it = config.find(key);
  if (it == config.end() || !it->is_string()) return {};
  const auto& text = it->get_ref<const std::string&>();
  const bool plain = text.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyz0123456789._-") ==
                     std::string::npos;
  return plain && text.size() <= kLongestWord ? text : std::string();
}

bool has_platform(const Manifest& manifest) {
  if (!is_image_type(manifest.media_type) || manifest.blobs.empty()) {
    return false;
  }
  const auto& type = manifest.blobs.front().media_type;
  return type == "application/vnd.oci.image.config.v1+json" ||
         type == "application/vnd.docker.container.image.v1+json";
}

}  // namespace

std::string platform_of(std::string_view text) {
  Json config;
  try {
    config = parse_json(text);
  } catch (const Error&) {
    return {};
  }
  if (!config.is_object()) return {};
  const auto system = word(config, "os");
  const auto processor = word(config, "architecture");
  // What BuildKit writes for attestations.
  if (system.empty() || processor.empty() || system == "unknown") return {};
  const auto variant = word(config, "variant");
  return system + "/" + processor + (variant.empty() ? "" : "/" + variant);
}

std::string Platforms::of(const Manifest& manifest) {
  if (!has_platform(manifest)) return {};
  const auto& config = manifest.blobs.front().digest;
  auto key = config.to_string();
  {
    MutexLock lock(mutex_);
    if (const auto it = known_.find(key); it != known_.end()) {
      return it->second;
    }
  }
  std::string platform;
  try {
    platform = platform_of(blobs_.read(config, kLargestConfig));
  } catch (const Error&) {
    return {};  // not there (the push will say so), or too large
  }
  MutexLock lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_[std::move(key)] = platform;
  return platform;
}

void put_platforms(Transaction& tx, std::int64_t repository,
                   std::string_view digest, const Manifest& manifest,
                   std::string_view image_platform) {
  std::string platforms(image_platform);
  if (is_index_type(manifest.media_type)) {
    std::set<std::string> found;
    auto row = tx.query(
        "select p.platforms from registry_reference r "
        "join registry_platform p on p.digest = r.child "
        "where r.repository_id = ? and r.parent = ?",
        repository, digest);
    while (row.next()) {
      for (auto& one : split_platforms(row.text(0))) {
        if (found.size() < kMostPlatforms) found.insert(std::move(one));
      }
    }
    for (const auto& one : found) {
      platforms += (platforms.empty() ? "" : " ") + one;
    }
  }
  if (platforms.empty()) return;
  tx.run(
      "insert into registry_platform (digest, platforms) values (?, ?) "
      "on conflict do update set platforms = excluded.platforms",
      digest, platforms);
}

std::vector<std::string> split_platforms(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    found.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

}  // namespace skerry::registry
