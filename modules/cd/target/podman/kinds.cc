#include "target/podman/kinds.h"

#include <algorithm>

#include "core/error.h"
#include "target/podman/container.h"

namespace skerry::cd::podman {
namespace {

using Sentences = std::vector<std::string>;

// Kinds without which everything runs just as well on one machine.
struct Inert {
  std::string_view kind;  // "group/Kind"
  std::string_view why;
};
constexpr std::string_view kNoApi = "there is no Kubernetes API to permit";
constexpr Inert kInert[] = {
    {"/ServiceAccount", "there is no Kubernetes API to sign in to"},
    {"rbac.authorization.k8s.io/Role", kNoApi},
    {"rbac.authorization.k8s.io/RoleBinding", kNoApi},
    {"rbac.authorization.k8s.io/ClusterRole", kNoApi},
    {"rbac.authorization.k8s.io/ClusterRoleBinding", kNoApi},
    {"policy/PodDisruptionBudget", "no pod is moved off a single machine"},
    {"autoscaling/HorizontalPodAutoscaler",
     "the workload runs its spec.replicas, or 1"},
    {"scheduling.k8s.io/PriorityClass", "all pods fit on a single machine"},
    {"/LimitRange", "containers have the limits that they name"},
    {"/ResourceQuota", "nothing is counted by namespace"},
};

// Kinds whose absence would be noticed too late.
constexpr Inert kRefused[] = {
    {"networking.k8s.io/Ingress",
     "it has no ingress controller; publish with a Service of type NodePort or "
     "LoadBalancer"},
    {"gateway.networking.k8s.io/HTTPRoute",
     "it has no gateway; publish with a Service of type NodePort or "
     "LoadBalancer"},
    {"networking.k8s.io/NetworkPolicy", "it would not be enforced"},
    {"apps/StatefulSet", "use a Deployment with a claim"},
    {"batch/CronJob", "it has no timetable"},
};

const Inert* find_kind(const Inert* begin, const Inert* end,
                       const std::string& kind) {
  const auto it = std::find_if(
      begin, end, [&](const Inert& entry) { return entry.kind == kind; });
  return it == end ? nullptr : it;
}

void review_service(Fields& f, Sentences& notices) {
  const std::string type = f.text("type", "ClusterIP");
  if (type != "ClusterIP" && type != "NodePort" && type != "LoadBalancer") {
    fail(ErrorCode::invalid, "spec.type {} {}", type, kUnknown);
  }
  if (const auto ip = f.text("clusterIP"); !ip.empty() && ip != "None") {
    fail(ErrorCode::invalid, "spec.clusterIP {}", kUnknown);
  }
  if (f.text("sessionAffinity", "None") != "None") {
    fail(ErrorCode::invalid, "spec.sessionAffinity {}", kUnknown);
  }
  const auto inert = [&](const char* key, std::string_view standard,
                         std::string_view why) {
    const Json& value = f.any(key);
    const std::string text = value.is_string() ? value.get<std::string>()
                                               : value.dump();
    if (value.is_null() || text == standard) return;
    notices.push_back(fmt::format("{} {} changes nothing: {}", key, text, why));
  };
  constexpr std::string_view kOne = "all pods are on this machine";
  inert("internalTrafficPolicy", "Cluster", kOne);
  inert("externalTrafficPolicy", "Cluster", kOne);
  inert("ipFamilyPolicy", "SingleStack", "podman's network says which");
  inert("ipFamilies", "[\"IPv4\"]", "podman's network says which");
  inert("publishNotReadyAddresses", "false", "names are published at once");
  inert("allocateLoadBalancerNodePorts", "true",
        "a load balancer's port is published as it is");
  f.drop({"ports", "selector"});
}

void review_claim(Fields& f, Sentences& notices) {
  if (f.text("volumeMode", "Filesystem") != "Filesystem") {
    fail(ErrorCode::invalid, "spec.volumeMode {}", kUnknown);
  }
  f.texts("accessModes");
  if (f.given("resources")) {
    notices.emplace_back(
        "the size asked for is neither reserved nor a limit: the volume is a "
        "folder on this machine's disk");
  }
  if (f.given("storageClassName")) {
    notices.push_back(fmt::format("storageClassName {} changes nothing",
                                  f.text("storageClassName")));
  }
}

}  // namespace

std::vector<std::string> review_remembered(const Json& object) {
  const ResourceKey key = key_of(object);
  const std::string kind = key.group + "/" + key.kind;
  if (const Inert* inert =
          find_kind(std::begin(kInert), std::end(kInert), kind)) {
    return {fmt::format("a {} changes nothing here: {}", key.kind, inert->why)};
  }
  if (const Inert* refused =
          find_kind(std::begin(kRefused), std::end(kRefused), kind)) {
    fail(ErrorCode::invalid, "kind {} {}: {}", key.kind, kUnknown,
         refused->why);
  }
  if (kind == "/ConfigMap" || kind == "/Secret" || kind == "/Namespace") {
    return {};
  }
  Sentences notices;
  const Json none = Json::object();
  const auto spec = object.find("spec");
  Fields fields(spec == object.end() ? none : *spec, "spec", kUnknown);
  if (kind == "/Service") {
    review_service(fields, notices);
  } else if (kind == "/PersistentVolumeClaim") {
    review_claim(fields, notices);
  } else {
    fail(ErrorCode::invalid, "kind {} {}", key.kind, kUnknown);
  }
  fields.done();
  return notices;
}

}  // namespace skerry::cd::podman
