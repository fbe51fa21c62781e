#include "api/stored_blob.h"

#include <chrono>

#include "errors.h"
#include "links.h"

namespace skerry::registry {
namespace {

constexpr const char* kType = "application/octet-stream";
// The time to begin: a transfer that has begun may take longer.
constexpr std::chrono::minutes kLifetime{5};

}  // namespace

void blob_headers(http::Response& response, const Digest& digest) {
  const auto text = digest.to_string();
  api_version(response);
  response.header("Docker-Content-Digest", text);
  response.header("ETag", "\"" + text + "\"");
  // The bytes under a digest never change, but who may read them can.
  response.header("Cache-Control", "private, max-age=31536000");
}

std::uint64_t send_stored_blob(Parts& parts, const Place& place,
                               const Digest& digest,
                               const http::Request& request,
                               http::Response& response) {
  if (request.method == "HEAD") {
    const auto size = parts.blobs.look(place, digest);
    // Who asks before a push shall push it again, who pulls shall complain.
    if (!size) fail_blob_unknown(digest);
    blob_headers(response, digest);
    response.send_file(Fd(), *size, kType);
    return *size;
  }
  auto& store = parts.services.blobs;
  const auto blob = parts.blobs.open(place, digest);
  if (blob.lost) fail_blob_lost(digest);
  if (const auto url = store.direct_url(digest, kLifetime)) {
    api_version(response);
    response.header("Docker-Content-Digest", digest.to_string());
    response.header("Location", *url);
    response.status = 307;
    response.send("", "");
    return blob.size;
  }
  blob_headers(response, digest);
  if (blob.file) {
    response.send_file(blob.file, blob.size, kType);
  } else {
    response.send_spans(
        blob.size, kType,
        [&](std::uint64_t first, std::uint64_t size,
            const http::Response::Writer& write) {
          store.stream(digest, first, size, write);
        });
  }
  return blob.size;
}

}  // namespace skerry::registry
