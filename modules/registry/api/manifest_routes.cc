#include "api/manifest_routes.h"

#include <fmt/format.h>

#include "access.h"
#include "errors.h"
#include "links.h"
#include "names.h"
#include "upstream/entry.h"

namespace skerry::registry {
namespace {

// Tags in one push by digest.
constexpr std::size_t kMaxTags = 64;

Reference require_reference(const Place& place, const std::string& text) {
  if (auto reference = parse_reference(text)) return std::move(*reference);
  // A digest-like text is a bad digest, everything else no tag anyone has.
  if (text.find(':') != std::string::npos) require_digest(text);
  fail_manifest_unknown(place.full_name(), text.substr(0, 160));
}

std::string require_tag(const std::string& text) {
  if (is_tag(text)) return text;
  throw http::ProtocolError(
      400, "TAG_INVALID",
      fmt::format("'{}' is not a tag: a letter, digit or '_', then at most 127 "
                  "of those, '.' and '-'",
                  text.substr(0, 160)));
}

std::vector<std::string> tags_of(const http::Request& request) {
  std::vector<std::string> tags;
  for (const auto& text : request.query_params("tag")) {
    tags.push_back(require_tag(text));
  }
  if (tags.size() > kMaxTags) {
    fail_manifest_invalid(
        fmt::format("{} tags; at most {} are taken at once", tags.size(),
                    kMaxTags));
  }
  return tags;
}

std::string read_manifest_body(Parts& parts, http::Request& request) {
  const auto most = static_cast<std::uint64_t>(
      parts.services.settings.integer("registry.max_manifest_size"));
  const auto complain = [most] {
    fail_too_large(fmt::format(
        "the manifest is larger than {} bytes (registry.max_manifest_size)",
        most));
  };
  if (request.body->length().value_or(0) > most) complain();
  std::string bytes(
      std::min<std::uint64_t>(request.body->length().value_or(64u << 10), most),
      '\0');
  std::size_t have = 0;
  while (true) {
    if (have == bytes.size()) bytes.resize(have + (16u << 10));
    const auto got =
        request.body->read(bytes.data() + have, bytes.size() - have);
    if (got == 0) break;
    have += got;
    if (have > most) complain();
  }
  bytes.resize(have);
  return bytes;
}

// Who may push an image may read it unsigned: it is he who gets it signed.
// HEAD is answered to all: clients ask for a tag's digest with it, and would
// not show why they are refused.
void require_signed(Parts& parts, const http::Request& request,
                    const Place& place, const std::string& reference,
                    const StoredManifest& image) {
  if (owner_may(parts.services.accounts, request.identity, Action::push,
                place)) {
    return;
  }
  parts.signatures.require_pullable(
      place, is_tag(reference) ? reference : std::string(), image);
}

}  // namespace

void get_manifest(Parts& parts, http::Request& request,
                  http::Response& response) {
  const auto entry = enter_pull(parts, request);
  const auto& place = entry.place;
  const auto& text = request.param("reference");
  const auto reference = require_reference(place, text);
  ManifestCache::Entry found;
  if (entry.upstream) {
    auto mirrored = parts.mirror.manifest(place, reference, *entry.upstream);
    found = std::move(mirrored.manifest);
    if (!mirrored.warning.empty()) {
      response.header("Warning", warning_text(mirrored.warning));
    }
  } else {
    found = parts.manifests.find(place, reference);
  }
  if (!found) fail_manifest_unknown(place.full_name(), text);
  if (parts.signatures.any_demand() && request.method == "GET") {
    require_signed(parts, request, place, text, *found);
  }
  if (request.method == "GET") {
    found->pulls->add(parts.services.clock.now());
  }
  parts.notifier.pulled(place, *found, is_tag(text) ? text : "", request);
  api_version(response);
  response.header("Docker-Content-Digest", found->digest);
  response.header("ETag", "\"" + found->digest + "\"");
  response.send(found->media_type, found->bytes);
}

void put_manifest(Parts& parts, http::Request& request,
                  http::Response& response) {
  const auto place = enter_push(parts, request);
  const auto& text = request.param("reference");
  Manifests::Push push;
  if (text.find(':') != std::string::npos) {
    push.expected = require_digest(text);
    push.tags = tags_of(request);
  } else {
    push.tags.push_back(require_tag(text));
  }
  push.content_type = request.header("Content-Type").value_or("");
  push.who = request.identity;
  push.origin = origin_of(request);
  const auto bytes = read_manifest_body(parts, request);
  push.bytes = bytes;
  const auto pushed = parts.manifests.put(place, push);
  api_version(response);
  response.header("Location", manifest_location(place, text));
  response.header("Docker-Content-Digest", pushed.digest.to_string());
  if (pushed.subject) {
    response.header("OCI-Subject", pushed.subject->to_string());
  }
  if (push.expected) {
    for (const auto& tag : push.tags) response.header("OCI-Tag", tag);
  }
  response.status = 201;
  response.send("", "");
}

void delete_manifest(Parts& parts, http::Request& request,
                     http::Response& response) {
  const auto place = enter(parts.services.accounts, request, Action::remove);
  parts.deletions.remove(
      place, require_reference(place, request.param("reference")),
      request.identity, origin_of(request));
  api_version(response);
  response.status = 202;
  response.send("", "");
}

}  // namespace skerry::registry
