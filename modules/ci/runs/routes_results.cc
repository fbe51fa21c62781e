#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "core/error.h"
#include "core/http/numbers.h"
#include "runs/reports.h"
#include "runs/routes.h"

namespace skerry::ci::routes {
namespace {

constexpr std::size_t kPiece = 64u << 10;
constexpr std::chrono::milliseconds kPause{20};      // between two pieces
constexpr std::chrono::milliseconds kLook{1'000};    // for an end of the server
constexpr std::chrono::milliseconds kHeartbeat{15'000};

std::uint64_t wanted_offset(const Request& request) {
  return static_cast<std::uint64_t>(http::query_number(request, "offset", 0));
}

// A run that waits has no log yet; that is an empty one.
Fd open_log(Context& context, const Run& run) {
  Fd fd(::open(context.log_file(run).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && errno != ENOENT) fail_errno("log");
  return fd;
}

std::string read_piece(const Fd& fd, std::uint64_t offset) {
  if (!fd) return {};
  std::string piece(kPiece, '\0');
  const ssize_t got =
      ::pread(fd.get(), piece.data(), piece.size(), static_cast<off_t>(offset));
  piece.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return piece;
}

std::string sse(std::string_view event, const Json& data) {
  return fmt::format("event: {}\ndata: {}\n\n", event,
                     data.dump(-1, ' ', false,
                               Json::error_handler_t::replace));
}

// One reader of a live log.
class LogFollower {
 public:
  LogFollower(Context& context, Run run, std::uint64_t offset)
      : context_(context),
        run_(std::move(run)),
        offset_(offset),
        reader_(context.board) {}

  void follow(const Response::Writer& write, const std::stop_token& stop) {
    auto quiet_since = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
      // The row first: what it says of the log is on disk by then.
      const bool over = send_row(write);
      const bool sent = send_log(write);
      if (over) {
        write("event: end\ndata: {}\n\n");
        return;
      }
      const auto now = std::chrono::steady_clock::now();
      if (sent) {
        quiet_since = now;
      } else if (now - quiet_since >= kHeartbeat) {
        write(":\n\n");  // finds out whether the client is still there
        quiet_since = now;
      }
      if (sent) std::this_thread::sleep_for(kPause);
      seen_ = context_.board.wait(run_.id, seen_, kLook);
    }
  }

 private:
  bool send_row(const Response::Writer& write) {
    const auto run = context_.store.find(run_.id);
    if (!run) return true;  // pruned meanwhile
    const std::string row =
        sse("run", run_to_json(*run, context_.store.stages(run_.id)));
    if (row != last_row_) write(row);
    last_row_ = row;
    return run->state == RunState::finished;
  }

  bool send_log(const Response::Writer& write) {
    if (!file_) file_ = open_log(context_, run_);
    bool sent = false;
    for (;;) {
      std::string piece = read_piece(file_, offset_);
      if (piece.empty()) return sent;
      // Whole lines, so that no character is cut.
      if (const auto end = piece.rfind('\n'); end != std::string::npos) {
        piece.resize(end + 1);
      }
      write(sse("log", {{"offset", offset_},
                       {"end", offset_ + piece.size()},
                       {"text", piece}}));
      offset_ += piece.size();
      sent = true;
    }
  }

  Context& context_;
  const Run run_;
  std::uint64_t offset_;
  LogBoard::Reader reader_;
  std::uint64_t seen_ = 0;
  std::string last_row_;
  Fd file_;
};

}  // namespace

void log(Context& context, Request& request, Response& response) {
  const Run run = wanted_run(context, request);
  std::uint64_t offset = wanted_offset(request);
  const Fd fd = open_log(context, run);
  response.header("X-Skerry-Log-Complete",
                  run.state == RunState::finished ? "true" : "false");
  response.header("X-Content-Type-Options", "nosniff");
  response.stream("text/plain; charset=utf-8",
                  [&](const Response::Writer& write) {
                    for (;;) {
                      const std::string piece = read_piece(fd, offset);
                      if (piece.empty()) return;
                      write(piece);
                      offset += piece.size();
                    }
                  });
}

void stream_log(Context& context, Request& request, Response& response) {
  LogFollower follower(context, wanted_run(context, request),
                       wanted_offset(request));
  response.header("Cache-Control", "no-store");
  response.stream("text/event-stream", [&](const Response::Writer& write) {
    follower.follow(write, request.stop);
  });
}

void artifacts(Context& context, Request& request, Response& response) {
  Json out = Json::array();
  for (const Artifact& one :
       context.store.artifacts(wanted_run(context, request).id)) {
    out.push_back(
        {{"path", one.path}, {"size", one.size}, {"digest", one.digest}});
  }
  response.send_json({{"artifacts", out}});
}

void artifact(Context& context, Request& request, Response& response) {
  const Run run = wanted_run(context, request);
  const std::string& path = request.param("path");
  const auto found = context.store.artifact(run.id, path);
  if (!found) {
    fail(ErrorCode::not_found, "run #{} has no artifact {}", run.number, path);
  }
  const auto digest = Digest::parse(found->digest);
  if (!digest) fail(ErrorCode::internal, "artifact {}: bad digest", path);
  const Fd file = context.services.blobs.open(*digest);
  // It is whatever the pipeline made: to be saved, never to be shown as a page.
  response.header("Content-Disposition", "attachment");
  response.header("X-Content-Type-Options", "nosniff");
  response.header("ETag", fmt::format("\"{}\"", found->digest));
  response.send_file(file, static_cast<std::uint64_t>(found->size),
                     "application/octet-stream");
}

void tests(Context& context, Request& request, Response& response) {
  const auto digests =
      context.store.test_reports(wanted_run(context, request).id);
  response.stream("application/json", [&](const Response::Writer& write) {
    write("{\"suites\":[");
    bool first = true;
    for (const std::string& text : digests) {
      const auto digest = Digest::parse(text);
      if (!digest) continue;
      // Each blob is an array; theirs are joined to one.
      const std::string suites = context.services.blobs.read(*digest);
      if (suites.size() <= 2) continue;
      if (!first) write(",");
      write(std::string_view(suites).substr(1, suites.size() - 2));
      first = false;
    }
    write("]}");
  });
}

}  // namespace skerry::ci::routes
