#include "receive_pack.h"

#include <algorithm>
#include <chrono>

#include "commit_graph.h"
#include "core/error.h"
#include "core/telemetry/log.h"
#include "core/text/glob.h"
#include "object_walk.h"
#include "objects.h"
#include "push_request.h"
#include "quarantine.h"
#include "ref_update.h"
#include "request_body.h"
#include "side_band.h"

namespace skerry::git {
namespace {

constexpr std::string_view kResultType =
    "application/x-git-receive-pack-result";
constexpr std::uint64_t kMaxCommands = 64u << 20;  // bytes of packets

PackLimits limits_of(const Settings& settings) {
  auto number = [&](std::string_view name) {
    return static_cast<std::uint64_t>(settings.integer(name));
  };
  return {number("git.max_pack_size"), number("git.max_object_size"),
          number("git.max_objects")};
}

class Push {
 public:
  Push(Context& context, const Repository& repository, http::Request& request,
       http::Response& response)
      : context_(context),
        repository_(repository),
        request_(request),
        response_(response),
        reader_(open_body(request), kMaxCommands),
        lease_(context.repositories.open(repository)),
        quarantine_(std::in_place, context.repositories.folder(repository),
                    lease_.odb(), limits_of(context.services.settings)) {}

  void serve();

 private:
  void receive();
  void discard_rest();
  void decide(SideBand& band);
  void unpack(SideBand& band);
  void check_changes(SideBand& band);
  void check_names();
  void check_connectivity(SideBand& band);
  void check_reached(const std::vector<RefChange*>& changes, SideBand& band);
  void check_protection(const RefList& refs);
  void fail_all(const std::string& error);
  bool any_left() const;
  void step(SideBand& band, std::string_view what, std::size_t done,
            std::size_t all);
  std::string report() const;
  void count(bool good) const;

  Context& context_;
  const Repository& repository_;
  http::Request& request_;
  http::Response& response_;
  PktReader reader_;
  RepositoryPool::Lease lease_;
  std::optional<Quarantine> quarantine_;
  PushRequest push_;
  std::vector<RefChange> changes_;
  std::string unpack_error_;
  bool source_failed_ = false;  // the client went away
  std::chrono::steady_clock::time_point told_ =
      std::chrono::steady_clock::now();
};

void Push::serve() {
  push_ = parse_push(reader_);
  for (const RefCommand& command : push_.commands) {
    changes_.push_back({command, ""});
  }
  if (changes_.empty()) {
    discard_rest();
    return response_.send(kResultType, "");  // the "0000" probe
  }
  receive();
  response_.stream(kResultType, [this](const http::Response::Writer& write) {
    SideBand band(write, push_.side_band ? kMaxPkt : 0);
    try {
      decide(band);
    } catch (const Error& error) {
      // Not the push's fault (a full disk, a database that cannot write).
      log::error("a push failed", {{"repository", repository_.full_name()},
                                   {"error", error.message()}});
      fail_all(error.message());
    }
    quarantine_.reset();  // before the client hears that it is over
    count(unpack_error_.empty() && any_left());
    if (push_.report_status) band.write(report());
    band.finish();
  });
}

void Push::receive() {
  if (push_.brings_pack()) {
    try {
      quarantine_->receive([this](char* buffer, std::size_t size) {
        source_failed_ = true;
        std::size_t got = reader_.read_raw(buffer, size);
        source_failed_ = false;
        return got;
      });
    } catch (const Error& error) {
      if (source_failed_) throw;
      unpack_error_ = error.message();
    }
  }
  discard_rest();
}

// A client hears our answer only after it has sent everything.
void Push::discard_rest() {
  constexpr std::uint64_t kMost = 16ull << 30;
  std::vector<char> buffer(64u << 10);
  std::uint64_t seen = 0;
  while (std::size_t got = reader_.read_raw(buffer.data(), buffer.size())) {
    seen += got;
    if (seen > kMost) {
      fail(ErrorCode::too_large, "the request goes on after its end");
    }
  }
}

void Push::step(SideBand& band, std::string_view what, std::size_t done,
                std::size_t all) {
  if (request_.stop.stop_requested()) {
    fail(ErrorCode::unavailable, "the server is stopping, push again");
  }
  auto now = std::chrono::steady_clock::now();
  if (now - told_ < std::chrono::milliseconds(500)) return;
  told_ = now;
  if (push_.quiet) {
    band.progress("\r");  // shows that the connection lives
  } else if (all > 0) {
    band.progress(
        fmt::format("{}: {}% ({}/{})\r", what, done * 100 / all, done, all));
  } else {
    band.progress(fmt::format("{}: {}\r", what, done));
  }
}

void Push::decide(SideBand& band) {
  unpack(band);
  if (!unpack_error_.empty()) return fail_all("unpacker error");
  check_changes(band);
  if (push_.atomic) fail_together(changes_);
  if (!any_left()) return;
  quarantine_->publish();
  update_refs(context_, repository_, changes_, push_.atomic,
              {request_.identity, push_.options});
}

void Push::unpack(SideBand& band) {
  if (!push_.brings_pack() || !unpack_error_.empty()) return;
  try {
    Slots::Slot slot = context_.walks.take(request_.stop);
    quarantine_->finish([&](std::size_t done, std::size_t all) {
      step(band, "Resolving deltas", done, all);
    });
    context_.services.metrics
        .counter("skerry_git_push_bytes_total", "Bytes of packs received")
        .add(static_cast<double>(quarantine_->pack_bytes()));
  } catch (const Error& error) {
    unpack_error_ = error.message();
  }
}

void Push::fail_all(const std::string& error) {
  for (RefChange& change : changes_) {
    if (change.error.empty()) change.error = error;
  }
}

bool Push::any_left() const {
  return std::any_of(changes_.begin(), changes_.end(),
                     [](const RefChange& c) { return c.error.empty(); });
}

void Push::check_changes(SideBand& band) {
  check_names();
  auto refs = context_.repositories.refs(repository_, lease_);
  if (push_.brings_pack() && any_left()) check_connectivity(band);
  check_protection(*refs);
}

void Push::check_names() {
  for (RefChange& change : changes_) {
    // What exists may be deleted, whatever its name.
    bool deletes = change.command.new_id.is_zero();
    if (!is_valid_ref_name(change.command.ref) &&
        !(deletes && change.command.ref.starts_with("refs/"))) {
      change.error = "funny refname";
    }
  }
}

void Push::check_connectivity(SideBand& band) {
  std::vector<RefChange*> all;
  for (RefChange& change : changes_) {
    if (change.error.empty() && !change.command.new_id.is_zero()) {
      all.push_back(&change);
    }
  }
  try {
    check_reached(all, band);
    return;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found &&
        error.code() != ErrorCode::invalid) {
      throw;
    }
    if (all.size() == 1) {
      all[0]->error = error.message();
      return;
    }
  }
  // Find out whose fault it is.
  for (RefChange* change : all) {
    try {
      check_reached({change}, band);
    } catch (const Error& error) {
      change->error = error.message();
    }
  }
}

// Everything that the new tips reach and the old refs do not must be here and
// well formed.
void Push::check_reached(const std::vector<RefChange*>& changes,
                         SideBand& band) {
  const ObjectReader& objects = quarantine_->objects();
  CommitGraph graph(objects);
  std::vector<CommitGraph::Node> tips, known;
  std::vector<Oid> others;
  for (RefChange* change : changes) {
    const RefCommand& command = change->command;
    auto peeled = objects.peel(command.new_id);
    if (!peeled) {
      fail(ErrorCode::not_found, "object {} is missing", command.new_id.hex());
    }
    if (peeled->type == ObjectType::commit) {
      auto node = graph.find(peeled->id);
      if (node) tips.push_back(*node);
    }
    if (peeled->type != ObjectType::commit || peeled->id != command.new_id) {
      others.push_back(command.new_id);
      if (command.ref.starts_with("refs/heads/")) {
        fail(ErrorCode::invalid, "a branch must name a commit");
      }
    }
  }
  auto refs = context_.repositories.refs(repository_, lease_);
  for (const Ref& ref : refs->refs) {
    if (auto node = graph.find(ref.peeled.value_or(ref.id))) {
      known.push_back(*node);
    }
  }
  WalkOptions options;
  options.check_objects =
      context_.services.settings.boolean("git.check_objects");
  options.blobs_must_exist = true;
  options.on_step = [&](std::size_t found) {
    step(band, "Checking connectivity", found, 0);
  };
  graph.on_step([&] { step(band, "Checking connectivity", graph.size(), 0); });
  Slots::Slot slot = context_.walks.take(request_.stop);
  ObjectWalk walk(objects, options);
  walk.add_commits(graph, graph.difference(tips, known));
  for (const Oid& id : others) walk.add_object(id);
}

void Push::check_protection(const RefList& refs) {
  auto patterns = protection_of(repository_, refs);
  for (RefChange& change : changes_) {
    const RefCommand& command = change.command;
    if (!change.error.empty() || command.old_id.is_zero() ||
        std::none_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) {
                       return glob_match(pattern, command.ref);
                     })) {
      continue;
    }
    if (command.new_id.is_zero()) {
      change.error = "protected: the ref may not be deleted";
      continue;
    }
    CommitGraph graph(quarantine_->objects());
    auto old_node = graph.find(command.old_id);
    auto new_node = graph.find(command.new_id);
    if (old_node && (!new_node || !graph.reaches({{*new_node}}, *old_node))) {
      change.error = "protected: only fast-forward is allowed";
    }
  }
}

std::string Push::report() const {
  std::string text;
  auto one_line = [](std::string line) {
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line.substr(0, 1000);
  };
  append_pkt(text, "unpack " +
                       (unpack_error_.empty() ? std::string("ok")
                                              : one_line(unpack_error_)) +
                       "\n");
  for (const RefChange& change : changes_) {
    append_pkt(text, change.error.empty() ? "ok " + change.command.ref + "\n"
                                          : "ng " + change.command.ref + " " +
                                                one_line(change.error) + "\n");
  }
  append_flush(text);
  return text;
}

void Push::count(bool good) const {
  context_.services.metrics
      .counter("skerry_git_pushes_total", "Pushes by their result",
               {{"result", good ? "ok" : "refused"}})
      .add();
}

}  // namespace

std::vector<std::string> protection_of(const Repository& repository,
                                       const RefList& refs) {
  if (repository.protection) return *repository.protection;
  if (refs.head_target.empty()) return {};
  return {refs.head_target};
}

void serve_receive_pack(Context& context, const Repository& repository,
                        http::Request& request, http::Response& response) {
  Push(context, repository, request, response).serve();
}

}  // namespace skerry::git
