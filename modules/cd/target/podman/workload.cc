#include "target/podman/workload.h"

#include <algorithm>

#include "core/error.h"
#include "core/store/digest.h"
#include "target/podman/container.h"

namespace skerry::cd::podman {
namespace {

// Labels of the pods; their owner's marks are added. Annotations are data for
// fieldRef only: podman reads options for itself from some of them.
Json pod_labels(const PodContext& context) {
  Json labels = context.template_metadata.value("labels", Json::object());
  labels["skerry.app"] = context.app.name;
  labels["skerry.owner"] = context.workload.owner;
  if (context.workload.retries > 0) {
    labels["skerry.retries"] = std::to_string(context.workload.retries);
  }
  if (context.workload.ttl >= 0) {
    labels["skerry.ttl"] = std::to_string(context.workload.ttl);
  }
  return labels;
}

Json read_template_metadata(Fields& fields) {
  Json metadata = Json::object();
  fields.object("metadata", [&](Fields& f) {
    for (const char* key : {"labels", "annotations"}) {
      const Json& map = f.any(key);
      if (map.is_object()) metadata[key] = map;
    }
    f.drop({"name", "namespace", "creationTimestamp", "generateName"});
  });
  return metadata;
}

std::string mark(const std::string& pod, const Json& folders) {
  return digest_of(pod + folders.dump()).hex.substr(0, 8);
}

// A pod's name is also its host name: at most 63 characters.
std::string name_prefix(const TargetApp& app, const ResourceKey& key) {
  std::string prefix = key.name == app.name || key.name.starts_with(app.name + "-")
                           ? key.name
                           : app.name + "-" + key.name;
  std::replace(prefix.begin(), prefix.end(), '.', '-');
  if (prefix.size() > 44) {
    prefix = prefix.substr(0, 35) + "-" + digest_of(prefix).hex.substr(0, 8);
  }
  return prefix;
}

}  // namespace

bool is_workload(const ResourceKey& key) {
  if (key.group == "apps") {
    return key.kind == "Deployment" || key.kind == "ReplicaSet" ||
           key.kind == "DaemonSet";
  }
  return (key.group == "batch" && key.kind == "Job") ||
         (key.group.empty() && key.kind == "Pod");
}

std::string Workload::pod_name(int index) const {
  return fmt::format("{}-{}-{}", prefix, hash, index);
}

Workload plan_workload(const TargetApp& app, const Json& object,
                       const std::vector<Json>& desired,
                       const Policy& policy) {
  const ResourceKey key = key_of(object);
  Workload work;
  work.owner = tracking_id(app.name, key);
  work.prefix = name_prefix(app, key);
  PodContext context{.app = app,
                     .namespace_name = key.namespace_name,
                     .desired = desired,
                     .policy = policy,
                     .template_metadata = Json::object(),
                     .workload = work,
                     .volumes = {},
                     .non_root = false,
                     .run_as_user = {},
                     .run_as_group = {},
                     .key = key};
  Json spec;
  const Json& whole = object.contains("spec") ? object["spec"] : Json::object();
  Fields fields(whole, "spec", kUnknown);
  if (key.kind == "Pod") {
    for (const char* map : {"labels", "annotations"}) {
      const Json& metadata = object["metadata"];
      if (metadata.contains(map) && metadata[map].is_object()) {
        context.template_metadata[map] = metadata[map];
      }
    }
    spec = translate_pod_spec(fields, context, "");
  } else {
    read_controller(fields, key.kind, context);
    fields.object("template", [&](Fields& f) {
      context.template_metadata = read_template_metadata(f);
      f.object("spec", [&](Fields& pod) {
        spec = translate_pod_spec(pod, context,
                                  key.kind == "Job" ? "Never" : "Always");
      });
    });
    if (spec.is_null()) {
      fail(ErrorCode::invalid, "spec.template.spec is missing");
    }
  }
  fields.done();
  if (work.publishes && work.replicas > 1) {
    fail(ErrorCode::invalid,
         "spec.replicas: only one pod can own a port of this machine");
  }
  if (work.publishes && !work.rollout.recreate && key.kind == "Deployment") {
    context.notice("a pod that owns a port of this machine ends before its "
                   "successor starts, as with strategy Recreate");
  }
  work.pod = {{"apiVersion", "v1"},
              {"kind", "Pod"},
              {"metadata", {{"labels", pod_labels(context)}}},
              {"spec", std::move(spec)}};
  Json folders = Json::array();
  for (const Folder& folder : work.folders) {
    // Secrets are binary: the digest of each file stands for it.
    Json files = Json::object();
    for (const auto& [name, content] : folder.files) {
      files[name] = digest_of(content).hex;
    }
    folders.push_back({folder.volume, folder.mode, std::move(files)});
  }
  folders.push_back(work.aliases);
  work.hash = mark(work.pod.dump(-1, ' ', false,
                                 Json::error_handler_t::replace), folders);
  return work;
}

}  // namespace skerry::cd::podman
