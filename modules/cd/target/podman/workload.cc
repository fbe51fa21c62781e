#include "target/podman/workload.h"

#include <algorithm>

#include "core/error.h"
#include "core/store/digest.h"
#include "target/podman/container.h"

namespace skerry::cd::podman {
namespace {

constexpr const char* kUnknown = "is not supported by the podman target";

void read_pod_security(Fields& fields, PodContext& context) {
  fields.object("securityContext", [&](Fields& f) {
    if (f.has("runAsUser")) context.run_as_user = f.integer("runAsUser", 0);
    if (f.has("runAsGroup")) context.run_as_group = f.integer("runAsGroup", 0);
    context.non_root = f.boolean("runAsNonRoot", false);
    f.object("seccompProfile", [&](Fields& p) {
      if (const std::string type = p.text("type"); type != "RuntimeDefault") {
        fail(ErrorCode::invalid, "{}: {} {}", p.path(), type, kUnknown);
      }
    });
  });
}

void read_host_namespaces(Fields& fields, PodContext& context, Json& spec) {
  for (const char* key : {"hostNetwork", "hostPID", "hostIPC"}) {
    if (!fields.boolean(key, false)) continue;
    if (!context.policy.allow_privileged) {
      fail(ErrorCode::invalid,
           "{} needs the setting cd.podman_allow_privileged, which is off",
           fields.path_of(key));
    }
    spec[key] = true;
    if (std::string_view(key) == "hostNetwork") {
      context.workload.host_network = true;
    }
  }
}

// Fields about choosing among nodes say nothing on one machine.
void read_placement(Fields& fields) {
  fields.drop({"affinity", "tolerations", "topologySpreadConstraints",
               "priorityClassName", "priority", "preemptionPolicy",
               "enableServiceLinks", "schedulerName"});
  fields.object("nodeSelector", [](Fields& f) {
    if (const auto os = f.text("kubernetes.io/os"); !os.empty() && os != "linux") {
      fail(ErrorCode::invalid, "{}: this machine runs linux", f.path());
    }
  });
  if (const auto account = fields.text("serviceAccountName", "default");
      account != "default" && !account.empty()) {
    fail(ErrorCode::invalid, "{} {}", fields.path_of("serviceAccountName"),
         kUnknown);
  }
  fields.drop({"serviceAccount"});
  if (fields.boolean("automountServiceAccountToken", false)) {
    fail(ErrorCode::invalid, "{} {}",
         fields.path_of("automountServiceAccountToken"), kUnknown);
  }
  if (const Json& secrets = fields.any("imagePullSecrets");
      !secrets.is_null() && !secrets.empty()) {
    fail(ErrorCode::invalid, "{} {}", fields.path_of("imagePullSecrets"),
         kUnknown);
  }
}

Json pod_volumes(const PodContext& context) {
  Json volumes = Json::array();
  for (const auto& [name, volume] : context.volumes) {
    if (volume.is_null()) continue;
    Json out = {{"name", name}};
    if (volume.contains("claim")) {
      out["persistentVolumeClaim"] = {{"claimName", volume["claim"]}};
    } else {
      out["hostPath"] = {{"path", volume["path"]}};
      if (volume["type"] != "") out["hostPath"]["type"] = volume["type"];
    }
    volumes.push_back(std::move(out));
  }
  return volumes;
}

// Podman publishes a port without hostPort under its own number; Kubernetes
// does not.
void drop_unpublished(Json& containers) {
  for (Json& container : containers) {
    Json published = Json::array();
    for (Json& port : container["ports"]) {
      if (port.contains("hostPort")) published.push_back(std::move(port));
    }
    container.erase("ports");
    if (!published.empty()) container["ports"] = std::move(published);
  }
}

Json translate_pod_spec(Fields& fields, PodContext& context,
                        const char* restart) {
  Json spec = Json::object();
  const std::string policy = fields.text("restartPolicy", "Always");
  const bool ends = std::string_view(restart) == "Never";
  if (!ends && policy != restart && *restart) {
    fail(ErrorCode::invalid, "{} must be {}", fields.path_of("restartPolicy"),
         restart);
  }
  spec["restartPolicy"] = ends ? "Never" : policy;
  context.workload.to_completion = ends || policy != "Always";
  const auto grace = fields.integer("terminationGracePeriodSeconds", 30);
  context.workload.grace_seconds =
      static_cast<int>(std::clamp<std::int64_t>(grace, 0, 600));
  for (const char* key : {"hostname", "hostAliases", "dnsConfig"}) {
    if (fields.has(key)) spec[key] = fields.any(key);
  }
  if (fields.boolean("shareProcessNamespace", false)) {
    spec["shareProcessNamespace"] = true;
  }
  fields.drop({"dnsPolicy", "setHostnameAsFQDN"});
  read_placement(fields);
  read_host_namespaces(fields, context, spec);
  read_pod_security(fields, context);
  fields.list("volumes", [&](Fields& f) { translate_volume(f, context); });
  Json init = Json::array(), containers = Json::array();
  fields.list("initContainers", [&](Fields& f) {
    init.push_back(translate_container(f, context, true));
  });
  fields.list("containers", [&](Fields& f) {
    containers.push_back(translate_container(f, context, false));
  });
  if (containers.empty()) {
    fail(ErrorCode::invalid, "{} is empty", fields.path_of("containers"));
  }
  apply_services(context, containers);
  drop_unpublished(init);
  drop_unpublished(containers);
  spec["containers"] = std::move(containers);
  if (!init.empty()) spec["initContainers"] = std::move(init);
  if (Json volumes = pod_volumes(context); !volumes.empty()) {
    spec["volumes"] = std::move(volumes);
  }
  return spec;
}

// Labels of the pods; their owner's marks are added. Annotations are data for
// fieldRef only: podman reads options for itself from some of them.
Json pod_labels(const PodContext& context) {
  Json labels = context.template_metadata.value("labels", Json::object());
  labels["skerry.app"] = context.app.name;
  labels["skerry.owner"] = context.workload.owner;
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

void read_controller(Fields& spec, const std::string& kind, Workload& work) {
  if (kind == "Job") {
    for (const char* key : {"completions", "parallelism"}) {
      if (spec.integer(key, 1) != 1) {
        fail(ErrorCode::invalid, "{} other than 1 {}", spec.path_of(key),
             kUnknown);
      }
    }
    if (spec.integer("backoffLimit", 0) != 0) {
      fail(ErrorCode::invalid,
           "{} other than 0 {}: a Job's pod runs once",
           spec.path_of("backoffLimit"), kUnknown);
    }
    if (spec.boolean("suspend", false)) spec.refuse({"suspend"});
    spec.drop({"ttlSecondsAfterFinished", "selector"});
    return;
  }
  work.replicas = 1;
  if (kind != "DaemonSet") {
    const auto replicas = spec.integer("replicas", 1);
    if (replicas < 0 || replicas > 100) {
      fail(ErrorCode::invalid, "{} must be 0 to 100",
           spec.path_of("replicas"));
    }
    work.replicas = static_cast<int>(replicas);
  }
  if (spec.integer("minReadySeconds", 0) != 0 ||
      spec.boolean("paused", false)) {
    fail(ErrorCode::invalid, "{} and paused {}",
         spec.path_of("minReadySeconds"), kUnknown);
  }
  spec.drop({"selector", "strategy", "updateStrategy", "revisionHistoryLimit",
             "progressDeadlineSeconds"});
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
                     .run_as_group = {}};
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
    read_controller(fields, key.kind, work);
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
