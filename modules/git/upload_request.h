// What a fetching client says to upload-pack (gitprotocol-pack(5) "Packfile
// Negotiation", gitprotocol-v2(5) "fetch" and "ls-refs"). Parsing only; no
// repository is looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oid.h"
#include "pkt_line.h"

namespace skerry::git {

// "deepen 2147483647": the whole history (git fetch --unshallow).
inline constexpr int kInfiniteDepth = 0x7fffffff;

struct ObjectFilter {
  enum class Kind { none, blob_none, blob_limit, tree_zero };
  Kind kind = Kind::none;
  std::uint64_t limit = 0;  // blob_limit: blobs of this size or more stay away

  // "blob:none", "blob:limit=<n>[kmg]", "tree:0"; throws invalid and names
  // any other filter.
  static ObjectFilter parse(std::string_view text);
};

enum class MultiAck { none, plain, detailed };

struct FetchRequest {
  std::vector<Oid> wants;
  std::vector<Oid> haves;
  // The client's shallow commits: it has them, but not their parents.
  std::vector<Oid> shallows;
  int depth = 0;  // 0: not asked for
  bool deepen_relative = false;
  std::optional<std::int64_t> deepen_since;  // seconds since 1970
  std::vector<std::string> deepen_not;       // ref names
  ObjectFilter filter;
  bool thin_pack = false;
  bool ofs_delta = false;
  bool include_tag = false;
  bool no_progress = false;
  bool done = false;
  bool wait_for_done = false;           // version 2
  MultiAck multi_ack = MultiAck::none;  // version 0
  bool no_done = false;                 // version 0
  std::size_t side_band = 0;  // largest packet, 0: the bare pack (version 0)

  bool deepens() const {
    return depth > 0 || deepen_since || !deepen_not.empty();
  }
};

// One step of version 0's negotiation after the wants.
struct NegotiationStep {
  enum class Kind { have, flush, done, end_of_input };
  Kind kind;
  Oid id;  // of a have
};

// Version 0: wants, shallow and deepen lines, filter, up to the flush.
// A request without wants (the "0000" probe) has none.
FetchRequest parse_fetch_v0(PktReader& reader);
// Version 0: the next line after that.
NegotiationStep next_step_v0(PktReader& reader);

struct LsRefsRequest {
  bool peel = false, symrefs = false, unborn = false;
  std::vector<std::string> prefixes;  // empty: every ref
};

struct ObjectInfoRequest {
  bool size = false;
  std::vector<Oid> ids;
};

// Version 2: one command. `name` is "ls-refs", "fetch" or "object-info" and
// the member of that name is filled; empty at the end of the input or for a
// lone flush. Throws invalid for another command or an unknown argument.
struct CommandV2 {
  std::string name;
  LsRefsRequest ls_refs;
  FetchRequest fetch;
  ObjectInfoRequest object_info;
};
CommandV2 parse_command_v2(PktReader& reader);

}  // namespace skerry::git
