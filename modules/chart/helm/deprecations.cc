#include "helm/deprecations.h"

#include <fmt/format.h>

namespace skerry::chart {

namespace {

// A row of a table with what Kubernetes' own types say of themselves: from
// which 1.x on their kinds are deprecated and gone (0: not yet), and what takes
// their place ("": nothing). Behind a kind stands "!" when its list is not
// deprecated with it, and "=Other" when the other kind has another name.
struct Row {
  std::string_view api_version;
  int deprecated, removed;
  std::string_view replacement;
  std::string_view kinds;
};

constexpr Row kRows[] = {
    {"admissionregistration.k8s.io/v1alpha1", 35, 38, "",
     "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"},
    {"admissionregistration.k8s.io/v1alpha1", 29, 32, "",
     "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"},
    {"admissionregistration.k8s.io/v1beta1", 37, 40, "",
     "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"},
    {"admissionregistration.k8s.io/v1beta1", 16, 22,
     "admissionregistration.k8s.io/v1",
     "MutatingWebhookConfiguration ValidatingWebhookConfiguration"},
    {"admissionregistration.k8s.io/v1beta1", 31, 34, "",
     "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"},
    {"apps/v1beta1", 8, 16, "apps/v1",
     "ControllerRevision Deployment DeploymentRollback! StatefulSet"},
    {"apps/v1beta1", 8, 16, "autoscaling/v1",
     "Scale!"},
    {"apps/v1beta2", 9, 16, "apps/v1",
     "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"},
    {"apps/v1beta2", 9, 16, "autoscaling/v1",
     "Scale!"},
    {"authentication.k8s.io/v1alpha1", 29, 32, "",
     "SelfSubjectReview!"},
    {"authentication.k8s.io/v1beta1", 30, 33, "",
     "SelfSubjectReview!"},
    {"authentication.k8s.io/v1beta1", 19, 22, "authentication.k8s.io/v1",
     "TokenReview!"},
    {"authorization.k8s.io/v1beta1", 19, 22, "authorization.k8s.io/v1",
     "LocalSubjectAccessReview! SelfSubjectAccessReview! "
     "SelfSubjectRulesReview! SubjectAccessReview!"},
    {"autoscaling/v2beta1", 22, 25, "autoscaling/v2",
     "HorizontalPodAutoscaler!"},
    {"autoscaling/v2beta1", 22, 25, "autoscaling/v2beta2",
     "HorizontalPodAutoscalerList!"},
    {"autoscaling/v2beta2", 23, 26, "autoscaling/v2",
     "HorizontalPodAutoscaler!"},
    {"autoscaling/v2beta2", 22, 25, "",
     "HorizontalPodAutoscalerList!"},
    {"batch/v1beta1", 21, 25, "batch/v1",
     "CronJob"},
    {"certificates.k8s.io/v1alpha1", 34, 37, "",
     "ClusterTrustBundle"},
    {"certificates.k8s.io/v1beta1", 19, 22, "certificates.k8s.io/v1",
     "CertificateSigningRequest"},
    {"certificates.k8s.io/v1beta1", 36, 39, "",
     "ClusterTrustBundle"},
    {"certificates.k8s.io/v1beta1", 38, 41, "",
     "PodCertificateRequest"},
    {"coordination.k8s.io/v1alpha2", 35, 38, "",
     "LeaseCandidate"},
    {"coordination.k8s.io/v1beta1", 19, 22, "coordination.k8s.io/v1",
     "Lease"},
    {"coordination.k8s.io/v1beta1", 36, 39, "",
     "LeaseCandidate"},
    {"discovery.k8s.io/v1beta1", 21, 25, "discovery.k8s.io/v1",
     "EndpointSlice! EndpointSliceList!=EndpointSlice"},
    {"events.k8s.io/v1beta1", 22, 25, "",
     "Event"},
    {"extensions/v1beta1", 8, 16, "apps/v1",
     "DaemonSet Deployment ReplicaSet"},
    {"extensions/v1beta1", 8, 16, "",
     "DeploymentRollback!"},
    {"extensions/v1beta1", 14, 22, "networking.k8s.io/v1",
     "Ingress"},
    {"extensions/v1beta1", 9, 16, "networking.k8s.io/v1",
     "NetworkPolicy"},
    {"extensions/v1beta1", 2, 16, "",
     "Scale!"},
    {"flowcontrol.apiserver.k8s.io/v1beta1", 23, 26,
     "flowcontrol.apiserver.k8s.io/v1beta3",
     "FlowSchema PriorityLevelConfiguration"},
    {"flowcontrol.apiserver.k8s.io/v1beta2", 26, 29,
     "flowcontrol.apiserver.k8s.io/v1beta3",
     "FlowSchema PriorityLevelConfiguration"},
    {"flowcontrol.apiserver.k8s.io/v1beta3", 29, 32,
     "flowcontrol.apiserver.k8s.io/v1",
     "FlowSchema PriorityLevelConfiguration"},
    {"networking.k8s.io/v1beta1", 34, 37, "",
     "IPAddress ServiceCIDR"},
    {"networking.k8s.io/v1beta1", 19, 22, "networking.k8s.io/v1",
     "Ingress IngressClass!=IngressClassList IngressClassList!"},
    {"node.k8s.io/v1beta1", 22, 25, "",
     "RuntimeClass"},
    {"policy/v1beta1", 22, 25, "",
     "Eviction!"},
    {"policy/v1beta1", 21, 25, "policy/v1",
     "PodDisruptionBudget"},
    {"rbac.authorization.k8s.io/v1beta1", 17, 22,
     "rbac.authorization.k8s.io/v1",
     "ClusterRole ClusterRoleBinding Role RoleBinding"},
    {"resource.k8s.io/v1alpha3", 36, 39, "",
     "DeviceTaintRule"},
    {"resource.k8s.io/v1beta1", 35, 38, "",
     "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice"},
    {"resource.k8s.io/v1beta2", 36, 39, "",
     "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice"},
    {"scheduling.k8s.io/v1beta1", 14, 22, "scheduling.k8s.io/v1",
     "PriorityClass"},
    {"storage.k8s.io/v1alpha1", 21, 24, "storage.k8s.io/v1beta1",
     "CSIStorageCapacity"},
    {"storage.k8s.io/v1alpha1", 21, 24, "storage.k8s.io/v1",
     "VolumeAttachment"},
    {"storage.k8s.io/v1alpha1", 32, 35, "storage.k8s.io/v1",
     "VolumeAttributesClass"},
    {"storage.k8s.io/v1beta1", 19, 22, "storage.k8s.io/v1",
     "CSIDriver StorageClass VolumeAttachment"},
    {"storage.k8s.io/v1beta1", 17, 22, "storage.k8s.io/v1",
     "CSINode! CSINodeList!=CSINode"},
    {"storage.k8s.io/v1beta1", 24, 27, "storage.k8s.io/v1",
     "CSIStorageCapacity"},
    {"storage.k8s.io/v1beta1", 34, 37, "storage.k8s.io/v1",
     "VolumeAttributesClass"},
    {"storagemigration.k8s.io/v1beta1", 38, 41, "",
     "StorageVersionMigration"},
    {"v1", 19, 0, "",
     "ComponentStatus"},
    {"v1", 33, 0, "discovery.k8s.io/v1",
     "Endpoints=EndpointSlice"},
};

// Does `entry` ("CronJob", "Scale!", "Endpoints=EndpointSlice") speak of the
// kind? Then `other` gets what takes its place.
bool matches(std::string_view entry, std::string_view kind,
             std::string& other) {
  std::size_t equals = entry.find('=');
  std::string_view name = entry.substr(0, equals);
  bool is_alone = name.ends_with('!');
  if (is_alone) name.remove_suffix(1);
  bool is_list = !is_alone && kind.ends_with("List") &&
                 kind.substr(0, kind.size() - 4) == name;
  if (!is_list && kind != name) return false;
  other = equals == entry.npos ? name : entry.substr(equals + 1);
  if (is_list) other += "List";
  return true;
}

bool row_matches(const Row& row, std::string_view kind, std::string& other) {
  std::string_view rest = row.kinds;
  while (!rest.empty()) {
    std::size_t end = rest.find(' ');
    if (matches(rest.substr(0, end), kind, other)) return true;
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  }
  return false;
}

}  // namespace

std::string deprecation_of(std::string_view api_version, std::string_view kind,
                           int major, int minor) {
  std::string other;
  for (const Row& row : kRows) {
    if (row.api_version != api_version || !row_matches(row, kind, other)) {
      continue;
    }
    if (major < 1 || (major == 1 && minor < row.deprecated)) return "";
    std::string text = fmt::format("{} {} is deprecated in v1.{}+",
                                   api_version, kind, row.deprecated);
    if (row.removed > 0) {
      text += fmt::format(", unavailable in v1.{}+", row.removed);
    }
    if (!row.replacement.empty()) {
      text += fmt::format("; use {} {}", row.replacement, other);
    }
    return text;
  }
  return "";
}

}  // namespace skerry::chart
