#include "core/boot/storage_runs.h"

#include "core/error.h"
#include "core/telemetry/log.h"

namespace skerry::boot {
namespace {

// Items are written in batches.
constexpr std::size_t kBatch = 256;
constexpr int kKeptRuns = 20;

constexpr std::string_view kColumns =
    "select id, dry_run, started, finished, error, step, items, bytes "
    "from storage_run ";

StorageRun read_run(const Rows& rows) {
  StorageRun run;
  run.id = rows.integer(0);
  run.dry_run = rows.integer(1) != 0;
  run.started = rows.integer(2);
  run.finished = rows.optional_integer(3);
  run.error = rows.text(4);
  run.step = rows.text(5);
  run.items = rows.integer(6);
  run.bytes = rows.integer(7);
  return run;
}

}  // namespace

std::span<const Migration> StorageRuns::migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        create table storage_run (
          id       integer primary key autoincrement,
          kind     text not null,               -- of its job
          job      integer not null default 0,
          dry_run  integer not null,
          started  integer not null,            -- ms since 1970
          finished integer,
          error    text not null default '',
          step     text not null default '',
          items    integer not null default 0,
          bytes    integer not null default 0
        );
        create table storage_item (
          run      integer not null
            references storage_run (id) on delete cascade,
          number   integer not null,            -- 1, 2 ...
          kind     text not null,
          name     text not null,
          reason   text not null,
          bytes    integer not null,
          primary key (run, number)
        ) without rowid;
      )sql"},
  };
  return kMigrations;
}

std::int64_t StorageRuns::start(const Json& payload, bool dry_run) {
  return services_.db.write_alone([&](Transaction& tx) {
    {
      auto rows = tx.query(
          "select id from storage_run where kind = ? and finished is null",
          job_);
      if (rows.next()) {
        fail(ErrorCode::conflict, "{} {} is under way; wait for it", name_,
             rows.integer(0));
      }
    }
    tx.run("insert into storage_run (kind, dry_run, started) values (?, ?, ?)",
           job_, dry_run, services_.clock.now());
    const auto id = tx.last_insert_id();
    tx.run("update storage_run set job = ? where id = ?",
           services_.jobs.enqueue(tx, job_, std::to_string(id), payload), id);
    tx.run("delete from storage_run where kind = ?1 and id not in "
           "(select id from storage_run where kind = ?1 "
           " order by id desc limit ?2)",
           job_, kKeptRuns);
    return id;
  });
}

bool StorageRuns::due(std::chrono::milliseconds every) {
  return every.count() > 0 && services_.db.read([&](Connection& db) {
    auto rows = db.query(
        "select 1 from storage_run where kind = ? and (finished is null "
        "or (dry_run = 0 and started > ?))",
        job_, services_.clock.now() - every.count());
    return !rows.next();
  });
}

// What an earlier process found before it died is found again, or is gone.
void StorageRuns::begin(std::int64_t id) {
  services_.db.write([&](Transaction& tx) {
    tx.run("delete from storage_item where run = ?", id);
    tx.run("update storage_run set items = 0, bytes = 0 where id = ?", id);
  });
}

void stop_if_asked(const JobContext& job) {
  if (job.cancelled()) fail(ErrorCode::conflict, "cancelled");
  if (job.stop().stop_requested()) {
    fail(ErrorCode::unavailable, "the server is stopping");
  }
}

void StorageRuns::carry_out(JobContext& job,
                            const std::function<void(RunRecorder&)>& work) {
  const auto id = std::stoll(job.job().subject);
  RunRecorder recorder(services_, id);
  std::string failure;
  try {
    begin(id);
    work(recorder);
  } catch (const std::exception& error) {
    // On an orderly stop it is taken up again at the next start.
    if (job.stop().stop_requested() && !job.cancelled()) throw;
    failure = error.what();
  }
  recorder.flush();
  finish(id, failure);
  log::info(name_ + " is over", {{"run", id},
                                 {"items", recorder.items()},
                                 {"bytes", recorder.bytes()},
                                 {"error", failure}});
}

void StorageRuns::finish(std::int64_t id, std::string_view error) {
  services_.db.write([&](Transaction& tx) {
    tx.run("update storage_run set finished = ?, error = ?, step = '' "
           "where id = ? and finished is null",
           services_.clock.now(), error, id);
  });
}

bool StorageRuns::cancel(std::int64_t id) {
  const auto job = services_.db.read([&](Connection& db) {
    auto rows = db.query(
        "select job from storage_run where id = ? and finished is null", id);
    return rows.next() ? rows.optional_integer(0) : std::nullopt;
  });
  if (!job || !services_.jobs.cancel(*job)) return false;
  // One that had not begun is over; one that runs says so itself.
  const auto state = services_.jobs.find(*job);
  if (state && state->state == JobState::cancelled) finish(id, "cancelled");
  return true;
}

std::vector<StorageRun> StorageRuns::list() {
  return services_.db.read([&](Connection& db) {
    auto rows = db.query(
        std::string(kColumns) + "where kind = ? order by id desc", job_);
    std::vector<StorageRun> found;
    while (rows.next()) found.push_back(read_run(rows));
    return found;
  });
}

std::optional<StorageRun> StorageRuns::find(std::int64_t id) {
  return services_.db.read([&](Connection& db) -> std::optional<StorageRun> {
    auto rows = db.query(std::string(kColumns) + "where kind = ? and id = ?",
                         job_, id);
    if (!rows.next()) return {};
    return read_run(rows);
  });
}

std::vector<std::pair<std::int64_t, Collected>> StorageRuns::items(
    std::int64_t id, std::int64_t after, std::size_t limit) {
  return services_.db.read([&](Connection& db) {
    auto rows = db.query(
        "select number, kind, name, reason, bytes from storage_item "
        "where run = ? and number > ? order by number limit ?",
        id, after, limit);
    std::vector<std::pair<std::int64_t, Collected>> found;
    while (rows.next()) {
      found.emplace_back(rows.integer(0),
                         Collected{rows.text(1), rows.text(2), rows.text(3),
                                   rows.integer(4)});
    }
    return found;
  });
}

void RunRecorder::step(std::string_view text) {
  services_.db.write([&](Transaction& tx) {
    tx.run("update storage_run set step = ? where id = ?", text, run_);
  });
}

void RunRecorder::add(Collected item) {
  waiting_.push_back(std::move(item));
  if (waiting_.size() >= kBatch) flush();
}

void RunRecorder::flush() {
  auto bytes = bytes_;
  for (const auto& item : waiting_) bytes += item.bytes;
  services_.db.write([&](Transaction& tx) {
    auto number = number_;
    for (const Collected& item : waiting_) {
      tx.run(
          "insert into storage_item (run, number, kind, name, reason, bytes) "
          "values (?, ?, ?, ?, ?, ?)",
          run_, ++number, item.kind, item.name, item.reason, item.bytes);
    }
    tx.run("update storage_run set items = ?, bytes = ? where id = ?", number,
           bytes, run_);
  });
  number_ += static_cast<std::int64_t>(waiting_.size());
  bytes_ = bytes;
  waiting_.clear();
}

}  // namespace skerry::boot
