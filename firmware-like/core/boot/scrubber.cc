#include "core/boot/scrubber.h"

#include <thread>

#include "core/error.h"
#include "core/telemetry/log.h"

namespace skerry::boot {
namespace {

using Clock = std::chrono::steady_clock;

// Holds a reader to so many bytes a second.
class Throttle {
 public:
  explicit Throttle(std::int64_t rate) : rate_(rate) {}
  void spend(std::uint64_t bytes) {
    if (rate_ <= 0) return;
    spent_ += static_cast<double>(bytes) / static_cast<double>(rate_);
    const auto due = start_ + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(spent_));
    // Time that was lost elsewhere is not made up for by a burst.
    const auto now = Clock::now();
    if (due > now) {
      std::this_thread::sleep_until(due);
    } else {
      start_ += now - due;
    }
  }

 private:
  const std::int64_t rate_;
  Clock::time_point start_ = Clock::now();
  double spent_ = 0;  // seconds
};

}  // namespace

std::span<const Migration> Scrubber::migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        create table storage_fault (
          kind   text not null,
          name   text not null,
          reason text not null,
          run    integer not null,   -- the last that found it
          primary key (kind, name)
        ) without rowid;
      )sql"},
  };
  return kMigrations;
}

// A run in progress.
class Scrubber::Run {
 public:
  Run(Scrubber& scrubber, JobContext& job, RunRecorder& recorder)
      : scrubber_(scrubber),
        services_(scrubber.services_),
        job_(job),
        recorder_(recorder),
        throttle_(job.job().payload.value("rate", std::int64_t{0})),
        scrub_(job.stop(), [this](Fault fault) { report(std::move(fault)); }) {}

  void carry_out() {
    recorder_.step("reading the blobs");
    services_.blobs.each([&](const Digest& digest, std::uint64_t,
                             std::int64_t) { read_again(digest); });
    for (const auto& [module, use] : scrubber_.collector_.uses()) {
      if (!use.scrub) continue;
      recorder_.step(fmt::format("asking {}", module));
      use.scrub(scrub_);
      stop_if_asked(job_);
    }
    // What this run has not found again was mended.
    services_.db.write([&](Transaction& tx) {
      tx.run("delete from storage_fault where run < ?", id());
    });
  }

 private:
  std::int64_t id() const { return std::stoll(job_.job().subject); }

  void report(Fault fault) {
    log::error("stored content is damaged", {{"kind", fault.kind},
                                             {"name", fault.name},
                                             {"reason", fault.reason}});
    services_.db.write([&](Transaction& tx) {
      tx.run(
          "insert into storage_fault (kind, name, reason, run) "
          "values (?, ?, ?, ?) on conflict (kind, name) do update set "
          "reason = excluded.reason, run = excluded.run",
          fault.kind, fault.name, fault.reason, id());
    });
    recorder_.add({std::move(fault.kind), std::move(fault.name),
                   std::move(fault.reason)});
    recorder_.flush();
  }

  void read_again(const Digest& digest) {
    constexpr std::int64_t kTell = 256 << 20;
    const bool whole = services_.blobs.verify(digest, [&](std::uint64_t bytes) {
      throttle_.spend(bytes);
      recorder_.add_bytes(static_cast<std::int64_t>(bytes));
      since_told_ += static_cast<std::int64_t>(bytes);
      if (since_told_ >= kTell) {
        since_told_ = 0;
        recorder_.flush();
      }
      stop_if_asked(job_);
    });
    if (!whole) damaged(digest);
  }

  // It is moved out of the way, so that it is taken anew when it is pushed
  // again; what is left of it stays for who wants to look at it.
  void damaged(const Digest& digest) {
    const auto user = services_.db.read([&](Connection& db) {
      return scrubber_.collector_.user_of(db, digest);
    });
    services_.blobs.set_aside(digest);
    report({"damaged blob", digest.to_string(),
            fmt::format("its bytes are not those of its digest; needed by {}; "
                        "it was set aside, push it again",
                        user.value_or("nothing any more"))});
  }

  Scrubber& scrubber_;
  Services& services_;
  JobContext& job_;
  RunRecorder& recorder_;
  Throttle throttle_;
  Scrub scrub_;
  std::int64_t since_told_ = 0;
};

std::int64_t Scrubber::start(std::int64_t rate) {
  return runs_.start({{"rate", rate}}, false);
}

void Scrubber::start_when_due() {
  if (runs_.due(services_.settings.duration("storage.scrub_every"))) {
    start(services_.settings.integer("storage.scrub_rate"));
  }
}

void Scrubber::run(JobContext& job) {
  runs_.carry_out(job, [&](RunRecorder& recorder) {
    Run(*this, job, recorder).carry_out();
  });
}

std::vector<http::Route> Scrubber::routes() {
  return storage_run_routes(runs_, "scrubs", [this](http::Request& req) {
    const Json body = req.read_json();
    refuse_unknown_members(body, {"rate_bytes"}, "the body");
    const auto rate = optional_int(body, "rate_bytes", 0);
    if (rate < 0) {
      fail(ErrorCode::invalid, "rate_bytes must not be negative");
    }
    const auto id = start(rate);
    services_.db.write([&](Transaction& tx) {
      services_.accounts.audit(tx, req.identity, "storage.scrub",
                               std::to_string(id));
    });
    return id;
  });
}

std::string Scrubber::trouble() {
  return services_.db.read([](Connection& db) -> std::string {
    auto rows = db.query(
        "select kind, name, reason, count(*) over () from storage_fault "
        "limit 1");
    if (!rows.next()) return {};
    return fmt::format("{} faults, such as: {} {}: {}; see skerry fsck",
                       rows.integer(3), rows.text(0), rows.text(1),
                       rows.text(2));
  });
}

}  // namespace skerry::boot
