#include "upstream/downloads.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>

#include "core/os/file.h"
#include "core/os/random.h"
#include "core/telemetry/log.h"
#include "manifests/platform.h"
#include "upstream/late_platforms.h"

namespace skerry::registry {
namespace {

// Attempts in a row that bring nothing.
constexpr int kMostAttempts = 5;
constexpr std::chrono::milliseconds kFirstPause{200};

std::string key_of(const Place& place, const Digest& digest) {
  return fmt::format("{}@{}", place.project_id, digest.to_string());
}

// True when the stop came first.
bool pause(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  return changed.wait_for(lock, stop, time,
                          [&] { return stop.stop_requested(); });
}

std::optional<std::uint64_t> number(const http::ClientResponse& head,
                                    const char* name) {
  const auto it = head.headers.find(name);
  if (it == head.headers.end()) return {};
  return parse_decimal(it->second);
}

// Where the bytes of this answer begin in the blob.
std::uint64_t first_byte(const http::ClientResponse& head) {
  if (head.status != 206) return 0;
  const auto it = head.headers.find("content-range");
  const auto range = parse_content_range(
      it == head.headers.end() ? std::string_view() : it->second);
  if (!range) {
    fail(ErrorCode::unavailable, "a partial answer without Content-Range");
  }
  return range->first;
}

}  // namespace

Downloads::Downloads(Services& services, Blobs& blobs, Quota& quota)
    : services_(services),
      blobs_(blobs),
      quota_(quota),
      folder_(services.paths.work / "upstream") {}

Downloads::~Downloads() {
  std::list<Running> running;
  {
    MutexLock lock(mutex_);
    running.swap(running_);  // the nodes stay where they are
  }
  for (auto& one : running) one.thread.request_stop();
  for (auto& one : running) one.thread.join();
}

void Downloads::recover() {
  remove_tree(folder_);
  std::filesystem::create_directories(folder_);
}

std::size_t Downloads::count() const {
  MutexLock lock(mutex_);
  return by_key_.size();
}

void Downloads::reap() {
  running_.remove_if([](const Running& one) { return one.over; });
}

std::shared_ptr<Download> Downloads::join(const Place& place,
                                          const Digest& digest,
                                          const Upstreams::Ref& upstream) {
  const auto most = static_cast<std::size_t>(
      services_.settings.integer("registry.upstream_downloads"));
  const auto key = key_of(place, digest);
  MutexLock lock(mutex_);
  reap();
  if (const auto it = by_key_.find(key); it != by_key_.end()) {
    auto known = it->second->download;
    if (known->add_place(place)) return known;
  }
  if (by_key_.size() >= most) {
    fail_upstream({429, "TOOMANYREQUESTS",
                   fmt::format("{} blobs are being fetched from upstream "
                               "registries (registry.upstream_downloads); try "
                               "again",
                               by_key_.size()),
                   5});
  }
  auto download = std::make_shared<Download>(folder_ / random_name(24), digest);
  download->add_place(place);
  auto& running = running_.emplace_back();
  running.key = key;
  running.download = download;
  try {
    running.thread =
        std::jthread([this, &running, place, upstream](std::stop_token stop) {
          run(running, place, upstream, stop);
        });
  } catch (const std::system_error&) {
    running_.pop_back();
    fail(ErrorCode::unavailable, "no thread to fetch a blob with");
  }
  by_key_[key] = &running;  // it cannot end before this lock goes
  return download;
}

void Downloads::run(Running& running, const Place& place,
                    const Upstreams::Ref& upstream,
                    const std::stop_token& stop) {
  auto& download = *running.download;
  std::optional<Trouble> trouble;
  try {
    trouble = fetch(download, place, *upstream, stop);
    if (!trouble) trouble = keep(download, place, *upstream);
  } catch (const http::ProtocolError& error) {  // no room in the project
    trouble = Trouble{error.status(), error.protocol_code(), error.message()};
  } catch (const std::exception& error) {
    trouble = Trouble{503, "UNAVAILABLE",
                      fmt::format("the blob {} cannot be stored: {}",
                                  download.digest().to_string(), error.what())};
  }
  if (trouble) {
    log::warning("a blob of an upstream registry was not stored",
                 {{"repository", place.full_name()},
                  {"digest", download.digest().to_string()},
                  {"error", trouble->message}});
  }
  download.finish(std::move(trouble));
  MutexLock lock(mutex_);
  if (const auto it = by_key_.find(running.key);
      it != by_key_.end() && it->second == &running) {
    by_key_.erase(it);
  }
  running.download.reset();
  running.over = true;
}

// All bytes, in as many attempts as it takes while each brings some.
std::optional<Trouble> Downloads::fetch(Download& download, const Place& place,
                                        Upstream& upstream,
                                        const std::stop_token& stop) {
  auto wait = kFirstPause;
  for (int idle = 0;;) {
    const auto before = download.size();
    auto trouble = attempt(download, place, upstream, stop);
    if (!trouble) return {};
    if (download.size() > before) {
      idle = 0;
      wait = kFirstPause;
    }
    // Where nothing has come yet the client had better try elsewhere.
    if (download.size() == 0 || !trouble->passing() ||
        ++idle >= kMostAttempts || pause(wait, stop)) {
      return trouble;
    }
    wait *= 2;
  }
}

std::optional<Trouble> Downloads::attempt(Download& download,
                                          const Place& place,
                                          Upstream& upstream,
                                          const std::stop_token& stop) {
  const auto have = download.size();
  const auto most = static_cast<std::uint64_t>(
      services_.settings.integer("registry.max_blob_size"));
  Upstream::Question question;
  question.repository = place.repository;
  question.rest = "/blobs/" + download.digest().to_string();
  question.max_body = most;
  question.insist = have > 0;
  if (have > 0) {
    question.headers.emplace_back("Range", fmt::format("bytes={}-", have));
  }
  std::uint64_t skip = 0;  // bytes that we have already
  std::optional<std::uint64_t> expected;
  question.on_head = [&](const http::ClientResponse& head) {
    const auto first = first_byte(head);
    if (first > have) {
      fail(ErrorCode::unavailable, "bytes {} to {} are missing", have, first);
    }
    skip = have - first;
    if (const auto length = number(head, "content-length")) {
      expected = first + *length;
      quota_.require_room(place, *expected);
    }
    download.begin(expected);
  };
  question.sink = [&](std::string_view bytes) {
    const auto dropped = std::min<std::uint64_t>(skip, bytes.size());
    skip -= dropped;
    bytes.remove_prefix(dropped);
    if (download.size() + bytes.size() > most) {
      fail(ErrorCode::too_large,
           "it is larger than {} bytes (registry.max_blob_size)", most);
    }
    if (!bytes.empty()) download.append(bytes);
  };
  auto answer = upstream.ask(question, stop);
  if (auto* trouble = std::get_if<Trouble>(&answer)) return std::move(*trouble);
  const auto status = std::get<http::ClientResponse>(answer).status;
  if (status != 200 && status != 206) {
    return Trouble{404, "BLOB_UNKNOWN",
                   fmt::format("the upstream registry {} has no blob {} in {}",
                               upstream.config().url,
                               download.digest().to_string(),
                               place.full_name())};
  }
  if (expected && download.size() < *expected) {
    return Trouble{502, "UNAVAILABLE",
                   fmt::format("the upstream registry {} sent {} of {} bytes",
                               upstream.config().url, download.size(),
                               *expected)};
  }
  return {};
}

// Checks, makes durable and links.
std::optional<Trouble> Downloads::keep(Download& download, const Place& place,
                                       Upstream& upstream) {
  const auto found = download.finish_hash();
  if (found != download.digest()) {
    return Trouble{502, "DIGEST_INVALID",
                   fmt::format("the upstream registry {} sent bytes with the "
                               "digest {} for the blob {}",
                               upstream.config().url, found.to_string(),
                               download.digest().to_string())};
  }
  const auto hold = services_.blobs.hold(found);
  services_.blobs.adopt(download.path(), found);
  for (const auto& repository : download.close()) {
    Place one = place;
    one.repository = repository;
    blobs_.link(one, found, static_cast<std::int64_t>(download.size()));
    if (download.size() <= kLargestConfig) {
      learn_platforms(services_, one, found);
    }
  }
  return {};
}

}  // namespace skerry::registry
