#include "upstream/mirror_blobs.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/stored_blob.h"
#include "core/http/headers.h"
#include "errors.h"

namespace skerry::registry {
namespace {

constexpr const char* kType = "application/octet-stream";
constexpr std::size_t kBuffer = 256u << 10;
// Blobs up to this size are waited for: then a fault has a status.
constexpr std::uint64_t kSmall = 1u << 20;

// Makes the blob part of the repository without asking anybody: another
// repository of the project has it. Never one of another project: that the
// upstream has it too is not known.
bool take_from_project(Parts& parts, const Place& place,
                       const Digest& digest) {
  return parts.services.blobs.size(digest) &&
         parts.blobs.mount(place, digest, {},
                           [&](const std::string& project, const std::string&) {
                             return project == place.project;
                           });
}

[[noreturn]] void fail_offline(const Entry& entry, const Digest& digest) {
  throw http::ProtocolError(
      404, "BLOB_UNKNOWN",
      fmt::format("the blob {} is not here, and project '{}' is offline: {} is "
                  "not asked",
                  digest.to_string(), entry.place.project,
                  entry.upstream->config().url));
}

// HEAD costs a HEAD.
void send_head(const Entry& entry, const Digest& digest,
               http::Response& response) {
  Upstream::Question question;
  question.method = "HEAD";
  question.repository = entry.place.repository;
  question.rest = "/blobs/" + digest.to_string();
  auto answer = entry.upstream->ask(question);
  if (auto* trouble = std::get_if<Trouble>(&answer)) fail_upstream(*trouble);
  const auto& head = std::get<http::ClientResponse>(answer);
  const auto length = head.headers.find("content-length");
  if (head.status != 200 || length == head.headers.end() ||
      !parse_decimal(length->second)) {
    fail_blob_unknown(digest);
  }
  blob_headers(response, digest);
  response.header("Content-Length", length->second);
  response.send(kType, "");
}

// Bytes `first` to `end` as they come.
void follow(Download& download, std::uint64_t first,
            std::optional<std::uint64_t> end, const std::stop_token& stop,
            const http::Response::Writer& write) {
  std::string buffer(kBuffer, '\0');
  auto at = first;
  while (!end || at < *end) {
    const auto state = download.wait_beyond(at, stop);
    if (state.readable <= at) {
      if (state.done) break;
      fail(ErrorCode::io, "a blob from an upstream registry broke off: {}",
           state.trouble ? state.trouble->message : "the server is stopping");
    }
    auto most = std::min<std::uint64_t>(buffer.size(), state.readable - at);
    if (end) most = std::min(most, *end - at);
    const auto got = download.read(at, buffer.data(), most);
    write(std::string_view(buffer.data(), got));
    at += got;
  }
}

// True when it has been answered: the whole, or one range of it.
bool send_growing(Download& download, const Download::State& state,
                  const http::Request& request, http::Response& response) {
  std::uint64_t first = 0;
  auto end = state.total;
  const auto range = request.header("Range");
  if (range && !request.header("If-Range")) {
    if (!state.total) return false;
    const auto ranges = http::parse_ranges(*range, *state.total);
    if (ranges && ranges->size() != 1) return false;
    if (ranges) {
      first = ranges->front().first;
      end = ranges->front().last + 1;
      response.status = 206;
      response.header("Content-Range",
                      fmt::format("bytes {}-{}/{}", first, *end - 1,
                                  *state.total));
    }
  }
  blob_headers(response, download.digest());
  if (end) {
    response.header("Accept-Ranges", "bytes");
    response.header("Content-Length", std::to_string(*end - first));
  }
  response.stream(kType, [&](const http::Response::Writer& write) {
    follow(download, first, end, request.stop, write);
  });
  return true;
}

[[noreturn]] void fail_download(const Download::State& state) {
  if (state.trouble) fail_upstream(*state.trouble);
  fail(ErrorCode::unavailable, "the server is stopping");
}

}  // namespace

bool is_here(Parts& parts, const Place& place, const Digest& digest) {
  return parts.blobs.size(place, digest) && parts.services.blobs.size(digest);
}

void send_arriving_blob(Parts& parts, const Entry& entry, const Digest& digest,
                        const http::Request& request,
                        http::Response& response) {
  if (take_from_project(parts, entry.place, digest)) {
    send_stored_blob(parts, entry.place, digest, request, response);
    return;
  }
  if (entry.upstream->config().offline) fail_offline(entry, digest);
  if (request.method == "HEAD") {
    send_head(entry, digest, response);
    return;
  }
  const auto download =
      parts.downloads.join(entry.place, digest, entry.upstream);
  const auto state = download->wait_begun(request.stop);
  if (state.trouble) fail_upstream(*state.trouble);
  if (!state.done && state.total.value_or(UINT64_MAX) > kSmall &&
      send_growing(*download, state, request, response)) {
    return;
  }
  const auto last = download->wait_over(request.stop);
  if (!last.done) fail_download(last);
  send_stored_blob(parts, entry.place, digest, request, response);
}

void fetch_blob(Parts& parts, const Place& place,
                const Upstreams::Ref& upstream, const Digest& digest) {
  if (is_here(parts, place, digest) ||
      take_from_project(parts, place, digest)) {
    return;
  }
  if (upstream->config().offline) fail_offline({place, upstream}, digest);
  const auto download = parts.downloads.join(place, digest, upstream);
  const auto last = download->wait_over({});
  if (!last.done) fail_download(last);
}

}  // namespace skerry::registry
