// What a Job's pod needs after its first start: it is tried again when it
// fails, up to backoffLimit, and goes ttlSecondsAfterFinished after its end.
// Its end stays known, so that the Job does not count as missing.
//
//   <data>/podman/pods/<pod>/job.json       what was played, to play it again
//   <data>/podman/pods/<pod>/retries        how often it was tried again
//   <data>/podman/pods/<pod>/again          while that is under way
//   <data>/podman/pods/<pod>/finished.json  how a pod ended that is gone
//
// All is in files: the next start of the daemon goes on from there.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/os/mutex.h"
#include "target/podman/engine.h"
#include "target/podman/workload.h"

namespace skerry::cd::podman {

// The wait before retry number `retries` + 1: 10 s, 20 s ... at most 6 min.
std::chrono::seconds retry_delay(int retries);

// Thread-safe.
class Jobs {
 public:
  explicit Jobs(Engine& engine) : engine_(engine) {}

  // Held while a Job's pods are made or removed.
  Mutex& mutex() { return mutex_; }
  // Remembers how to play the pod again.
  void remember(const Workload& work, const std::string& pod,
                const std::string& manifest, const std::string& network);

  // Removes what a crash left: pods without a container, folders without a
  // pod. Only before any pod is made.
  void sweep(const std::vector<ContainerState>& containers);
  // Adds what is known of pods that are gone, and marks those that will be
  // tried again.
  void complete(std::vector<ContainerState>& containers);
  // Tries again and removes what is due; when to look again.
  std::optional<std::chrono::milliseconds> look(
      const std::vector<ContainerState>& containers) EXCLUDES(mutex_);

 private:
  using Pod = std::vector<const ContainerState*>;
  std::filesystem::path folder(const std::string& pod) const {
    return engine_.pods_folder() / pod;
  }
  int retries(const std::string& pod) const;
  void retry(const std::string& pod) REQUIRES(mutex_);
  void play(const std::string& pod) REQUIRES(mutex_);
  void put_away(const std::string& pod, const Pod& containers)
      REQUIRES(mutex_);

  Engine& engine_;
  Mutex mutex_;
};

}  // namespace skerry::cd::podman
