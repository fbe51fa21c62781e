// Several servers keep their blobs in one bucket, each blob once. Who deletes
// one must be sure that nobody has just begun to need it; nobody but the bucket
// is asked. It must be strongly consistent (a read and a listing see what was
// written before them), as Amazon's has been since 2020.
//
// Each server has an id, and for every blob that it needs a marker object
// holders/<blob>/<id>.<mark>, whose name is never used again: a deletion of it
// that was held up on its way cannot hit a later one. Two servers cannot lock a blob, so they do as Dekker's
// algorithm does: each first writes what it is about to do, then looks what the
// other has written, and at least one of them sees the other.
//
//   To need a blob (need):                   To let go of one (let_go):
//   1. write the own marker                  1. delete the own marker
//   2. list condemned/<blob>/: wait until    2. list holders/<blob>/: when there
//      there is nothing                         is one, done
//   3. the data: there, or upload it         3. write condemned/<blob>/<id>.<life>
//   4. the row in the own database           4. list holders/<blob>/ again: when
//                                               there is one, go to 6
//                                            5. delete the data
//                                            6. delete the own condemnation
//
// When step 2 of who needs sees no condemnation, any is written after it, so
// step 4 of who deletes comes after the marker and sees it. When it sees one,
// it waits, and looks for the data only after the deletion. Every life of a
// server has a condemnation of its own: one that is done takes away no other's,
// nor that of a former life whose deletion may be under way yet.
//
// Who condemned and died must not keep others waiting for ever: a condemnation
// older than kStale is taken away by whoever waits for it. The deletion of step
// 5 cannot come after that: it is signed to be valid for kDeadline, much less
// than kStale, from the time at which the bucket says that the condemnation was
// written, so the bucket itself refuses it later, whatever held it up. Both
// times are by the bucket's clock.
//
// Within one server BlobHolds keeps need and let_go of one blob apart. The row
// is written after the marker and deleted before it: a row without marker can
// come from nothing but an old backup of the database, and a marker without row
// holds garbage at worst; reconcile() mends both.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "core/s3/client.h"
#include "core/s3/keys.h"
#include "core/store/digest.h"

namespace skerry::s3 {

inline constexpr std::chrono::seconds kDeadline{60};
inline constexpr std::chrono::seconds kStale{120};

// Thread-safe.
class Sharing {
 public:
  // `life` differs each time the server starts.
  Sharing(Client& client, const Keys& keys, std::string server,
          std::string_view life)
      : client_(client),
        keys_(keys),
        server_(std::move(server)),
        condemner_(server_ + "." + std::string(life)) {}

  const std::string& server() const { return server_; }

  // Steps 1 and 2. The caller holds the digest and carries on with the data.
  // Throws unavailable when others go on deleting it.
  // The marker's name, for the row.
  std::string need(const Digest& digest);
  // All steps; true when the data went. Nobody holds the digest, and the row
  // has gone.
  bool let_go(const Digest& digest, const std::string& marker);
  // Step 1 alone, for a blob whose data has gone or that has another marker.
  void forget(const Digest& digest, const std::string& marker);

  // Runs `action` while the blob is condemned by us, whoever needs it: those
  // who come meanwhile wait.
  void while_condemned(const Digest& digest,
                       const std::function<void()>& action);

  // Every marker of this server, in the order of the keys.
  void each_marker(
      const std::function<void(const Digest&, const std::string& marker)>&
          visit);
  // Takes away condemnations that their makers did not live to end.
  void remove_stale();

 private:
  bool held(const Digest& digest);
  bool condemned(const Digest& digest);

  Client& client_;
  const Keys& keys_;
  const std::string server_;
  const std::string condemner_;
};

}  // namespace skerry::s3
