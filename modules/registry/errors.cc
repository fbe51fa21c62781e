#include "errors.h"

#include <fmt/format.h>

#include "blobs/upload_range.h"
#include "names.h"

namespace skerry::registry {

using http::ProtocolError;

void fail_blob_unknown(const Digest& digest) {
  throw ProtocolError(
      404, "BLOB_UNKNOWN",
      fmt::format("this repository has no blob {}", digest.to_string()));
}

void fail_blob_lost(const Digest& digest) {
  fail(ErrorCode::io,
       "the blob {} is lost or damaged on the server's disk: push the image "
       "again",
       digest.to_string());
}

void fail_manifest_unknown(std::string_view repository,
                           std::string_view reference) {
  throw ProtocolError(
      404, "MANIFEST_UNKNOWN",
      fmt::format("{} has no manifest '{}'", repository, reference));
}

void fail_manifest_invalid(std::string message) {
  throw ProtocolError(400, "MANIFEST_INVALID", std::move(message));
}

void fail_manifest_blob_unknown(std::string_view digest,
                                std::string_view what) {
  throw ProtocolError(
      404, "MANIFEST_BLOB_UNKNOWN",
      fmt::format("the manifest names the {} {}, which is not in this "
                  "repository: push it first",
                  what, digest));
}

void fail_name_invalid(std::string_view name) {
  throw ProtocolError(
      400, "NAME_INVALID",
      fmt::format("'{}' is not an image name: it is <project>/<repository> in "
                  "lower-case letters and digits with '.', '_', '__' or '-' "
                  "between them, at most {} characters",
                  name.substr(0, kMaxNameLength), kMaxNameLength));
}

void fail_name_unknown(std::string message) {
  throw ProtocolError(404, "NAME_UNKNOWN", std::move(message));
}

void fail_name_without_project(std::string_view path) {
  fail_name_unknown(
      fmt::format("there is nothing at {}: image names here are "
                  "<project>/<repository>, as in docker push "
                  "HOST/demo/hello:1.0",
                  path));
}

void fail_digest_invalid(std::string message) {
  throw ProtocolError(400, "DIGEST_INVALID", std::move(message));
}

void fail_upload_unknown() {
  throw ProtocolError(404, "BLOB_UPLOAD_UNKNOWN",
                      "this upload is not known here: it is finished, was "
                      "cancelled or has expired; start it again");
}

void fail_upload_invalid(std::string message) {
  throw ProtocolError(400, "BLOB_UPLOAD_INVALID", std::move(message));
}

void fail_out_of_order(std::uint64_t have, std::string location) {
  throw ProtocolError(
      416, "BLOB_UPLOAD_INVALID",
      fmt::format("out of order: the next byte of this upload is {}", have),
      {{"Location", std::move(location)}, {"Range", received_range(have)}});
}

void fail_too_large(std::string message) {
  throw ProtocolError(413, "SIZE_INVALID", std::move(message));
}

void fail_unsupported(std::string message) {
  throw ProtocolError(405, "UNSUPPORTED", std::move(message));
}

void fail_denied(std::string message) {
  throw ProtocolError(403, "DENIED", std::move(message));
}

Digest require_digest(std::string_view text) {
  if (auto digest = Digest::parse(text)) return std::move(*digest);
  fail_digest_invalid(
      fmt::format("'{}' is not a digest: it is sha256: and 64, or sha512: and "
                  "128 lower-case hexadecimal digits",
                  text.substr(0, 160)));
}

}  // namespace skerry::registry
