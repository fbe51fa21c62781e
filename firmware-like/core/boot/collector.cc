#include "core/boot/collector.h"

#include "core/error.h"
#include "core/telemetry/log.h"

namespace skerry::boot {
namespace {

using std::chrono::milliseconds;

// Items are written in batches, and that many blobs are looked up in one
// snapshot of the database.
constexpr std::size_t kBatch = 256;
constexpr int kKeptRuns = 20;

constexpr std::string_view kColumns =
    "select id, dry_run, started, finished, error, step, items, freed_bytes "
    "from collection ";

CollectionRecord read_record(const Rows& rows) {
  CollectionRecord record;
  record.id = rows.integer(0);
  record.dry_run = rows.integer(1) != 0;
  record.started = rows.integer(2);
  record.finished = rows.optional_integer(3);
  record.error = rows.text(4);
  record.step = rows.text(5);
  record.items = rows.integer(6);
  record.freed_bytes = rows.integer(7);
  return record;
}

}  // namespace

std::span<const Migration> Collector::migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        create table collection (
          id          integer primary key autoincrement,
          dry_run     integer not null,
          started     integer not null,            -- ms since 1970
          finished    integer,
          error       text not null default '',
          step        text not null default '',
          items       integer not null default 0,
          freed_bytes integer not null default 0,
          job         integer not null default 0
        );
        create table collection_item (
          collection  integer not null
            references collection (id) on delete cascade,
          number      integer not null,            -- 1, 2 ...
          kind        text not null,
          name        text not null,
          reason      text not null,
          freed_bytes integer not null,
          primary key (collection, number)
        ) without rowid;
      )sql"},
  };
  return kMigrations;
}

// A run in progress.
class Collector::Run {
 public:
  Run(Collector& collector, JobContext& job)
      : collector_(collector),
        services_(collector.services_),
        job_(job),
        id_(job.job().payload.at("collection").get<std::int64_t>()),
        collection_(options_of(job.job().payload), job.stop(),
                    [this](Collected item) { add(std::move(item)); },
                    [this](const Digest& digest) { released(digest); }) {}

  void carry_out() {
    begin();
    for (const Use& use : collector_.uses_) {
      if (!use.use.collect) continue;
      step(fmt::format("asking {}", use.module));
      module_ = &use;
      use.use.collect(collection_);
      flush();
      stop_if_asked();
    }
    module_ = nullptr;
    step("looking through the blobs");
    sweep();
    finish("");
  }

  void finish(std::string_view error) {
    flush();
    collector_.finish(id_, error);
    log::info("garbage collected", {{"run", id_},
                                    {"dry_run", collection_.dry_run()},
                                    {"items", number_},
                                    {"freed_bytes", freed_},
                                    {"error", error}});
  }

 private:
  static CollectionOptions options_of(const Json& payload) {
    CollectionOptions options;
    options.dry_run = payload.value("dry_run", false);
    if (payload.contains("age_ms")) {
      options.age = milliseconds(payload["age_ms"].get<std::int64_t>());
    }
    return options;
  }

  // What an earlier process found before it died is found again, or is gone.
  void begin() {
    services_.db.write([&](Transaction& tx) {
      tx.run("delete from collection_item where collection = ?", id_);
      tx.run("update collection set items = 0, freed_bytes = 0 where id = ?",
             id_);
    });
  }

  void stop_if_asked() const {
    if (job_.cancelled()) fail(ErrorCode::conflict, "cancelled");
    if (collection_.stopping()) {
      fail(ErrorCode::unavailable, "the server is stopping");
    }
  }

  void step(std::string_view text) {
    services_.db.write([&](Transaction& tx) {
      tx.run("update collection set step = ? where id = ?", text, id_);
    });
  }

  void add(Collected item) {
    items_.push_back(std::move(item));
    if (items_.size() >= kBatch) flush();
  }

  void flush() {
    if (items_.empty()) return;
    services_.db.write([&](Transaction& tx) {
      auto number = number_;
      auto freed = freed_;
      for (const Collected& item : items_) {
        freed += item.freed_bytes;
        tx.run(
            "insert into collection_item (collection, number, kind, name, "
            "reason, freed_bytes) values (?, ?, ?, ?, ?, ?)",
            id_, ++number, item.kind, item.name, item.reason, item.freed_bytes);
      }
      tx.run("update collection set items = ?, freed_bytes = ? where id = ?",
             number, freed, id_);
    });
    for (const Collected& item : items_) freed_ += item.freed_bytes;
    number_ += static_cast<std::int64_t>(items_.size());
    items_.clear();
  }

  // A blob that the module which is asked just now would let go.
  void released(const Digest& digest) {
    const auto size = services_.blobs.size(digest);
    if (!size) return;
    const bool needed = services_.db.read([&](Connection& db) {
      for (const Use& use : collector_.uses_) {
        if (&use != module_ && use.use.user(db, digest)) return true;
      }
      return false;
    });
    if (!needed) report_blob(digest, static_cast<std::int64_t>(*size));
  }

  void report_blob(const Digest& digest, std::int64_t size) {
    add({"blob", digest.to_string(), "nothing needs it any more", size});
  }

  void sweep() {
    std::vector<std::pair<Digest, std::uint64_t>> batch;
    services_.blobs.each([&](const Digest& digest, std::uint64_t size,
                             std::int64_t /*modified*/) {
      batch.emplace_back(digest, size);
      if (batch.size() < kBatch) return;
      sweep_batch(batch);
      batch.clear();
      stop_if_asked();
    });
    sweep_batch(batch);
  }

  void sweep_batch(const std::vector<std::pair<Digest, std::uint64_t>>& batch) {
    std::vector<const std::pair<Digest, std::uint64_t>*> unneeded;
    services_.db.read([&](Connection& db) {
      for (const auto& blob : batch) {
        if (!collector_.user_of(db, blob.first)) unneeded.push_back(&blob);
      }
    });
    for (const auto* blob : unneeded) {
      if (collection_.dry_run() || remove(blob->first)) {
        report_blob(blob->first, static_cast<std::int64_t>(blob->second));
      }
    }
  }

  // Asked again now that nobody can be about to use it.
  bool remove(const Digest& digest) {
    return services_.blobs.remove_unless(digest, [&] {
      return services_.db.read([&](Connection& db) {
        return collector_.user_of(db, digest).has_value();
      });
    });
  }

  Collector& collector_;
  Services& services_;
  JobContext& job_;
  const std::int64_t id_;
  Collection collection_;
  const Use* module_ = nullptr;
  std::vector<Collected> items_;  // not yet written
  std::int64_t number_ = 0, freed_ = 0;
};

void Collector::add(std::string module, BlobUse use) {
  if (use.user) uses_.push_back({std::move(module), std::move(use)});
}

std::optional<std::string> Collector::user_of(Connection& db,
                                              const Digest& digest) const {
  for (const Use& use : uses_) {
    if (auto user = use.use.user(db, digest)) return user;
  }
  return {};
}

std::int64_t Collector::start(const CollectionOptions& options) {
  return services_.db.write_alone([&](Transaction& tx) {
    {
      auto rows = tx.query("select id from collection where finished is null");
      if (rows.next()) {
        fail(ErrorCode::conflict,
             "garbage collection {} is under way; wait for it",
             rows.integer(0));
      }
    }
    tx.run("insert into collection (dry_run, started) values (?, ?)",
           options.dry_run, services_.clock.now());
    const auto id = tx.last_insert_id();
    Json payload = {{"collection", id}, {"dry_run", options.dry_run}};
    if (options.age) payload["age_ms"] = options.age->count();
    tx.run("update collection set job = ? where id = ?",
           services_.jobs.enqueue(tx, kCollectionJob, std::to_string(id),
                                  payload),
           id);
    forget_old(tx);
    return id;
  });
}

bool Collector::cancel(std::int64_t id) {
  const auto job = services_.db.read([&](Connection& db) {
    auto rows = db.query(
        "select job from collection where id = ? and finished is null", id);
    return rows.next() ? rows.optional_integer(0) : std::nullopt;
  });
  if (!job || !services_.jobs.cancel(*job)) return false;
  // One that had not begun is over; one that runs says so itself.
  const auto state = services_.jobs.find(*job);
  if (state && state->state == JobState::cancelled) finish(id, "cancelled");
  return true;
}

void Collector::finish(std::int64_t id, std::string_view error) {
  services_.db.write([&](Transaction& tx) {
    tx.run("update collection set finished = ?, error = ?, step = '' "
           "where id = ? and finished is null",
           services_.clock.now(), error, id);
  });
}

void Collector::forget_old(Transaction& tx) {
  tx.run("delete from collection where id not in "
         "(select id from collection order by id desc limit ?)",
         kKeptRuns);
}

void Collector::start_when_due() {
  const auto every = services_.settings.duration("storage.collect_every");
  if (every.count() == 0) return;
  const bool due = services_.db.read([&](Connection& db) {
    auto rows = db.query(
        "select 1 from collection where finished is null "
        "or (dry_run = 0 and started > ?)",
        services_.clock.now() - every.count());
    return !rows.next();
  });
  if (due) start({});
}

void Collector::run(JobContext& job) {
  Run run(*this, job);
  try {
    run.carry_out();
  } catch (const std::exception& error) {
    // On an orderly stop it is taken up again at the next start.
    if (job.stop().stop_requested() && !job.cancelled()) throw;
    run.finish(error.what());
  }
}

std::vector<CollectionRecord> Collector::list() {
  return services_.db.read([&](Connection& db) {
    auto rows = db.query(std::string(kColumns) + "order by id desc");
    std::vector<CollectionRecord> found;
    while (rows.next()) found.push_back(read_record(rows));
    return found;
  });
}

std::optional<CollectionRecord> Collector::find(std::int64_t id) {
  return services_.db.read(
      [&](Connection& db) -> std::optional<CollectionRecord> {
        auto rows = db.query(std::string(kColumns) + "where id = ?", id);
        if (!rows.next()) return {};
        return read_record(rows);
      });
}

std::vector<std::pair<std::int64_t, Collected>> Collector::items(
    std::int64_t id, std::int64_t after, std::size_t limit) {
  return services_.db.read([&](Connection& db) {
    auto rows = db.query(
        "select number, kind, name, reason, freed_bytes from collection_item "
        "where collection = ? and number > ? order by number limit ?",
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

}  // namespace skerry::boot
