// What a pushing client says to receive-pack (gitprotocol-pack(5) "Pushing
// Data To a Server"), up to the pack. Parsing only.
#pragma once

#include <string>
#include <vector>

#include "oid.h"
#include "pkt_line.h"

namespace skerry::git {

struct RefCommand {
  Oid old_id;  // zeros: the ref is to be made
  Oid new_id;  // zeros: the ref is to go
  std::string ref;
};

struct PushRequest {
  std::vector<RefCommand> commands;  // none: the "0000" probe
  std::vector<std::string> options;
  bool report_status = false;  // either version
  bool side_band = false;
  bool atomic = false;
  bool quiet = false;

  bool brings_pack() const;  // unless all it does is delete
};

// Throws invalid, also for signed pushes, which are not supported, and for
// two commands for one ref.
PushRequest parse_push(PktReader& reader);

}  // namespace skerry::git
