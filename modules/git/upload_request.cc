#include "upload_request.h"

#include "core/error.h"
#include "core/text/number.h"

namespace skerry::git {
namespace {

Oid need_oid(std::string_view text, std::string_view line) {
  auto id = Oid::parse(text);
  if (!id) {
    fail(ErrorCode::invalid, "bad object id in '{}'", line.substr(0, 80));
  }
  return *id;
}

template <typename T>
T need_number(std::string_view text, T low, T high, std::string_view line) {
  const auto value = parse_number<T>(text);
  if (!value || *value < low || *value > high) {
    fail(ErrorCode::invalid, "bad number in '{}'", line.substr(0, 80));
  }
  return *value;
}

// The lines that both versions share. False when `line` is none of them.
bool take_shared_line(std::string_view line, FetchRequest& request) {
  std::string_view rest;
  if (take_prefix(line, "shallow ", &rest)) {
    request.shallows.push_back(need_oid(rest, line));
  } else if (take_prefix(line, "deepen ", &rest)) {
    request.depth = need_number<int>(rest, 1, kInfiniteDepth, line);
  } else if (take_prefix(line, "deepen-since ", &rest)) {
    request.deepen_since = need_number<std::int64_t>(rest, 0, INT64_MAX, line);
  } else if (take_prefix(line, "deepen-not ", &rest)) {
    request.deepen_not.emplace_back(rest);
  } else if (take_prefix(line, "filter ", &rest)) {
    request.filter = ObjectFilter::parse(rest);
  } else {
    return false;
  }
  return true;
}

void check_depth(const FetchRequest& request) {
  if (request.depth > 0 &&
      (request.deepen_since || !request.deepen_not.empty())) {
    fail(ErrorCode::invalid,
         "deepen and deepen-since (or deepen-not) cannot be used together");
  }
}

void take_capability_v0(std::string_view word, FetchRequest& request) {
  if (word == "multi_ack_detailed") {
    request.multi_ack = MultiAck::detailed;
  } else if (word == "multi_ack") {
    if (request.multi_ack == MultiAck::none) {
      request.multi_ack = MultiAck::plain;
    }
  } else if (word == "no-done") {
    request.no_done = true;
  } else if (word == "thin-pack") {
    request.thin_pack = true;
  } else if (word == "ofs-delta") {
    request.ofs_delta = true;
  } else if (word == "side-band-64k") {
    request.side_band = kMaxPkt;
  } else if (word == "side-band") {
    if (request.side_band == 0) request.side_band = 1000;
  } else if (word == "no-progress") {
    request.no_progress = true;
  } else if (word == "include-tag") {
    request.include_tag = true;
  } else if (word == "deepen-relative") {
    request.deepen_relative = true;
  } else if (std::string_view format;
             take_prefix(word, "object-format=", &format) && format != "sha1") {
    fail(ErrorCode::invalid, "object format '{}' is not supported",
         format.substr(0, 40));
  }
  // agent=, session-id=, filter, shallow ...: say nothing to act on.
}

void take_capabilities_v0(std::string_view text, FetchRequest& request) {
  while (!text.empty()) {
    std::size_t space = text.find(' ');
    take_capability_v0(text.substr(0, space), request);
    text = space == std::string_view::npos ? std::string_view()
                                           : text.substr(space + 1);
  }
}

void take_fetch_argument(std::string_view line, FetchRequest& request) {
  std::string_view rest;
  if (take_prefix(line, "want ", &rest)) {
    request.wants.push_back(need_oid(rest, line));
  } else if (take_prefix(line, "have ", &rest)) {
    request.haves.push_back(need_oid(rest, line));
  } else if (line == "done") {
    request.done = true;
  } else if (line == "thin-pack") {
    request.thin_pack = true;
  } else if (line == "no-progress") {
    request.no_progress = true;
  } else if (line == "include-tag") {
    request.include_tag = true;
  } else if (line == "ofs-delta") {
    request.ofs_delta = true;
  } else if (line == "deepen-relative") {
    request.deepen_relative = true;
  } else if (line == "wait-for-done") {
    request.wait_for_done = true;
  } else if (!take_shared_line(line, request)) {
    fail(ErrorCode::invalid, "fetch: unexpected line '{}'", line.substr(0, 80));
  }
}

void take_ls_refs_argument(std::string_view line, LsRefsRequest& request) {
  // More prefixes than this are as good as none: the client filters anyway.
  constexpr std::size_t kMaxPrefixes = 65536;
  std::string_view rest;
  if (line == "peel") {
    request.peel = true;
  } else if (line == "symrefs") {
    request.symrefs = true;
  } else if (line == "unborn") {
    request.unborn = true;
  } else if (take_prefix(line, "ref-prefix ", &rest)) {
    if (request.prefixes.size() < kMaxPrefixes) {
      request.prefixes.emplace_back(rest);
    } else {
      fail(ErrorCode::too_large, "ls-refs: more than {} prefixes",
           kMaxPrefixes);
    }
  } else {
    fail(ErrorCode::invalid, "ls-refs: unexpected line '{}'",
         line.substr(0, 80));
  }
}

void take_object_info_argument(std::string_view line,
                               ObjectInfoRequest& request) {
  std::string_view rest;
  if (line == "size") {
    request.size = true;
  } else if (take_prefix(line, "oid ", &rest)) {
    request.ids.push_back(need_oid(rest, line));
  } else {
    fail(ErrorCode::invalid, "object-info: unexpected line '{}'",
         line.substr(0, 80));
  }
}

// The capability lines before the delimiter: the command and the format.
void take_command_line(std::string_view line, CommandV2& command) {
  std::string_view rest;
  if (take_prefix(line, "command=", &rest)) {
    if (rest != "ls-refs" && rest != "fetch" && rest != "object-info") {
      fail(ErrorCode::invalid, "invalid command '{}'", rest.substr(0, 40));
    }
    if (!command.name.empty()) {
      fail(ErrorCode::invalid, "command '{}' requested after '{}'", rest,
           command.name);
    }
    command.name = rest;
  } else if (take_prefix(line, "object-format=", &rest)) {
    if (rest != "sha1") {
      fail(ErrorCode::invalid, "object format '{}' is not supported",
           rest.substr(0, 40));
    }
  } else if (!line.starts_with("agent=") &&
             !line.starts_with("server-option=") &&
             !line.starts_with("session-id=")) {
    fail(ErrorCode::invalid, "unknown capability '{}'", line.substr(0, 80));
  }
}

}  // namespace

ObjectFilter ObjectFilter::parse(std::string_view text) {
  ObjectFilter filter;
  std::string_view rest;
  if (text == "blob:none") {
    filter.kind = Kind::blob_none;
  } else if (take_prefix(text, "blob:limit=", &rest)) {
    int shift = 0;
    if (!rest.empty()) {
      char unit = rest.back();
      shift = unit == 'k' ? 10 : unit == 'm' ? 20 : unit == 'g' ? 30 : 0;
      if (shift != 0) rest.remove_suffix(1);
    }
    filter.kind = Kind::blob_limit;
    filter.limit =
        need_number<std::uint64_t>(rest, 0, UINT64_MAX >> shift, text) << shift;
  } else if (text == "tree:0") {
    filter.kind = Kind::tree_zero;
  } else {
    fail(ErrorCode::invalid,
         "filter '{}' is not supported; blob:none, blob:limit=<n> and tree:0 "
         "are",
         text.substr(0, 80));
  }
  return filter;
}

FetchRequest parse_fetch_v0(PktReader& reader) {
  FetchRequest request;
  for (Pkt pkt = reader.next();; pkt = reader.next()) {
    if (pkt.kind == PktKind::flush) break;
    if (pkt.kind == PktKind::end_of_input && request.wants.empty()) break;
    if (pkt.kind != PktKind::data) {
      fail(ErrorCode::invalid, "the list of wants has no end");
    }
    std::string_view rest;
    if (take_prefix(pkt.text, "want ", &rest)) {
      bool first = request.wants.empty();
      request.wants.push_back(need_oid(rest.substr(0, kOidHex), pkt.text));
      rest.remove_prefix(kOidHex);
      if (first) take_capabilities_v0(rest, request);
    } else if (!take_shared_line(pkt.text, request)) {
      fail(ErrorCode::invalid, "unexpected line '{}'", pkt.text.substr(0, 80));
    }
  }
  check_depth(request);
  return request;
}

NegotiationStep next_step_v0(PktReader& reader) {
  using Kind = NegotiationStep::Kind;
  Pkt pkt = reader.next();
  if (pkt.kind == PktKind::flush) return {Kind::flush, {}};
  if (pkt.kind == PktKind::end_of_input) return {Kind::end_of_input, {}};
  if (pkt.is("done")) return {Kind::done, {}};
  std::string_view rest;
  if (pkt.kind != PktKind::data || !take_prefix(pkt.text, "have ", &rest)) {
    fail(ErrorCode::invalid, "expected have, done or a flush, got '{}'",
         pkt.text.substr(0, 80));
  }
  return {Kind::have, need_oid(rest, pkt.text)};
}

CommandV2 parse_command_v2(PktReader& reader) {
  CommandV2 command;
  Pkt pkt = reader.next();
  for (; pkt.kind == PktKind::data; pkt = reader.next()) {
    take_command_line(pkt.text, command);
  }
  if (command.name.empty()) {
    if (pkt.kind == PktKind::delimiter) {
      fail(ErrorCode::invalid, "no command requested");
    }
    return command;
  }
  if (pkt.kind == PktKind::delimiter) {
    for (pkt = reader.next(); pkt.kind == PktKind::data; pkt = reader.next()) {
      if (command.name == "fetch") {
        take_fetch_argument(pkt.text, command.fetch);
      } else if (command.name == "ls-refs") {
        take_ls_refs_argument(pkt.text, command.ls_refs);
      } else {
        take_object_info_argument(pkt.text, command.object_info);
      }
    }
  }
  if (pkt.kind != PktKind::flush) {
    fail(ErrorCode::invalid, "the request has no flush at its end");
  }
  command.fetch.side_band = kMaxPkt;
  check_depth(command.fetch);
  return command;
}

}  // namespace skerry::git
