#include "push_request.h"

#include <algorithm>
#include <set>

#include "core/error.h"

namespace skerry::git {
namespace {

bool take_capability(std::string_view word, PushRequest& request) {
  bool options = false;
  std::string_view format;
  if (word == "report-status" || word == "report-status-v2") {
    request.report_status = true;
  } else if (word == "side-band-64k") {
    request.side_band = true;
  } else if (word == "atomic") {
    request.atomic = true;
  } else if (word == "quiet") {
    request.quiet = true;
  } else if (word == "push-options") {
    options = true;
  } else if (take_prefix(word, "object-format=", &format) && format != "sha1") {
    fail(ErrorCode::invalid, "object format '{}' is not supported",
         format.substr(0, 40));
  }
  return options;
}

// "<old> <new> <ref>", of the first line followed by "\0<capabilities>".
RefCommand parse_command(std::string_view line) {
  constexpr std::size_t kIds = 2 * (kOidHex + 1);
  std::optional<Oid> old_id, new_id;
  if (line.size() > kIds && line[kOidHex] == ' ' && line[kIds - 1] == ' ') {
    old_id = Oid::parse(line.substr(0, kOidHex));
    new_id = Oid::parse(line.substr(kOidHex + 1, kOidHex));
  }
  if (!old_id || !new_id) {
    fail(ErrorCode::invalid, "expected 'old new ref', got '{}'",
         line.substr(0, 120));
  }
  return {*old_id, *new_id, std::string(line.substr(kIds))};
}

void parse_options(PktReader& reader, PushRequest& request) {
  constexpr std::size_t kMaxOptions = 64;
  for (Pkt pkt = reader.next(); pkt.kind != PktKind::flush;
       pkt = reader.next()) {
    if (pkt.kind != PktKind::data) {
      fail(ErrorCode::invalid, "the push options have no end");
    }
    if (request.options.size() == kMaxOptions) {
      fail(ErrorCode::too_large, "more than {} push options", kMaxOptions);
    }
    request.options.emplace_back(pkt.text);
  }
}

}  // namespace

bool PushRequest::brings_pack() const {
  return std::any_of(commands.begin(), commands.end(),
                     [](const RefCommand& c) { return !c.new_id.is_zero(); });
}

PushRequest parse_push(PktReader& reader) {
  PushRequest request;
  std::set<std::string> refs;
  bool has_options = false;
  for (Pkt pkt = reader.next(); pkt.kind != PktKind::flush;
       pkt = reader.next()) {
    if (pkt.kind == PktKind::end_of_input && request.commands.empty()) break;
    if (pkt.kind != PktKind::data) {
      fail(ErrorCode::invalid, "the list of commands has no end");
    }
    // A push from a shallow clone names its shallow commits. What they lack
    // must be here already, which the connectivity check finds out.
    if (pkt.text.starts_with("shallow ")) continue;
    if (pkt.text.starts_with("push-cert")) {
      fail(ErrorCode::invalid, "signed pushes are not supported");
    }
    std::size_t end = pkt.text.find('\0');
    if (end != std::string_view::npos && request.commands.empty()) {
      std::string_view words = pkt.text.substr(end + 1);
      while (!words.empty()) {
        std::size_t space = words.find(' ');
        has_options |= take_capability(words.substr(0, space), request);
        words = space == std::string_view::npos ? "" : words.substr(space + 1);
      }
    }
    request.commands.push_back(parse_command(pkt.text.substr(0, end)));
    if (!refs.insert(request.commands.back().ref).second) {
      fail(ErrorCode::invalid, "two commands for the ref '{}'",
           request.commands.back().ref.substr(0, 120));
    }
  }
  if (has_options) parse_options(reader, request);
  return request;
}

}  // namespace skerry::git
