// A registry with its own data folder behind a real HTTP server.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/boot/collector.h"
#include "core/boot/module.h"
#include "core/boot/scrubber.h"
#include "core/http/server.h"
#include "core/os/fake_clock.h"
#include "core/os/file.h"
#include "fake_accounts.h"
#include "registry/registry.h"

namespace skerry::registry {

// One life of the daemon over a data folder: destroying it and making another
// over the same folder is a restart.
class World {
 public:
  // `port` 0: the system chooses. `environment` sets settings.
  explicit World(const std::filesystem::path& data,
                 std::map<std::string, std::string> environment = {},
                 int port = 0);
  ~World();

  int port() const;
  RegistryModule& registry() { return *registry_; }
  FakeAccounts& accounts() { return accounts_; }
  FakeClock& clock() { return clock_; }
  EventLog& events() { return events_; }
  Database& db() { return db_; }
  BlobStore& blobs() { return *blobs_; }
  const Metrics& metrics() const { return metrics_; }
  // Runs the module's background job by hand.
  void run_job(const std::string& name);
  // Collects garbage; what went, as "kind name", in order.
  std::vector<std::string> collect(const CollectionOptions& options = {});
  // Reads everything again; the faults found, as "kind name".
  std::vector<std::string> scrub();
  boot::Scrubber& scrubber() { return scrubber_; }

 private:
  template <typename Runner>
  std::vector<std::string> run(Runner& runner, std::int64_t id,
                               const Json& payload);
  Paths paths_;
  FakeClock clock_;
  SystemProcessRunner processes_;
  Settings settings_;
  Database db_;
  std::unique_ptr<BlobStore> blobs_;
  EventLog events_;
  JobQueue jobs_;
  FakeAccounts accounts_;
  std::unique_ptr<http::Client> client_;
  Metrics metrics_;
  Services services_;
  boot::Collector collector_;
  boot::Scrubber scrubber_;
  std::unique_ptr<RegistryModule> registry_;
  std::vector<JobKind> job_kinds_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace skerry::registry
