// Brings each application, again and again, from what is to what should be.
//
// One look at an application is an ordered list of steps: read its head,
// resolve its sources, take the target's fingerprint; when neither changed
// since the last look, that is all. Otherwise render, compare, store the
// status, and let automation decide whether to sync. Everything that must
// survive is in the Store; what is kept here only saves work.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "reconcile/sync.h"
#include "reconcile/work_queue.h"

namespace skerry::cd {

// An application as it was found a moment ago.
struct Look {
  Record record;
  Application app;  // at a pin: the pinned one
  std::vector<Resolved> resolved;
  TargetApp target_app;
  Desired desired;  // as the target sees it
  std::vector<LiveResource> live;
  Comparison comparison;
};

// What a user's sync asks for.
struct SyncRequest {
  std::string revision;
  bool prune = false;
  std::vector<ResourceKey> only;
};

// Thread-safe.
class Reconciler {
 public:
  Reconciler(Services& services, Store& store, Sources& sources,
             Targets& targets, ImagePolicy& policy,
             std::function<std::chrono::milliseconds()> every);
  ~Reconciler() { stop(); }

  void start(int workers) { queue_.start(workers); }
  // From here on errors are not recorded: the daemon is going.
  void prepare_stop() { stopping_ = true; }
  void stop() {
    prepare_stop();
    queue_.stop();
  }

  // Asks for a look at an application soon.
  void wake(const std::string& name);
  // The same, comparing even when nothing seems to have changed.
  void refresh(const std::string& name);
  // When it was last looked at without an error; 0: not since the start.
  UnixMillis last_look(const std::string& name);
  void wake_all();
  // The applications that use this repository or chart.
  void wake_users_of(SourceAddress::Kind kind, std::string_view project,
                     std::string_view name);
  // One look, and what follows from it; when to look again. For tests and the
  // queue; never for one application from two threads.
  std::optional<std::chrono::milliseconds> reconcile(const std::string& name);

  // Compares now, for the API. Throws what stands in the way.
  Look look(const Record& record);
  // Starts a sync as `who`. Throws conflict when one is running.
  void sync(const Record& record, const SyncRequest& request,
            const http::Identity& who);
  // What such a sync would do.
  std::vector<Step> dry_run(const Record& record, const SyncRequest& request);
  void rollback(const Record& record, std::int64_t history_id,
                const http::Identity& who);

 private:
  // What is remembered of an application between looks; used by its worker.
  struct Memory {
    std::int64_t generation = -1;
    std::shared_ptr<const Application> app;  // at a pin: the pinned one
    std::optional<Pin> pin;
    std::shared_ptr<const Application> own;  // without the pin
    std::atomic<bool> forced = false;
    std::atomic<UnixMillis> looked = 0;
    std::string server;
    std::string input, fingerprint;  // of the last look that held
    std::string attempted;           // what `heals` counts
    int heals = 0;
    UnixMillis last_heal = 0;
  };
  std::shared_ptr<Memory> memory(const std::string& name);
  void reload(Memory& memory, const Head& head, const std::string& name);
  std::optional<std::vector<Resolved>> resolve(Memory& memory,
                                               const std::string& name);
  std::optional<std::chrono::milliseconds> work(const std::string& name);
  std::optional<std::chrono::milliseconds> carry_on(const std::string& name,
                                                    Memory& memory);
  std::optional<std::chrono::milliseconds> changed(
      const std::string& name, Memory& memory,
      const std::vector<Resolved>& resolved, const std::string& input);
  std::optional<std::chrono::milliseconds> automate(const Look& look,
                                                    Memory& memory,
                                                    const std::string& input,
                                                    std::string& message);
  std::optional<std::chrono::milliseconds> remove(const std::string& name);
  void unpin(const std::string& name, Memory& memory);
  void finish(const Record& record, const Operation& op);
  std::optional<std::set<std::string>> images_of(const Operation& op);
  void tidy(const Record& record);
  void save_status(const Record& record, const Status& status);
  void note_failure(const std::string& name, const std::string& message);
  Look compare_at(Record record, const Application& app,
                  std::vector<Resolved> resolved);
  void begin(const Record& record, const Operation& op,
             const std::optional<Pin>& pin, const http::Identity& who,
             std::string_view action, std::string_view detail);

  Services& services_;
  Store& store_;
  Sources& sources_;
  Targets& targets_;
  std::atomic<bool> stopping_ = false;
  Syncer syncer_;
  const std::function<std::chrono::milliseconds()> every_;
  Mutex mutex_;
  std::map<std::string, std::shared_ptr<Memory>> memories_ GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<const Application>> apps_
      GUARDED_BY(mutex_);
  WorkQueue queue_;
};

}  // namespace skerry::cd
