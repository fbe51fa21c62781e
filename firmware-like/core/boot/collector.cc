#include "core/boot/collector.h"

#include <limits>
#include <map>

#include "core/error.h"

namespace skerry::boot {
namespace {

using std::chrono::milliseconds;

// So many blobs are looked up in one snapshot of the database.
constexpr std::size_t kBatch = 256;

CollectionOptions options_of(const Json& payload) {
  CollectionOptions options;
  options.dry_run = payload.value("dry_run", false);
  if (payload.contains("age_ms")) {
    options.age = milliseconds(payload["age_ms"].get<std::int64_t>());
  }
  return options;
}

// Of a request's body.
CollectionOptions options_in(const Json& body) {
  refuse_unknown_members(body, {"dry_run", "age_ms"}, "the body");
  CollectionOptions options;
  options.dry_run = optional_bool(body, "dry_run", false);
  constexpr auto kUnset = std::numeric_limits<std::int64_t>::min();
  if (const auto age = optional_int(body, "age_ms", kUnset); age != kUnset) {
    if (age < 0) fail(ErrorCode::invalid, "age_ms must not be negative");
    options.age = milliseconds(age);
  }
  return options;
}

}  // namespace

// A run in progress.
class Collector::Run {
 public:
  Run(Collector& collector, JobContext& job, RunRecorder& recorder)
      : collector_(collector),
        services_(collector.services_),
        job_(job),
        recorder_(recorder),
        collection_(options_of(job.job().payload), job.stop(),
                    [this](Collected item) { recorder_.add(std::move(item)); },
                    [this](const Digest& digest) { released(digest); }) {}

  void carry_out() {
    for (const Use& use : collector_.uses_) {
      if (!use.use.collect) continue;
      recorder_.step(fmt::format("asking {}", use.module));
      module_ = &use;
      use.use.collect(collection_);
      recorder_.flush();
      stop_if_asked(job_);
    }
    module_ = nullptr;
    recorder_.step("looking through the blobs");
    sweep();
  }

 private:
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
    if (!needed) report_blob(digest, *size);
  }

  void report_blob(const Digest& digest, std::uint64_t size) {
    recorder_.add({"blob", digest.to_string(), "nothing needs it any more",
                   static_cast<std::int64_t>(size)});
  }

  void sweep() {
    std::vector<std::pair<Digest, std::uint64_t>> batch;
    services_.blobs.each([&](const Digest& digest, std::uint64_t size,
                             std::int64_t /*modified*/) {
      batch.emplace_back(digest, size);
      if (batch.size() < kBatch) return;
      sweep_batch(batch);
      batch.clear();
      stop_if_asked(job_);
    });
    sweep_batch(batch);
  }

  void sweep_batch(const std::vector<std::pair<Digest, std::uint64_t>>& batch) {
    std::vector<Digest> unneeded;
    std::map<Digest, std::uint64_t> sizes;
    services_.db.read([&](Connection& db) {
      for (const auto& [digest, size] : batch) {
        if (collector_.user_of(db, digest)) continue;
        unneeded.push_back(digest);
        sizes.emplace(digest, size);
      }
    });
    const auto gone = collection_.dry_run() ? unneeded : remove(unneeded);
    for (const auto& digest : gone) report_blob(digest, sizes.at(digest));
  }

  // Asked again now that nobody can be about to use them.
  std::vector<Digest> remove(const std::vector<Digest>& blobs) {
    return services_.blobs.remove_unneeded(blobs, [&](const Digest& digest) {
      return services_.db.read([&](Connection& db) {
        return collector_.user_of(db, digest).has_value();
      });
    });
  }

  Collector& collector_;
  Services& services_;
  JobContext& job_;
  RunRecorder& recorder_;
  Collection collection_;
  const Use* module_ = nullptr;
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
  Json payload = {{"dry_run", options.dry_run}};
  if (options.age) payload["age_ms"] = options.age->count();
  return runs_.start(payload, options.dry_run);
}

void Collector::start_when_due() {
  if (runs_.due(services_.settings.duration("storage.collect_every"))) {
    start({});
  }
}

void Collector::run(JobContext& job) {
  runs_.carry_out(job, [&](RunRecorder& recorder) {
    Run(*this, job, recorder).carry_out();
  });
}

std::vector<http::Route> Collector::routes() {
  return storage_run_routes(runs_, "collections", [this](http::Request& req) {
    const auto options = options_in(req.read_json());
    const auto id = start(options);
    services_.db.write([&](Transaction& tx) {
      services_.accounts.audit(tx, req.identity, "storage.collect",
                               std::to_string(id),
                               options.dry_run ? "dry run" : "");
    });
    return id;
  });
}

}  // namespace skerry::boot
