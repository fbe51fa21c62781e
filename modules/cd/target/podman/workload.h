// From a Kubernetes workload to the pods that podman runs for it. A pure
// function of the manifests.
//
// Podman 4.3's `kube play` reads a part of a pod's specification and passes
// over the rest in silence; it reads ConfigMaps only from its own input and
// trips over Secrets. So what it gets is plain: environment variables are
// literal, files of ConfigMaps and Secrets come from folders that the target
// writes, Services have become published ports and network names. A field
// that is not carried over is refused by its path.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/text/json.h"
#include "resource.h"
#include "target/target.h"

namespace skerry::cd::podman {

struct Policy {
  // privileged, added capabilities, host namespaces and host paths.
  bool allow_privileged = false;
};

// A folder that is mounted into the pod.
struct Folder {
  std::string volume;                        // its name in the pod
  std::map<std::string, std::string> files;  // none: an emptyDir
  unsigned mode = 0644;
  bool empty_dir = false;
};

struct Image {
  std::string name;
  std::string policy;  // Always, IfNotPresent, Never
  bool must_not_be_root = false;
};

// How new pods take the place of old ones.
struct Rollout {
  bool recreate = false;  // all old ones go first
  int surge = 1;          // pods there may be above the number wanted
  int unavailable = 0;    // pods there may be too few
};

struct Workload {
  std::string owner;  // tracking id
  std::string prefix; // of the pods' names
  std::string hash;   // of all that makes the pod; changes replace it
  int replicas = 1;
  bool to_completion = false;  // a Job
  int grace_seconds = 10;
  bool host_network = false;
  bool has_fs_group = false;
  bool publishes = false;  // owns ports of the host
  std::vector<std::string> aliases;  // network names: of Services
  Notices notices;
  Rollout rollout;
  int retries = 0;       // of a Job whose pod failed
  std::int64_t ttl = -1; // seconds that a finished Job's pod stays; -1: for ever
  std::vector<Image> images;
  std::vector<Folder> folders;
  std::vector<std::string> containers;  // names, without init containers
  Json pod;  // a Pod; kFolderMark stands for its folders' path

  std::string pod_name(int index) const;
};
inline constexpr const char* kFolderMark = "@skerry-folders@";
inline constexpr const char* kPodNameMark = "@skerry-pod-name@";

// The kinds that become pods.
bool is_workload(const ResourceKey& key);
// Throws invalid, naming the field.
Workload plan_workload(const TargetApp& app, const Json& object,
                       const std::vector<Json>& desired, const Policy& policy);

// The named volume of a PersistentVolumeClaim.
std::string volume_name(const TargetApp& app, const ResourceKey& claim);

}  // namespace skerry::cd::podman
