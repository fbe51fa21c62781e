#include "kustomize/resource_id.h"

#include <algorithm>
#include <array>

namespace skerry::chart::kustomize {

namespace {

// The cluster-scoped kinds of the schema that Kustomize is built with, sorted.
constexpr std::array<std::string_view, 36> kClusterScoped = {
    "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
    "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration",
    "admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration",
    "admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/v1/CustomResourceDefinition",
    "apiextensions.k8s.io/v1beta1/CustomResourceDefinition",
    "apiregistration.k8s.io/v1/APIService",
    "apiregistration.k8s.io/v1beta1/APIService",
    "certificates.k8s.io/v1/CertificateSigningRequest",
    "certificates.k8s.io/v1beta1/CertificateSigningRequest",
    "flowcontrol.apiserver.k8s.io/v1beta1/FlowSchema",
    "flowcontrol.apiserver.k8s.io/v1beta1/PriorityLevelConfiguration",
    "networking.k8s.io/v1/IngressClass",
    "networking.k8s.io/v1beta1/IngressClass",
    "node.k8s.io/v1/RuntimeClass",
    "node.k8s.io/v1beta1/RuntimeClass",
    "policy/v1beta1/PodSecurityPolicy",
    "rbac.authorization.k8s.io/v1/ClusterRole",
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
    "rbac.authorization.k8s.io/v1beta1/ClusterRole",
    "rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding",
    "scheduling.k8s.io/v1/PriorityClass",
    "scheduling.k8s.io/v1beta1/PriorityClass",
    "storage.k8s.io/v1/CSIDriver",
    "storage.k8s.io/v1/CSINode",
    "storage.k8s.io/v1/StorageClass",
    "storage.k8s.io/v1/VolumeAttachment",
    "storage.k8s.io/v1beta1/CSIDriver",
    "storage.k8s.io/v1beta1/CSINode",
    "storage.k8s.io/v1beta1/StorageClass",
    "storage.k8s.io/v1beta1/VolumeAttachment",
    "v1/ComponentStatus",
    "v1/Namespace",
    "v1/Node",
    "v1/NodeProxyOptions",
    "v1/PersistentVolume",
};

std::string_view or_mark(const std::string& text, std::string_view mark) {
  return text.empty() ? mark : std::string_view(text);
}

}  // namespace

std::string Gvk::api_version() const {
  return group.empty() ? version : group + "/" + version;
}

std::string Gvk::text() const {
  std::string out(or_mark(kind, "[noKind]"));
  out += '.';
  out += or_mark(version, "[noVer]");
  out += '.';
  out += or_mark(group, "[noGrp]");
  return out;
}

std::string Gvk::text_without_empty() const {
  std::string out;
  for (auto* part : {&group, &version, &kind}) {
    if (part->empty()) continue;
    if (!out.empty()) out += '_';
    out += *part;
  }
  return out;
}

bool Gvk::is_selected_by(const Gvk& selector) const {
  return (selector.group.empty() || selector.group == group) &&
         (selector.version.empty() || selector.version == version) &&
         (selector.kind.empty() || selector.kind == kind);
}

Gvk make_gvk(std::string_view api_version, std::string_view kind) {
  Gvk gvk;
  gvk.kind = kind;
  std::size_t slash = api_version.find('/');
  if (slash != api_version.npos) {
    gvk.group = api_version.substr(0, slash);
    api_version.remove_prefix(slash + 1);
  }
  gvk.version = api_version;
  return gvk;
}

bool is_certainly_cluster_scoped(const Gvk& gvk) {
  std::string name = gvk.api_version() + "/" + gvk.kind;
  return std::binary_search(kClusterScoped.begin(), kClusterScoped.end(),
                            std::string_view(name));
}

std::string_view ResourceId::effective_namespace() const {
  if (is_cluster_scoped) return "_non_namespaceable_";
  return name_space.empty() ? std::string_view("default") : name_space;
}

bool ResourceId::is_in_default_namespace() const {
  return !is_cluster_scoped && (name_space.empty() || name_space == "default");
}

std::string ResourceId::text() const {
  std::string out = gvk.text();
  out += '/';
  out += or_mark(name, "[noName]");
  out += '.';
  out += or_mark(name_space, "[noNs]");
  return out;
}

bool ResourceId::equals(const ResourceId& other) const {
  return name == other.name && gvk == other.gvk &&
         effective_namespace() == other.effective_namespace();
}

std::string ResourceId::key() const {
  std::string out;
  for (std::string_view part :
       {std::string_view(gvk.kind), std::string_view(gvk.version),
        std::string_view(gvk.group), std::string_view(name)}) {
    out += part;
    out += '\n';
  }
  out += effective_namespace();
  return out;
}

}  // namespace skerry::chart::kustomize
