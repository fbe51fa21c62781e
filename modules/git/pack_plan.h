// A pack that is to be sent, as a list of pieces of the packs on disk.
//
// Entries are copied as they are stored: neither inflated nor deltified again,
// so a clone costs little more than reading. Neighbours become one piece; a
// full clone of a repository that is one pack is one piece. An entry is
// changed only where it must be: a delta whose base moved against it gets a
// new header, a delta whose base the client will not have is written out in
// full, as are objects that are in no pack.
//
// No circle of deltas can arise: each object is taken from the first pack, in
// one fixed order, that has it, and a base lies in its delta's own pack, so
// every step from delta to base leads to the same or an earlier pack.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/os/mutex.h"
#include "libgit2.h"
#include "object_walk.h"
#include "pack_file.h"
#include "side_band.h"

namespace skerry::git {

struct PackPiece {
  std::uint64_t offset = 0;  // in the pack
  std::uint64_t length = 0;
  std::uint32_t pack = 0;    // in PackPlan::packs
  std::uint32_t header = 0;  // in PackPlan::headers: goes before the bytes
  std::uint8_t header_size = 0;
};

// Immutable but for the checksum, which the first sending leaves here.
struct PackPlan {
  std::uint32_t count = 0;
  PackList packs;
  std::vector<PackPiece> pieces;
  std::string headers;
  std::vector<Oid> in_full;  // sent after the pieces, compressed anew

  std::optional<Oid> checksum() const;
  void set_checksum(const Oid& checksum) const;
  std::size_t memory() const;

 private:
  mutable Mutex mutex_;
  mutable std::optional<Oid> checksum_ GUARDED_BY(mutex_);
};

struct PlanOptions {
  bool ofs_delta = true;
  bool thin_pack = false;  // deltas against what the other side has
};

std::shared_ptr<const PackPlan> make_pack_plan(const ObjectSet& objects,
                                               PackList packs,
                                               const PlanOptions& options);

// Writes the pack. Throws not_found for an object that is gone, io for a
// damaged pack, and what the band throws when the client has gone.
void send_pack(const PackPlan& plan, const ObjectReader& objects,
               SideBand& band);

// The header of an entry, as parse_entry_header() reads it.
void append_entry_header(std::string& out, EntryType type, std::uint64_t size);

}  // namespace skerry::git
