// What a module adds to the program, as tables. Each module has one file,
// module.cc, that fills them; there is no registration anywhere else.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/auth/accounts.h"
#include "core/boot/collection.h"
#include "core/boot/scrub.h"
#include "core/config/settings.h"
#include "core/events/event_log.h"
#include "core/http/client.h"
#include "core/http/route.h"
#include "core/jobs/job_queue.h"
#include "core/os/clock.h"
#include "core/os/process.h"
#include "core/store/blob_store.h"
#include "core/store/sqlite.h"
#include "core/telemetry/metrics.h"

namespace skerry {

// The data folder's parts.
struct Paths {
  std::filesystem::path data;
  std::filesystem::path git;   // bare repositories
  std::filesystem::path work;  // scratch, empty after a clean stop
  std::filesystem::path keys;
};

// The ground floor, handed to each module's constructor. The references
// outlive the modules. A constructor only keeps them: the database has no
// tables and the settings no values before boot has finished.
struct Services {
  const Paths& paths;
  const Clock& clock;
  const ProcessRunner& processes;
  Settings& settings;
  Database& db;
  BlobStore& blobs;
  EventLog& events;
  JobQueue& jobs;
  auth::Accounts& accounts;
  http::Client& http_client;
  Metrics& metrics;
};

// One line of the health page.
struct HealthCheck {
  std::string name;  // "registry storage"
  // Empty when healthy, otherwise why not, in a sentence.
  std::function<std::string()> check;
};

// Something of which a project may have several, and which someone has to
// remove before the project can go.
struct Holding {
  std::string one, many;  // "repository", "repositories"
  // How many of them the project has. Asked within the write that removes the
  // project: it may read but not write.
  std::function<std::int64_t(std::string_view project)> count;
};

// What a module has in the blob store, for garbage collection (collection.h)
// and the scrub (scrub.h).
struct BlobUse {
  // Who of the module needs the blob, in words ("image demo/app"); nothing when
  // nobody does. It decides whether a blob lives: asked for each one, so it
  // must be a look-up in an index.
  std::function<std::optional<std::string>(Connection&, const Digest&)> user;
  // Gives up what is no longer needed; may be unset.
  std::function<void(Collection&)> collect{};
  // Checks that the blobs it needs are there, and what it keeps elsewhere; may
  // be unset.
  std::function<void(Scrub&)> scrub{};
};

struct Module {
  std::string name;
  std::vector<Migration> migrations{};
  std::vector<Setting> settings{};
  std::vector<http::Route> routes{};
  std::vector<JobKind> jobs{};
  std::vector<Subscription> subscriptions{};
  std::vector<Follower> followers{};
  std::vector<Holding> holdings{};
  BlobUse blobs{};  // unset when it keeps none
  std::vector<HealthCheck> health{};
  // Called once after migrations and settings, before anything runs: repair
  // what a crash left. Throws to refuse the start.
  std::function<void()> recover{};
};

}  // namespace skerry
