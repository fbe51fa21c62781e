// A pod's specification, translated.
#include <algorithm>

#include "core/error.h"
#include "target/podman/container.h"

namespace skerry::cd::podman {
namespace {

constexpr std::int64_t kLongestGrace = 3600;
#if defined(__aarch64__)
constexpr std::string_view kArchitecture = "arm64";
#else
constexpr std::string_view kArchitecture = "amd64";
#endif

void read_pod_security(Fields& fields, PodContext& context) {
  fields.object("securityContext", [&](Fields& f) {
    if (f.has("runAsUser")) context.run_as_user = f.integer("runAsUser", 0);
    if (f.has("runAsGroup")) context.run_as_group = f.integer("runAsGroup", 0);
    context.non_root = f.boolean("runAsNonRoot", false);
    if (f.given("fsGroup")) {
      context.workload.has_fs_group = true;
      f.integer("fsGroup", 0);
    }
    f.text("fsGroupChangePolicy");
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

// Fields about choosing among nodes: there is one, so all fit on it.
void read_placement(Fields& fields, PodContext& context) {
  for (const char* key :
       {"affinity", "tolerations", "topologySpreadConstraints",
        "priorityClassName", "priority", "preemptionPolicy"}) {
    if (fields.given(key)) {
      context.notice(fmt::format("{} changes nothing on a single machine", key));
    }
  }
  if (fields.text("schedulerName", "default-scheduler") !=
      "default-scheduler") {
    context.notice("schedulerName changes nothing on a single machine");
  }
  const Json& selector = fields.any("nodeSelector");
  fields.object("nodeSelector", [&](Fields& f) {
    for (const auto& [label, ignored] : selector.items()) {
      const std::string value = f.scalar(label.c_str());
      const std::string_view own = label == "kubernetes.io/os" ? "linux"
                                   : label == "kubernetes.io/arch"
                                       ? kArchitecture
                                       : std::string_view();
      if (!own.empty() && value != own) {
        fail(ErrorCode::invalid, "{}: this machine's {} is {}, not {}",
             f.path(), label, own, value);
      }
      if (own.empty()) {
        context.notice(fmt::format(
            "nodeSelector {} changes nothing on a single machine", label));
      }
    }
  });
}

// What a pod gets from a cluster around it.
void read_cluster_services(Fields& fields, PodContext& context) {
  fields.drop({"serviceAccount"});
  const std::string account = fields.text("serviceAccountName", "default");
  const bool token = fields.boolean("automountServiceAccountToken", false);
  if (token || (account != "default" && !account.empty())) {
    context.notice("the pod gets no token of its service account: there is no "
                   "Kubernetes API here");
  }
  if (fields.given("imagePullSecrets")) {
    context.notice("imagePullSecrets are not used: images of this server are "
                   "pulled with a token of the project, others without login");
  }
  if (fields.boolean("enableServiceLinks", false)) {
    context.notice("enableServiceLinks gives no <SERVICE>_SERVICE_HOST "
                   "variables; use the Services' names");
  }
  const std::string policy = fields.text("dnsPolicy", "ClusterFirst");
  if (policy != "ClusterFirst" && policy != "ClusterFirstWithHostNet") {
    context.notice(fmt::format(
        "dnsPolicy {} changes nothing: names are asked of podman's network, "
        "then of the machine's servers",
        policy));
  }
  if (fields.boolean("setHostnameAsFQDN", false)) {
    fields.refuse({"setHostnameAsFQDN"});
  }
}

// fsGroup gives a volume to a group. Folders of the target may be written, or
// read, by all; a claim's volume belongs to whom the image says.
void check_fs_group(PodContext& context, const std::string& path) {
  if (!context.workload.has_fs_group) return;
  for (const auto& [name, volume] : context.volumes) {
    if (volume.is_object() && volume.contains("claim")) {
      fail(ErrorCode::invalid,
           "{}.securityContext.fsGroup with a claim's volume {}", path,
           kUnknown);
    }
  }
  context.notice("fsGroup changes nothing: an emptyDir may be written by every "
                 "user of the pod");
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

}  // namespace

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
  if (grace < 0 || grace > kLongestGrace) {
    fail(ErrorCode::invalid, "{} must be 0 to {}",
         fields.path_of("terminationGracePeriodSeconds"), kLongestGrace);
  }
  context.workload.grace_seconds = static_cast<int>(grace);
  for (const char* key : {"hostname", "hostAliases", "dnsConfig"}) {
    if (fields.has(key)) spec[key] = fields.any(key);
  }
  if (fields.boolean("shareProcessNamespace", false)) {
    spec["shareProcessNamespace"] = true;
  }
  read_placement(fields, context);
  read_cluster_services(fields, context);
  read_host_namespaces(fields, context, spec);
  read_pod_security(fields, context);
  fields.list("volumes", [&](Fields& f) { translate_volume(f, context); });
  check_fs_group(context, fields.path());
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

}  // namespace skerry::cd::podman
