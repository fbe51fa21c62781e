// What podman's containers do, kept up to date: `podman events` says when to
// look again, and a timer looks in case an event was lost.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/os/mutex.h"
#include "target/podman/engine.h"
#include "target/podman/jobs.h"

namespace skerry::cd::podman {

using Snapshot = std::shared_ptr<const std::vector<ContainerState>>;

// Thread-safe. Threads start with the first snapshot.
class Watcher {
 public:
  // `changed` is called, from a thread of this class, when something did.
  Watcher(Engine& engine, Jobs& jobs, std::function<void()> changed)
      : engine_(engine), jobs_(jobs), changed_(std::move(changed)) {}
  ~Watcher() { stop(); }
  void stop();

  // As of the last event; asks podman when there was none yet. Throws what
  // podman says when it cannot be asked.
  Snapshot snapshot();
  // Asks podman now.
  Snapshot refresh();

 private:
  void start() REQUIRES(mutex_);
  void follow_events(std::stop_token stop);
  void look_again(std::stop_token stop);
  // Refreshes and lets Jobs go on; when to do so again at the latest.
  std::chrono::milliseconds look();

  Engine& engine_;
  Jobs& jobs_;
  const std::function<void()> changed_;
  Mutex mutex_;
  Condition wake_;
  bool dirty_ GUARDED_BY(mutex_) = false;
  bool stopped_ GUARDED_BY(mutex_) = false;
  Snapshot snapshot_ GUARDED_BY(mutex_);
  std::string error_ GUARDED_BY(mutex_);
  std::once_flag swept_;
  std::vector<std::jthread> threads_ GUARDED_BY(mutex_);
};

}  // namespace skerry::cd::podman
