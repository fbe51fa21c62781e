// The embedded target: containers on this machine, by Debian's podman.
//
// Workloads become pods (see workload.h); ConfigMaps, Secrets, Services and
// claims are remembered, and what depends on them is replaced when they
// change. A pod that is gone, stopped or runs another image is a difference,
// shown as a smaller number of replicas.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "cd/image_access.h"
#include "core/os/process.h"
#include "target/applied_objects.h"
#include "target/podman/engine.h"
#include "target/podman/workload.h"
#include "target/target.h"

namespace skerry::cd {

struct PodmanSettings {
  podman::EngineOptions engine;
  podman::Policy policy;
  std::string network;  // "": one bridge a namespace; "host": the machine's
};

// `changed` is called when containers changed; the settings are read anew at
// each use.
std::unique_ptr<Target> make_podman_target(
    const std::filesystem::path& data, const ProcessRunner& processes,
    AppliedObjects& applied, ImageAccess& images,
    std::function<PodmanSettings()> settings, std::function<void()> changed);

}  // namespace skerry::cd
