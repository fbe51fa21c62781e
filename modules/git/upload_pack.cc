#include "upload_pack.h"

#include <chrono>

#include "advertise.h"
#include "core/error.h"
#include "core/telemetry/log.h"
#include "fetch_session.h"
#include "request_body.h"

namespace skerry::git {
namespace {

constexpr std::string_view kResultType = "application/x-git-upload-pack-result";
// Of packets in one request: about a million haves.
constexpr std::uint64_t kMaxRequest = 64u << 20;

// Tells the client now and then how far a walk has come, which also shows
// proxies on the way that the connection lives.
class Progress {
 public:
  Progress(SideBand& band, bool quiet) : band_(band), quiet_(quiet) {}
  void found(std::size_t objects) {
    auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(500)) return;
    last_ = now;
    // An empty message is a keep-alive.
    band_.progress(quiet_ ? std::string("\r")
                          : fmt::format("Finding objects: {}\r", objects));
  }
  void done(std::size_t objects) {
    if (!quiet_) {
      band_.progress(fmt::format("Finding objects: {}, done.\n", objects));
    }
  }

 private:
  SideBand& band_;
  const bool quiet_;
  std::chrono::steady_clock::time_point last_ =
      std::chrono::steady_clock::now();
};

class Upload {
 public:
  Upload(Context& context, const Repository& repository, http::Request& request,
         http::Response& response)
      : context_(context),
        repository_(repository),
        response_(response),
        reader_(open_body(request), kMaxRequest),
        session_(context, repository, request.stop) {}

  void serve_v0(int version);
  void serve_v2();

 private:
  enum class Next { answer, pack };

  Next negotiate_v0(const FetchRequest& request);
  void fetch_v2(const FetchRequest& request);
  void object_info(const ObjectInfoRequest& request);
  void append_shallow(const ShallowChange& change);
  void read_to_end();
  void answer() { response_.send(kResultType, out_); }
  void send_pack_after_answer(const FetchRequest& request);

  Context& context_;
  const Repository& repository_;
  http::Response& response_;
  PktReader reader_;
  FetchSession session_;
  std::string out_;
};

void Upload::read_to_end() {
  char rest[4096];
  while (reader_.read_raw(rest, sizeof rest) > 0) {
  }
}

void Upload::append_shallow(const ShallowChange& change) {
  for (const Oid& id : change.shallow) {
    append_pkt(out_, "shallow " + id.hex());
  }
  for (const Oid& id : change.unshallow) {
    append_pkt(out_, "unshallow " + id.hex());
  }
}

void Upload::serve_v0(int version) {
  (void)version;  // version 1 differs in the advertisement only
  FetchRequest request = parse_fetch_v0(reader_);
  if (request.wants.empty()) {
    read_to_end();
    return answer();
  }
  session_.set_wants(request.wants);
  ShallowChange change = session_.set_depth(request);
  if (request.deepens()) {
    append_shallow(change);
    append_flush(out_);
  }
  Next next = negotiate_v0(request);
  read_to_end();
  if (next == Next::answer) return answer();
  send_pack_after_answer(request);
}

// The dialogue of get_common_commits() in Git's upload-pack, one HTTP request
// at a time: a client without the answer that it hopes for asks again.
Upload::Next Upload::negotiate_v0(const FetchRequest& request) {
  using Kind = NegotiationStep::Kind;
  const bool detailed = request.multi_ack == MultiAck::detailed;
  const bool multi = request.multi_ack != MultiAck::none;
  bool any_line = false, got_common = false, got_other = false;
  bool sent_ready = false;
  std::string last;
  auto ack = [&](std::string_view id, std::string_view status) {
    append_pkt(out_, fmt::format("ACK {}{}\n", id, status));
  };
  for (;;) {
    NegotiationStep step = next_step_v0(reader_);
    if (step.kind == Kind::end_of_input && !any_line) return Next::answer;
    any_line = true;
    if (step.kind == Kind::have) {
      std::string hex = step.id.hex();
      if (session_.add_have(step.id)) {
        got_common = true;
        last = hex;
        if (multi) {
          ack(hex, detailed ? " common" : " continue");
        } else if (session_.common() == 1) {
          ack(hex, "");
        }
      } else {
        got_other = true;
        if (multi && session_.is_ready()) {
          sent_ready = sent_ready || detailed;
          ack(hex, detailed ? " ready" : " continue");
          last = last.empty() ? hex : last;
        }
      }
    } else if (step.kind == Kind::done) {
      if (session_.common() > 0 && !last.empty()) {
        if (multi) ack(last, "");
      } else {
        append_pkt(out_, "NAK\n");
      }
      return Next::pack;
    } else {
      if (detailed && got_common && !got_other && session_.is_ready()) {
        sent_ready = true;
        ack(last, " ready");
      }
      if (session_.common() == 0 || multi) append_pkt(out_, "NAK\n");
      if (request.no_done && sent_ready) {
        ack(last, "");
        return Next::pack;
      }
      return Next::answer;
    }
  }
}

void Upload::serve_v2() {
  CommandV2 command = parse_command_v2(reader_);
  read_to_end();
  if (command.name == "ls-refs") {
    out_ = list_refs(command.ls_refs, session_.refs());
    answer();
  } else if (command.name == "fetch") {
    fetch_v2(command.fetch);
  } else if (command.name == "object-info") {
    object_info(command.object_info);
  } else {
    answer();  // the "0000" probe
  }
}

void Upload::fetch_v2(const FetchRequest& request) {
  if (request.wants.empty() && !request.wait_for_done) return answer();
  session_.set_wants(request.wants);
  ShallowChange change = session_.set_depth(request);
  if (!request.haves.empty() && !request.done) {
    append_pkt(out_, "acknowledgments\n");
    bool common = false;
    for (const Oid& have : request.haves) {
      if (!session_.add_have(have)) continue;
      append_pkt(out_, "ACK " + have.hex() + "\n");
      common = true;
    }
    if (!common) append_pkt(out_, "NAK\n");
    if (request.wait_for_done || !session_.is_ready()) {
      append_flush(out_);
      return answer();
    }
    append_pkt(out_, "ready\n");
    append_delimiter(out_);
  } else {
    for (const Oid& have : request.haves) session_.add_have(have);
  }
  if (request.wants.empty()) return answer();
  if (request.deepens() || !request.shallows.empty()) {
    append_pkt(out_, "shallow-info\n");
    append_shallow(change);
    append_delimiter(out_);
  }
  append_pkt(out_, "packfile\n");
  send_pack_after_answer(request);
}

void Upload::object_info(const ObjectInfoRequest& request) {
  if (request.size) append_pkt(out_, "size");
  for (const Oid& id : request.ids) {
    auto header = session_.objects().header(id);
    std::string line = id.hex() + " ";
    if (request.size && header) line += std::to_string(header->size);
    append_pkt(out_, line);
  }
  append_flush(out_);
  answer();
}

void Upload::send_pack_after_answer(const FetchRequest& request) {
  Counter& bytes = context_.services.metrics.counter(
      "skerry_git_fetch_bytes_total", "Bytes of packs sent to clients");
  context_.services.metrics
      .counter("skerry_git_fetches_total", "Packs sent to clients")
      .add();
  response_.stream(kResultType, [&](const http::Response::Writer& write) {
    write(out_);
    SideBand band(write, request.side_band);
    try {
      Progress progress(band, request.no_progress);
      auto plan = session_.plan(
          request, [&](std::size_t found) { progress.found(found); });
      progress.done(plan->count);
      send_pack(*plan, session_.objects(), band);
      band.finish();
    } catch (const Error& error) {
      log::warning("a fetch was broken off",
                   {{"repository", repository_.full_name()},
                    {"error", error.message()}});
      // Throws again when it is the client that has gone.
      band.error(error.message() + "\n");
      throw;
    }
    bytes.add(static_cast<double>(band.sent()));
  });
}

}  // namespace

void serve_upload_pack(Context& context, const Repository& repository,
                       int version, http::Request& request,
                       http::Response& response) {
  try {
    Upload upload(context, repository, request, response);
    if (version == 2) {
      upload.serve_v2();
    } else {
      upload.serve_v0(version);
    }
  } catch (const http::ProtocolError&) {
    throw;
  } catch (const Error& error) {
    if (response.started() || error.code() == ErrorCode::io ||
        error.code() == ErrorCode::internal) {
      throw;
    }
    // Clients show an ERR packet as "remote error: ...", and of an HTTP error
    // only its number.
    std::string out;
    append_pkt(out, "ERR " + error.message().substr(0, 1000));
    response.send(kResultType, out);
  }
}

}  // namespace skerry::git
