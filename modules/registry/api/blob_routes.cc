#include "api/blob_routes.h"

#include "access.h"
#include "api/stored_blob.h"
#include "errors.h"
#include "links.h"
#include "names.h"
#include "upstream/entry.h"
#include "upstream/mirror_blobs.h"

namespace skerry::registry {
namespace {

void answer_empty(http::Response& response, int status) {
  response.status = status;
  response.send("", "");
}

// To webhooks: what happened to a blob that is here.
void tell(Parts& parts, const http::Request& request, const char* action,
          const Place& place, const Digest& digest, std::string_view from = {}) {
  parts.notifier.blob(
      action, place, digest, request,
      [&] { return parts.blobs.size(place, digest).value_or(0); }, from);
}

void answer_created(http::Response& response, const Place& place,
                    const Digest& digest) {
  api_version(response);
  response.header("Location", blob_location(place, digest));
  response.header("Docker-Content-Digest", digest.to_string());
  answer_empty(response, 201);
}

void answer_progress(http::Response& response, const Place& place,
                     const std::string& id, std::uint64_t received,
                     int status) {
  api_version(response);
  response.header("Location", upload_location(place, id));
  response.header("Range", received_range(received));
  response.header("Docker-Upload-UUID", id);
  answer_empty(response, status);
}

std::optional<ChunkRange> chunk_range(const http::Request& request) {
  const auto header = request.header("Content-Range");
  if (!header) return {};
  if (const auto range = parse_chunk_range(*header)) return range;
  fail_upload_invalid(
      "Content-Range is not <first byte>-<last byte> of this upload");
}

// May the caller, who may push to `place`, read this repository? Whoever may
// push to a project may read it, even with a token for one repository of it.
bool may_read(Parts& parts, const http::Request& request, const Place& place,
              const std::string& project, const std::string& repository) {
  return project == place.project || may(parts.services.accounts,
                                         request.identity, Action::pull,
                                         project, repository);
}

// The repository that a mount takes from; nothing when the caller may not read
// it. A token that is too narrow for it is refused with the scope to ask for.
std::optional<Place> mount_source(Parts& parts, const http::Request& request,
                                  const Place& place, const std::string& from) {
  auto name = split_name(from);
  if (!name) return {};
  if (!may_read(parts, request, place, name->project, name->repository)) {
    challenge_for_source(parts.services.accounts, request, place, *name);
    return {};
  }
  const auto project =
      parts.services.accounts.find_project(name->project);
  if (!project) return {};
  return Place{project->id, std::move(name->project),
               std::move(name->repository)};
}

bool try_mount(Parts& parts, const http::Request& request, const Place& place,
               const Digest& digest) {
  std::optional<Place> source;
  if (const auto from = request.query_param("from"); from && !from->empty()) {
    source = mount_source(parts, request, place, *from);
    if (!source) return false;
  }
  return parts.blobs.mount(
      place, digest, source,
      [&](const std::string& project, const std::string& repository) {
        return may_read(parts, request, place, project, repository);
      });
}

DigestAlgorithm wanted_algorithm(const http::Request& request) {
  const auto name = request.query_param("digest-algorithm");
  if (!name || *name == "sha256") return DigestAlgorithm::sha256;
  if (*name == "sha512") return DigestAlgorithm::sha512;
  fail_digest_invalid("digest-algorithm is neither sha256 nor sha512");
}

// The whole blob in the body of the POST. A client that fails here does not
// know the upload, so nothing of it is kept.
void push_at_once(Parts& parts, http::Request& request, const Place& place,
                  const Digest& digest) {
  const auto id = parts.uploads.start(place, digest.algorithm);
  try {
    parts.uploads.finish(place, id, {}, *request.body, digest);
  } catch (...) {
    parts.uploads.discard(place, id);
    throw;
  }
}

}  // namespace

void get_blob(Parts& parts, http::Request& request, http::Response& response) {
  const auto entry = enter_pull(parts, request);
  const auto digest = require_digest(request.param("digest"));
  if (entry.upstream && !is_here(parts, entry.place, digest)) {
    send_arriving_blob(parts, entry, digest, request, response);
    tell(parts, request, "pull", entry.place, digest);
    return;
  }
  const auto size =
      send_stored_blob(parts, entry.place, digest, request, response);
  parts.notifier.blob("pull", entry.place, digest, request,
                      [&] { return static_cast<std::int64_t>(size); });
}

void delete_blob(Parts& parts, http::Request& request,
                 http::Response& response) {
  const auto place = enter(parts.services.accounts, request, Action::remove);
  const auto digest = require_digest(request.param("digest"));
  parts.blobs.unlink(place, digest, request.identity);
  parts.notifier.blob("delete", place, digest, request, {});
  api_version(response);
  answer_empty(response, 202);
}

void post_upload(Parts& parts, http::Request& request,
                 http::Response& response) {
  const auto place = enter_push(parts, request);
  if (const auto wanted = request.query_param("mount")) {
    const auto digest = require_digest(*wanted);
    if (try_mount(parts, request, place, digest)) {
      tell(parts, request, "mount", place, digest,
           request.query_param("from").value_or(""));
      answer_created(response, place, digest);
      return;
    }
  } else if (const auto given = request.query_param("digest")) {
    const auto digest = require_digest(*given);
    push_at_once(parts, request, place, digest);
    tell(parts, request, "push", place, digest);
    answer_created(response, place, digest);
    return;
  }
  const auto id = parts.uploads.start(place, wanted_algorithm(request));
  answer_progress(response, place, id, 0, 202);
}

void get_upload(Parts& parts, http::Request& request,
                http::Response& response) {
  // Clients ask with the token that they got for reading.
  const auto place = enter(parts.services.accounts, request, Action::pull);
  const auto& id = request.param("id");
  answer_progress(response, place, id, parts.uploads.received(place, id), 204);
}

void patch_upload(Parts& parts, http::Request& request,
                  http::Response& response) {
  const auto place = enter_push(parts, request);
  const auto& id = request.param("id");
  const auto received =
      parts.uploads.append(place, id, chunk_range(request), *request.body);
  answer_progress(response, place, id, received, 202);
}

void put_upload(Parts& parts, http::Request& request,
                http::Response& response) {
  const auto place = enter_push(parts, request);
  const auto given = request.query_param("digest");
  if (!given) {
    fail_digest_invalid("the closing PUT of an upload needs ?digest=");
  }
  const auto digest = require_digest(*given);
  parts.uploads.finish(place, request.param("id"), chunk_range(request),
                       *request.body, digest);
  tell(parts, request, "push", place, digest);
  answer_created(response, place, digest);
}

void delete_upload(Parts& parts, http::Request& request,
                   http::Response& response) {
  const auto place = enter_push(parts, request);
  parts.uploads.cancel(place, request.param("id"));
  api_version(response);
  answer_empty(response, 204);
}

}  // namespace skerry::registry
