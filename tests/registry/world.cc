#include "world.h"

#include "core/error.h"

namespace skerry::registry {
namespace {

Paths make_paths(const std::filesystem::path& data) {
  const Paths paths{data, data / "git", data / "work", data / "keys"};
  std::filesystem::create_directories(paths.work);
  return paths;
}

class NoContext : public JobContext {
 public:
  explicit NoContext(Json payload = Json::object(), std::string subject = "") {
    job_.payload = std::move(payload);
    job_.subject = std::move(subject);
  }
  const Job& job() const override { return job_; }
  std::stop_token stop() const override { return {}; }
  bool cancelled() const override { return false; }
  void progress(double, std::string_view) override {}

 private:
  Job job_;
};

}  // namespace

World::World(const std::filesystem::path& data,
             std::map<std::string, std::string> environment, int port)
    : paths_(make_paths(data)),
      clock_(SystemClock().now()),
      settings_("", std::move(environment)),
      db_(data / "skerry.db"),
      blobs_(open_small_blob_store(
          db_, open_file_blob_store(data / "blobs", paths_.work / "blobs"))),
      events_(db_, clock_),
      jobs_(db_, clock_),
      client_(http::make_client("registry-test")),
      services_{paths_, clock_, processes_, settings_, db_,      *blobs_,
                events_, jobs_, accounts_,  *client_,  metrics_},
      collector_(services_),
      scrubber_(services_, collector_),
      registry_(std::make_unique<RegistryModule>(services_)) {
  auto module = registry_->tables();
  db_.migrate("events", EventLog::migrations());
  db_.migrate("jobs", JobQueue::migrations());
  db_.migrate("small_blobs", small_blob_migrations());
  db_.migrate("storage_runs", boot::StorageRuns::migrations());
  db_.migrate("scrub", boot::Scrubber::migrations());
  db_.migrate(module.name, module.migrations);
  collector_.add(module.name, module.blobs);
  settings_.declare(module.settings);
  settings_.load();
  for (auto& follower : module.followers) events_.follow(follower);
  for (auto& kind : module.jobs) {
    job_kinds_.push_back(kind);
    jobs_.add_kind(kind);
  }
  module.recover();
  http::ServerOptions options;
  options.listen = "http://127.0.0.1:" + std::to_string(port);
  options.threads = 32;
  server_ = std::make_unique<http::Server>(options, module.routes, accounts_,
                                           metrics_);
}

World::~World() { server_->stop(); }

int World::port() const { return server_->port(); }

void World::run_job(const std::string& name) {
  NoContext context;
  for (const auto& kind : job_kinds_) {
    if (kind.name == name) return kind.run(context);
  }
  fail(ErrorCode::internal, "there is no job '{}'", name);
}

template <typename Runner>
std::vector<std::string> World::run(Runner& runner, std::int64_t id,
                                    const Json& payload) {
  NoContext context(payload, std::to_string(id));
  runner.run(context);
  if (const auto error = runner.runs().find(id)->error; !error.empty()) {
    fail(ErrorCode::internal, "{}", error);
  }
  std::vector<std::string> found;
  for (const auto& [number, item] : runner.runs().items(id, 0, 100'000)) {
    found.push_back(item.kind + " " + item.name);
  }
  return found;
}

std::vector<std::string> World::collect(const CollectionOptions& options) {
  Json payload = {{"dry_run", options.dry_run}};
  if (options.age) payload["age_ms"] = options.age->count();
  return run(collector_, collector_.start(options), payload);
}

std::vector<std::string> World::scrub() {
  return run(scrubber_, scrubber_.start(0), {{"rate", 0}});
}

}  // namespace skerry::registry
