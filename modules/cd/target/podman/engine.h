// The podman program: its own storage and configuration below the data
// folder, and the few commands that the target needs. Everything goes through
// a ProcessRunner.
//
//   <data>/podman/storage           images, containers, volumes
//   <data>/podman/containers.conf   written at each start
//   <data>/podman/storage.conf      written once: the driver of a storage
//                                   folder never changes
//   <data>/podman/pods/<pod>/       files of ConfigMaps, Secrets, emptyDirs
//   <data>/podman/podman            the program with these settings, for
//                                   people: `<data>/podman/podman ps`
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cd/image_access.h"
#include "core/os/mutex.h"
#include "core/os/process.h"
#include "target/podman/conf.h"

namespace skerry::cd::podman {

struct EngineOptions {
  std::string command;         // "podman"
  std::string storage_driver;  // "": overlay, or vfs where that fails
  std::string runtime;         // "": crun, or runc where cgroups are not v2
  std::chrono::milliseconds pull_timeout{600'000};
};

struct ContainerState {
  std::string pod, name;  // the container's own name, without the pod's
  std::string state;      // "running", "exited", "created" ...
  std::string image;
  int exit_code = 0;
  std::string app, owner;  // labels
  // Of a Job's pod: labels, and when the container ended (seconds since 1970).
  int retries = 0;
  std::int64_t ttl = -1, ended = 0;
  bool retrying = false;  // it failed and will be tried again
};

// Thread-safe.
class Engine {
 public:
  Engine(std::filesystem::path data, const ProcessRunner& processes,
         std::function<EngineOptions()> options);

  // All containers of pods of ours, whatever their state.
  std::vector<ContainerState> containers();
  // The names of pods of ours; one that a crash cut short has no container.
  std::vector<std::string> pods();
  // Throws unavailable with podman's own words.
  void pull(const std::string& image, const std::optional<PullAccess>& access);
  // "" when there is no such image.
  std::string image_id(const std::string& image);
  // False when it is in use.
  bool remove_image(const std::string& image);
  // The user that an image runs as: "", "0", "nobody:nobody".
  std::string image_user(const std::string& image);
  // Creates a pod, not started. `network` "" is podman's default network.
  void create_pod(const std::string& manifest, const std::string& network);
  void start_pod(const std::string& pod);
  void stop_pod(const std::string& pod, int grace_seconds);
  // With its containers; an absent pod is fine.
  void remove_pod(const std::string& pod, int grace_seconds);
  void ensure_network(const std::string& name);
  void remove_volume(const std::string& name);
  void create_volume(const std::string& name);
  // Calls `each` for every event until `stop`; throws when podman fails.
  void watch(const std::function<void(std::string_view line)>& each,
             std::stop_token stop);

  // Why podman cannot be used; "" when it can (or nobody asked yet).
  std::string problem();
  std::string instance() const { return instance_of(folder_); }
  std::filesystem::path pods_folder() const { return folder_ / "pods"; }
  std::filesystem::path pulled_folder() const { return folder_ / "pulled"; }
  // Makes running commands end and refuses new ones.
  void stop() { stopping_.request_stop(); }

 private:
  CommandResult run(std::vector<std::string> arguments,
                    std::chrono::milliseconds timeout =
                        std::chrono::milliseconds(120'000),
                    std::string input = {});
  // Throws unavailable when the command fails.
  std::string check(std::vector<std::string> arguments, std::string input = {},
                    std::chrono::milliseconds timeout =
                        std::chrono::milliseconds(120'000));
  void prepare();
  void prepare_locked() REQUIRES(mutex_);
  void remove_credentials();
  void choose_storage(const std::string& program) REQUIRES(mutex_);
  std::map<std::string, std::string> environment() const;
  Command command(std::vector<std::string> arguments);

  const std::filesystem::path folder_;
  const ProcessRunner& processes_;
  const std::function<EngineOptions()> options_;
  std::stop_source stopping_;
  Mutex mutex_;
  bool prepared_ GUARDED_BY(mutex_) = false;
  std::string program_ GUARDED_BY(mutex_);
  std::string problem_ GUARDED_BY(mutex_);
};

}  // namespace skerry::cd::podman
