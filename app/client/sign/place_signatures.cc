#include "client/sign/place_signatures.h"

#include "core/error.h"

namespace skerry::app {

std::optional<PlaceSignatures::Manifest> PlaceSignatures::tagged(
    const std::string& tag) {
  try {
    auto found = place_.manifest(tag);
    return Manifest{std::move(found.digest), std::move(found.bytes)};
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return {};
    throw;
  }
}

std::vector<PlaceSignatures::Manifest> PlaceSignatures::referrers(
    const Digest& subject) {
  std::vector<Manifest> found;
  for (auto& one : place_.referrers(subject)) {
    found.push_back({std::move(one.digest), std::move(one.bytes)});
  }
  return found;
}

std::string PlaceSignatures::blob(const Digest& digest, std::uint64_t limit) {
  std::string bytes;
  place_.read({digest, limit}, [&](std::string_view part) {
    if (part.size() > limit - bytes.size()) {
      fail(ErrorCode::too_large, "{} has more than {} bytes",
           digest.to_string(), limit);
    }
    bytes += part;
  });
  return bytes;
}

Digest PlaceSignatures::put(const registry::SignatureImage& signature,
                            const std::string& tag) {
  for (const auto& bytes : signature.blobs) {
    const BlobName name{digest_of(bytes), bytes.size()};
    if (place_.has(name)) continue;
    const auto writer = place_.write(name);
    writer->write(bytes);
    writer->finish();
  }
  auto digest = digest_of(signature.bytes);
  place_.put({digest, signature.media_type, signature.bytes},
             tag.empty() ? ImagePlace::Rank::referrer
                         : ImagePlace::Rank::named,
             tag);
  return digest;
}

}  // namespace skerry::app
