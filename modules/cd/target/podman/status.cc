#include "target/podman/status.h"

#include <map>
#include <set>

#include "core/error.h"
#include "target/podman/workload.h"

namespace skerry::cd::podman {
namespace {

using Pods = std::map<std::string, std::vector<const ContainerState*>>;

// Names and images of a manifest's own containers; init containers come and go.
std::map<std::string, std::string> main_containers(const Json& object,
                                                   bool pod) {
  std::map<std::string, std::string> result;
  const Json::json_pointer path(pod ? "/spec/containers"
                                    : "/spec/template/spec/containers");
  if (!object.contains(path)) return result;
  for (const Json& container : object[path]) {
    result[optional_string(container, "name")] =
        optional_string(container, "image");
  }
  return result;
}

struct Count {
  int running = 0, succeeded = 0, failed = 0, retrying = 0, other = 0;
  std::string message;
  std::map<std::string, std::string> other_images;  // by container
};

void count_pod(const std::vector<const ContainerState*>& containers,
               const std::map<std::string, std::string>& wanted,
               Count& count) {
  std::size_t running = 0, ended = 0;
  int exit_code = 0;
  for (const ContainerState* c : containers) {
    const auto it = wanted.find(c->name);
    if (it == wanted.end()) continue;
    if (c->image != it->second && !it->second.ends_with(c->image) &&
        !c->image.ends_with("/" + it->second)) {
      count.other_images[c->name] = c->image;
    }
    if (c->retrying) {
      ++count.retrying;
      count.message = fmt::format(
          "container {} ended with code {}; it is tried again", c->name,
          c->exit_code);
    } else if (c->state == "running") {
      ++running;
    } else if (c->state == "exited" || c->state == "stopped") {
      ++ended;
      if (c->exit_code != 0) exit_code = c->exit_code;
      count.message = fmt::format("container {} {} with code {}", c->name,
                                  c->state, c->exit_code);
    } else {
      count.message = fmt::format("container {} is {}", c->name, c->state);
    }
  }
  if (running == wanted.size()) {
    ++count.running;
  } else if (ended == wanted.size()) {
    ++(exit_code == 0 ? count.succeeded : count.failed);
  } else {
    ++count.other;
  }
}

Count count_pods(const Pods& pods, const Json& object, bool is_pod) {
  Count count;
  const auto wanted = main_containers(object, is_pod);
  for (const auto& [name, containers] : pods) {
    count_pod(containers, wanted, count);
  }
  return count;
}

// A container that runs another image is shown with that image.
void show_images(Json& object, const Count& count, bool is_pod) {
  const Json::json_pointer path(is_pod ? "/spec/containers"
                                       : "/spec/template/spec/containers");
  for (auto& container : object[path]) {
    const auto it = count.other_images.find(optional_string(container, "name"));
    if (it != count.other_images.end()) container["image"] = it->second;
  }
}

void replica_status(Json& object, const std::string& kind, const Pods& pods,
                    const Count& count) {
  Json& spec = object["spec"];
  const std::int64_t wanted =
      kind == "DaemonSet" ? 1 : optional_int(spec, "replicas", 1);
  Json& status = object["status"];
  status = {{"replicas", pods.size()},
            {"updatedReplicas", count.running},
            {"readyReplicas", count.running},
            {"availableReplicas", count.running},
            {"desiredNumberScheduled", wanted},
            {"numberAvailable", count.running}};
  if (count.running < wanted && !count.message.empty()) {
    status["conditions"] = {{{"type", "ReplicaFailure"},
                             {"status", count.failed > 0 ? "True" : "False"},
                             {"message", count.message}}};
  }
  if (count.running < wanted) spec["replicas"] = count.running;
}

void job_status(Json& object, const Count& count) {
  Json conditions = Json::array();
  if (count.failed > 0) {
    conditions.push_back({{"type", "Failed"},
                          {"status", "True"},
                          {"message", count.message}});
  } else if (count.succeeded > 0) {
    conditions.push_back({{"type", "Complete"}, {"status", "True"}});
  }
  object["status"] = {{"succeeded", count.succeeded},
                      {"failed", count.failed + count.retrying},
                      {"conditions", std::move(conditions)}};
}

// False for a pod that should run for ever and does not: it counts as missing.
bool pod_status(Json& object, const Count& count) {
  const Json::json_pointer policy("/spec/restartPolicy");
  const bool for_ever =
      !object.contains(policy) || object[policy] == "Always";
  if (for_ever && count.running == 0) return false;
  const char* phase = count.running > 0     ? "Running"
                      : count.failed > 0    ? "Failed"
                      : count.succeeded > 0 ? "Succeeded"
                                            : "Pending";
  object["status"] = {{"phase", phase}, {"message", count.message}};
  if (count.running > 0) {
    object["status"]["conditions"] = {{{"type", "Ready"}, {"status", "True"}}};
  }
  return true;
}

// Nothing when the object's pods are all gone.
std::optional<LiveResource> workload_resource(const ResourceKey& key,
                                              Json object, const Pods& pods) {
  const Json::json_pointer replicas("/spec/replicas");
  const bool none_wanted =
      object.contains(replicas) && object[replicas] == 0;
  if (pods.empty() && !none_wanted) return std::nullopt;
  const bool is_pod = key.kind == "Pod";
  const Count count = count_pods(pods, object, is_pod);
  show_images(object, count, is_pod);
  if (is_pod) {
    if (!pod_status(object, count)) return std::nullopt;
  } else if (key.kind == "Job") {
    job_status(object, count);
  } else {
    replica_status(object, key.kind, pods, count);
  }
  return LiveResource{key, std::move(object)};
}

void remembered_status(const ResourceKey& key, Json& object) {
  if (key.kind == "PersistentVolumeClaim") {
    object["status"] = {{"phase", "Bound"}};
  } else if (key.kind == "Service") {
    object["status"]["loadBalancer"]["ingress"] = {{{"hostname", "localhost"}}};
  }
}

// A workload that podman runs and nobody remembers (a crash came between).
LiveResource orphan(const ResourceKey& key, const std::string& owner) {
  Json object = {
      {"apiVersion", key.group.empty() ? "v1" : key.group + "/v1"},
      {"kind", key.kind},
      {"metadata",
       {{"name", key.name},
        {"namespace", key.namespace_name},
        {"annotations", {{kTrackingId, owner}}}}}};
  return {key, std::move(object)};
}

}  // namespace

std::vector<LiveResource> live_resources(
    const TargetApp& app, const std::vector<Json>& remembered,
    const std::vector<ContainerState>& containers) {
  std::map<std::string, Pods> by_owner;
  for (const ContainerState& c : containers) {
    if (c.app == app.name) by_owner[c.owner][c.pod].push_back(&c);
  }
  std::vector<LiveResource> result;
  for (const Json& stored : remembered) {
    const ResourceKey key = key_of(stored);
    Json object = stored;
    if (!is_workload(key)) {
      remembered_status(key, object);
      result.push_back({key, std::move(object)});
      continue;
    }
    const std::string owner = tracking_id(app.name, key);
    auto found = workload_resource(key, std::move(object), by_owner[owner]);
    if (found) result.push_back(std::move(*found));
    by_owner.erase(owner);
  }
  const std::string prefix = app.name + ":";
  for (const auto& [owner, pods] : by_owner) {
    if (pods.empty() || !owner.starts_with(prefix)) continue;
    const auto key = parse_key(owner.substr(prefix.size()));
    if (key) result.push_back(orphan(*key, owner));
  }
  return result;
}

}  // namespace skerry::cd::podman
