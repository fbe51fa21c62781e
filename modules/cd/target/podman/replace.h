// Brings a workload's pods to what they should be, with as little time
// without a running one as podman allows.
//
// Images are pulled and the new pods made before an old one stops. Pods that
// own ports of the machine must stop before their successors start; when a
// successor does not start, the old ones are started again.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cd/image_access.h"
#include "target/podman/engine.h"
#include "target/podman/images.h"
#include "target/podman/jobs.h"
#include "target/podman/workload.h"

namespace skerry::cd::podman {

struct RolloutStep {
  bool start = false;  // or stop
  std::string pod;
  bool operator==(const RolloutStep&) const = default;
};
// The order in which pods start and stop: never more than `replicas` and the
// surge at once, never fewer than `replicas` without the unavailable as long
// as old ones are left. `good` pods run already. Pure.
std::vector<RolloutStep> rollout_steps(int replicas, const Rollout& rollout,
                                       const std::vector<std::string>& missing,
                                       const std::set<std::string>& stale,
                                       int good);

class Replacement {
 public:
  Replacement(Engine& engine, Images& images, Jobs& jobs, ImageAccess& access,
              std::string network,
              const std::vector<ContainerState>& containers)
      : engine_(engine),
        images_(images),
        jobs_(jobs),
        access_(access),
        network_(std::move(network)),
        containers_(containers) {}
  // Throws what podman says; then the old pods run on.
  void bring(const TargetApp& app, const Workload& work);

 private:
  bool is_good(const Workload& work, const std::string& pod) const;
  void pull(const TargetApp& app, const Workload& work);
  void exchange(const Workload& work, const std::vector<std::string>& missing,
                const std::set<std::string>& stale);
  void create(const Workload& work, const std::string& pod);
  void restart(const std::set<std::string>& pods);
  void discard(const std::string& pod, int grace_seconds);

  Engine& engine_;
  Images& images_;
  Jobs& jobs_;
  ImageAccess& access_;
  const std::string network_;
  const std::vector<ContainerState> containers_;
};

}  // namespace skerry::cd::podman
