#include "blobs/uploads.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>

#include "core/os/file.h"
#include "core/os/random.h"
#include "errors.h"
#include "links.h"

namespace skerry::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIdLength = 32;
constexpr std::size_t kBuffer = 256u << 10;
// Where a second thread writes what the first one hashes.
constexpr std::size_t kSharedBuffer = 1u << 20;

bool is_id(std::string_view text) {
  return text.size() == kIdLength &&
         text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") ==
             std::string_view::npos;
}

std::string key_of(const Place& place, std::string_view id) {
  const auto repository = digest_of(place.repository).hex.substr(0, 16);
  return fmt::format("{}-{}-{}", place.project_id, repository, id);
}

bool is_key(std::string_view name) {
  const auto dash = name.rfind('-');
  return dash != std::string_view::npos && is_id(name.substr(dash + 1));
}

struct FileFacts {
  std::uint64_t size = 0;
  UnixMillis modified = 0;
};
FileFacts facts_of(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) fail_errno(path.native());
  return {static_cast<std::uint64_t>(info.st_size),
          info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1'000'000};
}

// Reads until the buffer is full or the body ends. When the connection breaks,
// what has come is returned and `broken` says why.
std::size_t fill(http::BodyReader& body, std::string& buffer,
                 std::exception_ptr& broken) {
  std::size_t have = 0;
  try {
    while (have < buffer.size()) {
      const auto got = body.read(buffer.data() + have, buffer.size() - have);
      if (got == 0) break;
      have += got;
    }
  } catch (const Error&) {
    broken = std::current_exception();
  }
  return have;
}

}  // namespace

Uploads::Uploads(Services& services, Blobs& blobs, Quota& quota)
    : services_(services),
      blobs_(blobs),
      quota_(quota),
      folder_(services.paths.data / "uploads"),
      sides_(std::max(2u, std::thread::hardware_concurrency()) / 2) {}

void Uploads::recover() {
  fs::create_directories(folder_);
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const auto& path = entry.path();
    if (!entry.is_regular_file() || !is_key(path.filename().native())) {
      remove_tree(path);
      continue;
    }
    const auto facts = facts_of(path);
    add(path, std::make_unique<UploadFile>(path, facts.size), facts.modified);
  }
}

void Uploads::add(const fs::path& path, std::unique_ptr<UploadFile> file,
                  UnixMillis touched) {
  auto session = std::make_shared<Session>(std::move(file), touched);
  MutexLock lock(mutex_);
  sessions_.emplace(path.filename().native(), std::move(session));
}

std::vector<std::shared_ptr<Uploads::Session>> Uploads::all() const {
  MutexLock lock(mutex_);
  std::vector<std::shared_ptr<Session>> sessions;
  for (const auto& [key, session] : sessions_) sessions.push_back(session);
  return sessions;
}

std::size_t Uploads::count() const {
  MutexLock lock(mutex_);
  return sessions_.size();
}

std::vector<Uploads::Stale> Uploads::remove_stale(std::chrono::milliseconds age,
                                                  bool dry_run) {
  const auto oldest = services_.clock.now() - age.count();
  std::vector<Stale> stale;
  for (const auto& held : all()) {
    Session& session = *held;
    MutexLock lock(session.mutex);
    if (session.over || session.touched >= oldest) continue;
    stale.push_back(
        {session.file->path().filename().native(), session.file->size()});
    if (!dry_run) end(session);
  }
  return stale;
}

std::string Uploads::start(const Place& place, DigestAlgorithm algorithm) {
  const auto most = services_.settings.integer("registry.max_uploads");
  if (count() >= static_cast<std::size_t>(most)) {
    throw http::ProtocolError(
        429, "TOOMANYREQUESTS",
        fmt::format("{} uploads are open (registry.max_uploads); finish or "
                    "cancel some, or try again later",
                    most),
        {{"Retry-After", "10"}});
  }
  quota_.require_room(place, 1);
  auto id = random_name(kIdLength);
  const auto path = folder_ / key_of(place, id);
  auto file = std::make_unique<UploadFile>(path, 0);
  file->prefer(algorithm);
  add(path, std::move(file), services_.clock.now());
  return id;
}

std::shared_ptr<Uploads::Session> Uploads::look_up(
    const std::string& key) const {
  MutexLock lock(mutex_);
  const auto it = sessions_.find(key);
  return it == sessions_.end() ? nullptr : it->second;
}

std::shared_ptr<Uploads::Session> Uploads::find(const std::string& key) const {
  if (auto session = look_up(key)) return session;
  fail_upload_unknown();
}

void Uploads::end(Session& session) {
  session.over = true;
  session.file->remove();
  MutexLock lock(mutex_);
  sessions_.erase(session.file->path().filename().native());
}

std::uint64_t Uploads::received(const Place& place, std::string_view id) {
  const auto held = find(key_of(place, id));
  Session& session = *held;
  MutexLock lock(session.mutex);
  return session.file->size();
}

Uploads::Claim Uploads::claim(const Place& place, std::string_view id,
                              const std::optional<ChunkRange>& range,
                              const http::BodyReader& body) {
  Claim claim{find(key_of(place, id))};
  Session& session = *claim.session;
  MutexLock lock(session.mutex);
  if (session.over) fail_upload_unknown();
  claim.start = session.file->size();
  if (range && range->first != claim.start) {
    fail_out_of_order(claim.start, upload_location(place, id));
  }
  if (range && body.length() && *body.length() != range->size()) {
    fail_upload_invalid(
        fmt::format("Content-Range speaks of {} bytes, Content-Length of {}",
                    range->size(), *body.length()));
  }
  claim.owner = ++session.owner;
  session.touched = services_.clock.now();
  claim.place = place;
  claim.room = quota_.require_room(place, 0);
  require_room(claim, session, claim.start + body.length().value_or(0));
  return claim;
}

void Uploads::require_room(const Claim& claim, Session& session,
                           std::uint64_t size) {
  if (!claim.room || size <= *claim.room) return;
  try {
    quota_.require_room(claim.place, size);
  } catch (const Error&) {
    end(session);
    throw;
  }
}

void Uploads::require_owner(const Claim& claim, Session& session) {
  if (session.over) fail_upload_unknown();
  if (session.owner != claim.owner) {
    fail_upload_invalid("a newer request has taken over this upload");
  }
}

void Uploads::store(const Claim& claim, std::string_view bytes,
                    SideThreads::Lease& side) {
  Session& session = *claim.session;
  MutexLock lock(session.mutex);
  require_owner(claim, session);
  const auto most = static_cast<std::uint64_t>(
      services_.settings.integer("registry.max_blob_size"));
  if (session.file->size() + bytes.size() > most) {
    fail_too_large(fmt::format(
        "the blob is larger than {} bytes (registry.max_blob_size)", most));
  }
  require_room(claim, session, session.file->size() + bytes.size());
  try {
    session.file->append(bytes, side);
  } catch (const Error& error) {
    // On a full disk the request's bytes go again: they would keep it full.
    if (error.code() == ErrorCode::unavailable) session.file->cut(claim.start);
    throw;
  }
  session.touched = services_.clock.now();
}

void Uploads::receive(const Claim& claim, http::BodyReader& body,
                      Hasher* alone) {
  if (body.length() == 0u) return;
  const auto length = body.length().value_or(kSharedBuffer);
  auto side = length < kSharedBuffer ? SideThreads::Lease() : sides_.lease();
  std::string buffer(
      std::min<std::uint64_t>(length, side ? kSharedBuffer : kBuffer), '\0');
  std::exception_ptr broken;
  while (true) {
    const auto have = fill(body, buffer, broken);
    const std::string_view bytes(buffer.data(), have);
    if (have > 0) store(claim, bytes, side);
    if (broken) std::rethrow_exception(broken);
    if (have == 0) return;
    if (alone != nullptr) alone->update(bytes);
  }
}

// A chunked body can turn out to be shorter or longer than its range said.
void Uploads::check_length(const Claim& claim,
                           const std::optional<ChunkRange>& range) {
  if (!range) return;
  Session& session = *claim.session;
  MutexLock lock(session.mutex);
  require_owner(claim, session);
  const auto got = session.file->size() - claim.start;
  if (got == range->size()) return;
  session.file->cut(claim.start);
  fail_upload_invalid(fmt::format(
      "Content-Range speaks of {} bytes, but {} came", range->size(), got));
}

std::uint64_t Uploads::append(const Place& place, std::string_view id,
                              const std::optional<ChunkRange>& range,
                              http::BodyReader& body) {
  const auto held = claim(place, id, range, body);
  receive(held, body, nullptr);
  check_length(held, range);
  Session& session = *held.session;
  MutexLock lock(session.mutex);
  require_owner(held, session);
  session.file->close();
  return session.file->size();
}

void Uploads::finish(const Place& place, std::string_view id,
                     const std::optional<ChunkRange>& range,
                     http::BodyReader& body, const Digest& digest) {
  const auto held = claim(place, id, range, body);
  std::optional<Hasher> alone;
  if (held.start > 0 && !range && body.length() != 0u) {
    alone.emplace(digest.algorithm);
  } else if (held.start == 0) {
    Session& session = *held.session;
    MutexLock lock(session.mutex);
    session.file->prefer(digest.algorithm);
  }
  receive(held, body, alone ? &*alone : nullptr);
  check_length(held, range);
  close_blob(place, held, digest, alone && alone->finish() == digest);
}

void Uploads::close_blob(const Place& place, const Claim& claim,
                         const Digest& digest, bool body_alone_matches) {
  Session& session = *claim.session;
  MutexLock lock(session.mutex);
  require_owner(claim, session);
  const auto path = session.file->path();
  const auto size = session.file->size();
  const auto found = session.file->digest(digest.algorithm);
  const auto hold = services_.blobs.hold(digest);
  if (found == digest) {
    if (size <= services_.blobs.largest_put()) {
      const auto bytes = session.file->read();
      end(session);
      blobs_.put(place, digest, bytes);
      return;
    }
    session.file->close();
    services_.blobs.adopt(path, digest);
    end(session);
    blobs_.link(place, digest, static_cast<std::int64_t>(size));
    return;
  }
  if (body_alone_matches) {
    const auto tail = folder_ / (path.filename().native() + ".tail");
    session.file->copy_tail(claim.start, tail);
    services_.blobs.adopt(tail, digest);
    end(session);
    blobs_.link(place, digest, static_cast<std::int64_t>(size - claim.start));
    return;
  }
  end(session);
  fail_digest_invalid(
      fmt::format("the {} bytes of this upload have the digest {}, not {}",
                  size, found.to_string(), digest.to_string()));
}

void Uploads::cancel(const Place& place, std::string_view id) {
  const auto held = find(key_of(place, id));
  Session& session = *held;
  MutexLock lock(session.mutex);
  if (session.over) fail_upload_unknown();
  end(session);
}

void Uploads::discard(const Place& place, std::string_view id) {
  const auto held = look_up(key_of(place, id));
  if (!held) return;
  Session& session = *held;
  MutexLock lock(session.mutex);
  if (!session.over) end(session);
}

}  // namespace skerry::registry
