#include "core/jobs/job_queue.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/telemetry/log.h"

namespace skerry {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLongestBackoff{5 * 60'000};
constexpr milliseconds kPoll{1'000};
constexpr std::string_view kColumns =
    "select id, kind, subject, payload, state, attempt, error, progress, "
    "progress_text, created, due from job ";

JobState parse_state(std::string_view text) {
  for (const JobState state : {JobState::queued, JobState::running,
                               JobState::done, JobState::failed}) {
    if (text == to_string(state)) return state;
  }
  return JobState::cancelled;
}

Job read_job(const Rows& rows) {
  Job job;
  job.id = rows.integer(0);
  job.kind = rows.text(1);
  job.subject = rows.text(2);
  job.payload = parse_json(rows.text(3));
  job.state = parse_state(rows.text(4));
  job.attempt = static_cast<int>(rows.integer(5));
  job.error = rows.text(6);
  job.progress = rows.real(7);
  job.progress_text = rows.text(8);
  job.created = rows.integer(9);
  job.due = rows.integer(10);
  return job;
}

bool worth_retrying(const std::exception& error) {
  const auto* known = dynamic_cast<const Error*>(&error);
  return known == nullptr || (known->code() != ErrorCode::invalid &&
                              known->code() != ErrorCode::denied &&
                              known->code() != ErrorCode::not_found);
}

}  // namespace

std::string_view to_string(JobState state) {
  switch (state) {
    case JobState::queued:
      return "queued";
    case JobState::running:
      return "running";
    case JobState::done:
      return "done";
    case JobState::failed:
      return "failed";
    case JobState::cancelled:
      return "cancelled";
  }
  return "cancelled";
}

std::span<const Migration> JobQueue::migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        create table job (
          id            integer primary key autoincrement,
          kind          text not null,
          subject       text not null,
          payload       text not null,              -- JSON
          state         text not null,              -- JobState
          attempt       integer not null default 0, -- runs begun
          error         text not null default '',   -- of the last attempt
          progress      real not null default 0,
          progress_text text not null default '',
          created       integer not null,           -- ms since 1970
          due           integer not null,
          finished      integer
        );
        create index job_open on job (kind, due) where state = 'queued';
        create index job_finished on job (finished) where finished is not null;
      )sql"},
  };
  return kMigrations;
}

// One leased job in the hands of a worker.
class Running : public JobContext {
 public:
  Running(Job job, Database& db) : job_(std::move(job)), db_(db) {}

  const Job& job() const override { return job_; }
  std::stop_token stop() const override { return source_.get_token(); }
  bool cancelled() const override { return cancelled_; }
  void progress(double fraction, std::string_view text) override {
    db_.write([&](Transaction& tx) {
      tx.run("update job set progress = ?, progress_text = ? where id = ?",
             fraction, text, job_.id);
    });
  }
  void cancel() {
    cancelled_ = true;
    source_.request_stop();
  }
  void shut_down() { source_.request_stop(); }

 private:
  const Job job_;
  Database& db_;
  std::stop_source source_;
  std::atomic<bool> cancelled_{false};
};

// A kind has `concurrency` worker threads, which take the due job that was
// enqueued first. A lease is the row's state 'running' and lives as long as
// the process: start() takes every lease back, since nobody else can hold one.
struct JobQueue::Impl {
  Impl(Database& database, const Clock& clock_used)
      : db(database), clock(clock_used) {}

  Database& db;
  const Clock& clock;
  std::vector<JobKind> kinds;
  std::vector<std::jthread> workers;
  Mutex mutex;
  Condition changed;
  std::uint64_t generation GUARDED_BY(mutex) = 0;  // counts wake-ups
  bool stopping GUARDED_BY(mutex) = false;
  std::map<std::int64_t, Running*> running GUARDED_BY(mutex);

  void wake() {
    MutexLock lock(mutex);
    ++generation;
    changed.notify_all();
  }

  std::optional<Job> lease(const JobKind& kind) {
    const UnixMillis now = clock.now();
    const bool any = db.read([&](Connection& c) {
      return c
          .query("select 1 from job where kind = ? and state = 'queued' and "
                 "due <= ? limit 1",
                 kind.name, now)
          .next();
    });
    if (!any) return std::nullopt;
    return db.write([&](Transaction& tx) -> std::optional<Job> {
      std::optional<Job> job;
      {
        auto rows = tx.query(
            std::string(kColumns) +
                "where kind = ? and state = 'queued' and due <= ? "
                "order by due, id limit 1",
            kind.name, now);
        if (!rows.next()) return std::nullopt;
        job = read_job(rows);
      }
      job->state = JobState::running;
      ++job->attempt;
      tx.run("update job set state = 'running', attempt = ? where id = ?",
             job->attempt, job->id);
      return job;
    });
  }

  void settle(std::int64_t id, JobState state, std::string_view error) {
    db.write([&](Transaction& tx) {
      tx.run("update job set state = ?, error = ?, finished = ? where id = ?",
             to_string(state), error, clock.now(), id);
    });
  }

  void put_back(std::int64_t id, std::string_view error, milliseconds delay,
                int attempt) {
    db.write([&](Transaction& tx) {
      tx.run("update job set state = 'queued', error = ?, due = ?, attempt = ? "
             "where id = ?",
             error, clock.now() + delay.count(), attempt, id);
    });
  }

  void run(const JobKind& kind, Job leased) {
    const int attempt = leased.attempt;
    const std::int64_t id = leased.id;
    Running context(std::move(leased), db);
    {
      MutexLock lock(mutex);
      running[id] = &context;
      if (stopping) context.shut_down();
    }
    std::string error;
    bool retry = false;
    try {
      kind.run(context);
    } catch (const std::exception& thrown) {
      error = thrown.what();
      retry = worth_retrying(thrown) && attempt < kind.max_attempts;
      log::warning("job failed", {{"kind", kind.name},
                                  {"subject", context.job().subject},
                                  {"attempt", attempt},
                                  {"again", retry},
                                  {"error", error}});
    }
    bool stopped = false;
    {
      MutexLock lock(mutex);
      running.erase(id);
      stopped = stopping;
    }
    if (context.cancelled()) {
      settle(id, JobState::cancelled, error);
    } else if (error.empty() && !(stopped && context.stop().stop_requested())) {
      settle(id, JobState::done, "");
    } else if (stopped) {
      put_back(id, error, {}, attempt - 1);  // the stop is not its fault
    } else if (retry) {
      const auto delay = kind.backoff * (1 << std::min(attempt - 1, 16));
      put_back(id, error, std::min<milliseconds>(delay, kLongestBackoff),
               attempt);
    } else {
      settle(id, JobState::failed, error);
    }
  }

  void work(const JobKind& kind) {
    for (;;) {
      std::uint64_t seen = 0;
      {
        MutexLock lock(mutex);
        if (stopping) return;
        seen = generation;
      }
      try {
        if (auto job = lease(kind)) {
          run(kind, std::move(*job));
          continue;
        }
      } catch (const std::exception& error) {
        // A full disk or the like: the job stays as it is and the next start
        // or attempt finds it.
        log::error("job bookkeeping failed",
                   {{"kind", kind.name}, {"error", error.what()}});
      }
      const auto deadline = std::chrono::steady_clock::now() + kPoll;
      MutexLock lock(mutex);
      while (!stopping && generation == seen) {
        if (!changed.wait_until(mutex, deadline)) break;
      }
    }
  }
};

JobQueue::JobQueue(Database& db, const Clock& clock)
    : impl_(std::make_unique<Impl>(db, clock)) {}

JobQueue::~JobQueue() { stop(); }

void JobQueue::add_kind(JobKind kind) {
  impl_->kinds.push_back(std::move(kind));
}

std::int64_t JobQueue::enqueue(Transaction& tx, std::string_view kind,
                               std::string_view subject, const Json& payload,
                               milliseconds delay, bool unique) {
  if (unique) {
    auto rows = tx.query(
        "select id from job where kind = ? and subject = ? and "
        "state = 'queued' limit 1",
        kind, subject);
    if (rows.next()) return rows.integer(0);
  }
  const UnixMillis now = impl_->clock.now();
  tx.run("insert into job (kind, subject, payload, state, created, due) "
         "values (?, ?, ?, 'queued', ?, ?)",
         kind, subject, payload.dump(), now, now + delay.count());
  const std::int64_t id = tx.last_insert_id();
  tx.after_commit([impl = impl_.get()] { impl->wake(); });
  return id;
}

bool JobQueue::cancel(std::int64_t id) {
  {
    MutexLock lock(impl_->mutex);
    if (const auto it = impl_->running.find(id); it != impl_->running.end()) {
      it->second->cancel();
      return true;
    }
  }
  return impl_->db.write([&](Transaction& tx) {
    return tx.run(
               "update job set state = 'cancelled', finished = ? "
               "where id = ? and state = 'queued'",
               impl_->clock.now(), id) > 0;
  });
}

std::optional<Job> JobQueue::find(std::int64_t id) {
  return impl_->db.read([&](Connection& c) -> std::optional<Job> {
    auto rows = c.query(std::string(kColumns) + "where id = ?", id);
    if (!rows.next()) return std::nullopt;
    return read_job(rows);
  });
}

std::vector<Job> JobQueue::list(std::string_view kind, std::size_t limit) {
  return impl_->db.read([&](Connection& c) {
    auto rows = c.query(
        std::string(kColumns) +
            "where ?1 = '' or kind = ?1 order by id desc limit ?2",
        kind, limit);
    std::vector<Job> jobs;
    while (rows.next()) jobs.push_back(read_job(rows));
    return jobs;
  });
}

std::vector<Job> JobQueue::running(std::string_view kind) {
  return impl_->db.read([&](Connection& c) {
    auto rows = c.query(
        std::string(kColumns) + "where kind = ? and state = 'running'", kind);
    std::vector<Job> jobs;
    while (rows.next()) jobs.push_back(read_job(rows));
    return jobs;
  });
}

void JobQueue::start() {
  impl_->db.write([](Transaction& tx) {
    tx.run("update job set state = 'queued' where state = 'running'");
  });
  for (const JobKind& kind : impl_->kinds) {
    for (int i = 0; i < kind.concurrency; ++i) {
      impl_->workers.emplace_back(
          [impl = impl_.get(), &kind] { impl->work(kind); });
    }
  }
}

void JobQueue::stop() {
  {
    MutexLock lock(impl_->mutex);
    impl_->stopping = true;
    for (auto& [id, running] : impl_->running) running->shut_down();
    impl_->changed.notify_all();
  }
  impl_->workers.clear();  // joins
}

}  // namespace skerry
