#include "fake_upstream.h"

#include <fmt/format.h>

#include <thread>

#include "core/http/headers.h"
#include "core/text/json.h"
#include "manifests/media_types.h"
#include "raw_client.h"

namespace skerry::registry {
namespace {

std::string type_of(const std::string& bytes) {
  return parse_json(bytes).value("mediaType", std::string(kOciManifest));
}

}  // namespace

FakeUpstream::FakeUpstream(int port) {
  http::ServerOptions options;
  options.listen = "http://127.0.0.1:" + std::to_string(port);
  options.threads = 32;
  std::vector<http::Route> routes;
  routes.push_back({"GET", "/v2/{rest+}", http::Access::anyone,
                    [this](http::Request& request, http::Response& response) {
                      answer(request, response);
                    },
                    "all", http::Dialect::oci});
  routes.push_back(
      {"GET", "/token", http::Access::anyone,
       [this](http::Request& request, http::Response& response) {
         ++tokens;
         const bool right =
             request.header("Authorization") == basic("robot", "key");
         if (refuses_account || (request.header("Authorization") && !right)) {
           response.status = 401;
           response.send("application/json", "{\"details\":\"no account\"}");
           return;
         }
         response.send_json({{"token", "for-" + request.query_param("scope")
                                                    .value_or("")},
                             {"expires_in", token_seconds.load()}});
       },
       "token", http::Dialect::oci});
  server_ = std::make_unique<http::Server>(options, std::move(routes), gate_,
                                           metrics_);
}

FakeUpstream::~FakeUpstream() {
  hold = false;
  server_->stop();
}

int FakeUpstream::port() const { return server_->port(); }

std::string FakeUpstream::url() const {
  return fmt::format("http://127.0.0.1:{}", port());
}

Digest FakeUpstream::put(const std::string& repository,
                         const std::string& bytes, const std::string& tag) {
  const auto digest = digest_of(bytes);
  MutexLock lock(mutex_);
  manifests_[repository + "@" + digest.to_string()] = bytes;
  if (!tag.empty()) manifests_[repository + "@" + tag] = bytes;
  return digest;
}

Digest FakeUpstream::put_blob(const std::string& bytes) {
  const auto digest = digest_of(bytes);
  MutexLock lock(mutex_);
  blobs_[digest.to_string()] = bytes;
  return digest;
}

void FakeUpstream::remove_tag(const std::string& repository,
                              const std::string& tag) {
  MutexLock lock(mutex_);
  manifests_.erase(repository + "@" + tag);
}

void FakeUpstream::set_list(const std::string& path, const std::string& body,
                            const std::string& link) {
  MutexLock lock(mutex_);
  lists_[path] = {body, link};
}

std::vector<std::string> FakeUpstream::asked() {
  MutexLock lock(mutex_);
  return asked_;
}

std::size_t FakeUpstream::asked(const std::string& prefix) {
  std::size_t count = 0;
  for (const auto& one : asked()) count += one.starts_with(prefix) ? 1 : 0;
  return count;
}

void FakeUpstream::forget() {
  MutexLock lock(mutex_);
  asked_.clear();
}

bool FakeUpstream::admit(const http::Request& request,
                         http::Response& response) {
  const auto given = request.header("Authorization").value_or("");
  if (status != 0) {
    response.status = status;
    if (retry_after > 0) {
      response.header("Retry-After", std::to_string(retry_after.load()));
    }
    response.send("text/plain", "as I was told");
    return false;
  }
  if (wants_basic && given != basic("robot", "key")) {
    response.status = 401;
    response.header("WWW-Authenticate", "Basic realm=\"here\"");
    response.send("text/plain", "who are you?");
    return false;
  }
  const auto name = request.path.substr(4, request.path.find('/', 9) - 4);
  if (wants_token && !given.starts_with("Bearer for-")) {
    response.status = 401;
    response.header("WWW-Authenticate", "Negotiate");
    response.header("WWW-Authenticate",
                    fmt::format("Bearer realm=\"{}/token\",service=\"fake, "
                                "registry\",scope=\"repository:{}:pull\"",
                                url(), name));
    response.send("text/plain", "no token");
    return false;
  }
  return true;
}

void FakeUpstream::answer(http::Request& request, http::Response& response) {
  std::string bytes;
  std::string link;
  bool found = false;
  const auto manifest = request.path.find("/manifests/");
  const auto blob = request.path.find("/blobs/");
  {
    MutexLock lock(mutex_);
    asked_.push_back(request.method + " " + request.path);
    const auto look = [&](auto& from, const std::string& key) {
      const auto it = from.find(key);
      found = it != from.end();
      if (found) bytes = it->second;
    };
    if (manifest != std::string::npos) {
      look(manifests_, request.path.substr(4, manifest - 4) + "@" +
                           request.path.substr(manifest + 11));
    } else if (blob != std::string::npos) {
      look(blobs_, request.path.substr(blob + 7));
    } else {
      auto it = lists_.find(request.path + "?" + request.query);
      if (it == lists_.end()) it = lists_.find(request.path);
      found = it != lists_.end();
      if (found) std::tie(bytes, link) = it->second;
    }
  }
  if (!admit(request, response)) return;
  if (!found) {
    response.status = 404;
    response.send("application/json", "{\"errors\":[]}");
  } else if (blob != std::string::npos) {
    answer_blob(request, response, bytes);
  } else if (manifest != std::string::npos) {
    if (!no_digest) {
      response.header("Docker-Content-Digest", digest_of(bytes).to_string());
    }
    const auto type = type_of(bytes);
    if (wrong_manifest) bytes += " ";
    response.send(type, bytes);
  } else {
    if (!link.empty()) response.header("Link", link);
    response.send("application/json", bytes);
  }
}

void FakeUpstream::answer_blob(http::Request& request, http::Response& response,
                               const std::string& bytes) {
  std::uint64_t first = 0;
  if (const auto range = request.header("Range"); range && !ignores_range) {
    first = http::parse_ranges(*range, bytes.size())->front().first;
    response.status = 206;
    response.header("Content-Range", fmt::format("bytes {}-{}/{}", first,
                                                 bytes.size() - 1,
                                                 bytes.size()));
  }
  auto part = bytes.substr(first);
  if (wrong_bytes && !part.empty()) part.back() ^= 1;
  if (!chunked) {
    response.header("Content-Length", std::to_string(part.size()));
  }
  response.stream(
      "application/octet-stream", [&](const http::Response::Writer& write) {
        const auto half = part.size() / 2;
        write(part.substr(0, half));
        while (hold) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (breaks > 0) {
          --breaks;
          fail(ErrorCode::io, "broken on purpose");
        }
        write(part.substr(half));
      });
}

}  // namespace skerry::registry
