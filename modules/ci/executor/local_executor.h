// The executor of one machine: every script in a sandbox of its own, built
// from Linux namespaces by the program itself (sandbox/).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/os/process.h"
#include "executor/executor.h"
#include "sandbox/spec.h"

namespace skerry::ci {

struct LocalLimits {
  sandbox::Bounds bounds;           // of each process
  std::uint64_t memory_bytes = 0;   // of a whole run; needs control groups
  std::uint64_t processes = 0;      // of a whole run; needs control groups
};

struct LocalOptions {
  std::filesystem::path folder;  // scratch: one folder a run below it
  std::string owner;             // tells daemons on one machine apart
  // When the daemon is root, run N of those at the same time is user
  // first_uid + N. Otherwise a user namespace hides who we are.
  std::uint32_t first_uid = 1'990'000'000;
  // Host folders shown read-only beside the usual ones.
  std::vector<std::string> host_paths;
  // The folder that scripts must never see.
  std::filesystem::path data;
  LocalLimits limits;
};

// `options` is asked at each new place, so that settings take effect.
std::unique_ptr<Executor> make_local_executor(
    std::function<LocalOptions()> options, const ProcessRunner& processes);

// A place over a folder that is there already and stays: what
// `skerry pipeline run` uses. Scripts run as the folder's present user.
std::unique_ptr<Site> make_folder_site(const std::filesystem::path& folder,
                                         const std::filesystem::path& scratch,
                                         const LocalOptions& options,
                                         const ProcessRunner& processes,
                                         bool host_network);

}  // namespace skerry::ci
