// Uploads in progress (distribution specification 1.1, "Pushing a blob").
//
// An upload is a file, <folder>/<project id>-<repository>-<id>, and nothing
// else: its length says how far it has come, so it survives a restart, and
// its name binds it to one repository (the middle part is a hash of the
// name). The client's end-to-end check is the digest at the close; only then
// are the bytes synced and become a blob. One to which no request has brought
// bytes yet, and small ones that come in one request, need no file: a restart
// forgets those.
//
// The newest request owns an upload: when a client reconnects while the server
// still waits for bytes of its dead connection, the old request is shut out at
// its next write.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blobs/blobs.h"
#include "blobs/upload_file.h"
#include "blobs/upload_range.h"
#include "core/boot/module.h"
#include "core/http/message.h"
#include "core/os/mutex.h"
#include "repositories.h"

namespace skerry::registry {

// Thread-safe.
class Uploads {
 public:
  Uploads(Services& services, Blobs& blobs, Quota& quota);

  // Takes up what an earlier process left; files that are no uploads go.
  void recover();
  // Removes uploads that nobody touched for `age`, or only lists them.
  struct Stale {
    std::string name;  // of its file
    std::uint64_t size = 0;
  };
  std::vector<Stale> remove_stale(std::chrono::milliseconds age,
                                  bool dry_run = false);
  std::size_t count() const EXCLUDES(mutex_);

  // A new upload's id. Throws 429 past registry.max_uploads, DENIED when the
  // project is full.
  std::string start(const Place& place, DigestAlgorithm algorithm);
  // How many bytes have arrived. Throws BLOB_UPLOAD_UNKNOWN, as all below.
  std::uint64_t received(const Place& place, std::string_view id);
  // Appends the body; the new length. What has arrived when the connection
  // breaks is kept. A range that does not start at the present end throws 416.
  std::uint64_t append(const Place& place, std::string_view id,
                       const std::optional<ChunkRange>& range,
                       http::BodyReader& body);
  // Appends the body, checks the digest and makes the blob durable and linked.
  // A wrong digest ends the upload, unless the body alone has it: then the
  // client has started over in its last request, and the body is the blob.
  void finish(const Place& place, std::string_view id,
              const std::optional<ChunkRange>& range, http::BodyReader& body,
              const Digest& digest);
  void cancel(const Place& place, std::string_view id);
  // As cancel, for one that may be over already.
  void discard(const Place& place, std::string_view id);

 private:
  struct Session {
    Session(std::unique_ptr<UploadFile> f, UnixMillis now)
        : file(std::move(f)), touched(now) {}
    Mutex mutex;
    std::unique_ptr<UploadFile> file GUARDED_BY(mutex);
    UnixMillis touched GUARDED_BY(mutex);
    std::uint64_t owner GUARDED_BY(mutex) = 0;  // grows with each request
    bool over GUARDED_BY(mutex) = false;
  };
  // A request's hold on a session.
  struct Claim {
    std::shared_ptr<Session> session;
    std::uint64_t owner = 0;
    std::uint64_t start = 0;  // length when the request came
    Place place{};
    std::optional<std::uint64_t> room{};  // what the project could take then
  };
  void add(const std::filesystem::path& path, std::unique_ptr<UploadFile> file,
           UnixMillis touched) EXCLUDES(mutex_);
  // Null when there is none.
  std::shared_ptr<Session> look_up(const std::string& key) const
      EXCLUDES(mutex_);
  std::shared_ptr<Session> find(const std::string& key) const;
  std::vector<std::shared_ptr<Session>> all() const EXCLUDES(mutex_);
  Claim claim(const Place& place, std::string_view id,
              const std::optional<ChunkRange>& range,
              const http::BodyReader& body);
  static void require_owner(const Claim& claim, Session& session)
      REQUIRES(session.mutex);
  // Ends an upload that would be longer than its project has room for.
  void require_room(const Claim& claim, Session& session, std::uint64_t size)
      REQUIRES(session.mutex);
  void receive(const Claim& claim, http::BodyReader& body, Hasher* alone);
  void store(const Claim& claim, std::string_view bytes,
             SideThreads::Lease& side);
  void check_length(const Claim& claim, const std::optional<ChunkRange>& range);
  void close_blob(const Place& place, const Claim& claim, const Digest& digest,
                  bool body_alone_matches);
  // The upload is over: requests that still hold it find out, new ones do not
  // find it. A session's mutex may be held when mutex_ is taken, never the
  // other way round.
  void end(Session& session) REQUIRES(session.mutex) EXCLUDES(mutex_);

  Services& services_;
  Blobs& blobs_;
  Quota& quota_;
  const std::filesystem::path folder_;
  SideThreads sides_;
  mutable Mutex mutex_;
  std::map<std::string, std::shared_ptr<Session>, std::less<>> sessions_
      GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
