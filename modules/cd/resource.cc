#include "resource.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/error.h"

namespace skerry::cd {
namespace {

constexpr const char* kArgoHook = "argocd.argoproj.io/hook";
constexpr const char* kArgoDelete = "argocd.argoproj.io/hook-delete-policy";
constexpr const char* kHelmHook = "helm.sh/hook";
constexpr const char* kHelmDelete = "helm.sh/hook-delete-policy";

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    const auto comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) result.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return result;
}

std::string member_text(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

void add_phase(Hook& hook, Phase phase) {
  if (std::find(hook.phases.begin(), hook.phases.end(), phase) ==
      hook.phases.end()) {
    hook.phases.push_back(phase);
  }
}

void add_argo_phase(Hook& hook, const std::string& name, const Json& object) {
  if (name == "PreSync") return add_phase(hook, Phase::pre_sync);
  if (name == "Sync") return add_phase(hook, Phase::sync);
  if (name == "PostSync") return add_phase(hook, Phase::post_sync);
  if (name == "SyncFail") return add_phase(hook, Phase::sync_fail);
  if (name == "Skip") {
    hook.skip = true;
    return;
  }
  fail(ErrorCode::invalid, "{}: hook {} is not supported",
       key_of(object).describe(), name);
}

void add_helm_phase(Hook& hook, const std::string& name, const Json& object) {
  if (name == "pre-install" || name == "pre-upgrade" || name == "crd-install") {
    return add_phase(hook, Phase::pre_sync);
  }
  if (name == "post-install" || name == "post-upgrade") {
    return add_phase(hook, Phase::post_sync);
  }
  if (name == "test" || name == "test-success" || name == "test-failure" ||
      name == "pre-rollback" || name == "post-rollback") {
    return;  // Argo CD ignores these too
  }
  fail(ErrorCode::invalid, "{}: Helm hook {} is not supported",
       key_of(object).describe(), name);
}

void read_delete_policy(Hook& hook, const std::string& text, bool helm,
                        const Json& object) {
  if (text.empty()) return;
  hook.before_creation = false;
  for (const std::string& item : comma_list(text)) {
    if (item == (helm ? "before-hook-creation" : "BeforeHookCreation")) {
      hook.before_creation = true;
    } else if (item == (helm ? "hook-succeeded" : "HookSucceeded")) {
      hook.on_success = true;
    } else if (item == (helm ? "hook-failed" : "HookFailed")) {
      hook.on_failure = true;
    } else {
      fail(ErrorCode::invalid, "{}: hook-delete-policy {} is not supported",
           key_of(object).describe(), item);
    }
  }
}

}  // namespace

std::string ResourceKey::to_string() const {
  return fmt::format("{}/{}:{}/{}", group, kind, namespace_name, name);
}

std::string ResourceKey::describe() const {
  return namespace_name.empty()
             ? fmt::format("{} {}", kind, name)
             : fmt::format("{} {}/{}", kind, namespace_name, name);
}

ResourceKey key_of(const Json& object) {
  ResourceKey key;
  if (!object.is_object()) {
    fail(ErrorCode::invalid, "a manifest is not an object");
  }
  const std::string version = member_text(object, "apiVersion");
  key.kind = member_text(object, "kind");
  const auto slash = version.find('/');
  if (slash != std::string::npos) key.group = version.substr(0, slash);
  const auto metadata = object.find("metadata");
  if (metadata != object.end() && metadata->is_object()) {
    key.name = member_text(*metadata, "name");
    key.namespace_name = member_text(*metadata, "namespace");
  }
  if (version.empty() || key.kind.empty() || key.name.empty()) {
    fail(ErrorCode::invalid,
         "a manifest lacks {} (apiVersion \"{}\", kind \"{}\", name \"{}\")",
         version.empty()    ? "apiVersion"
         : key.kind.empty() ? "kind"
                            : "metadata.name",
         version, key.kind, key.name);
  }
  return key;
}

std::optional<ResourceKey> parse_key(std::string_view tail) {
  const auto slash = tail.find('/');
  const auto colon = tail.find(':', slash == tail.npos ? 0 : slash);
  if (slash == tail.npos || colon == tail.npos) return std::nullopt;
  const auto second = tail.find('/', colon);
  if (second == tail.npos) return std::nullopt;
  return ResourceKey{std::string(tail.substr(0, slash)),
                     std::string(tail.substr(slash + 1, colon - slash - 1)),
                     std::string(tail.substr(colon + 1, second - colon - 1)),
                     std::string(tail.substr(second + 1))};
}

std::string annotation(const Json& object, std::string_view name) {
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return {};
  const auto annotations = metadata->find("annotations");
  if (annotations == metadata->end() || !annotations->is_object()) return {};
  const auto it = annotations->find(name);
  return it != annotations->end() && it->is_string() ? it->get<std::string>()
                                                     : "";
}

void set_annotation(Json& object, const std::string& name,
                    const std::string& value) {
  Json& annotations = object["metadata"]["annotations"];
  if (!annotations.is_object()) annotations = Json::object();
  annotations[name] = value;
}

std::string tracking_id(std::string_view application, const ResourceKey& key) {
  return fmt::format("{}:{}", application, key.to_string());
}

bool is_tracked_by(const Json& object, std::string_view application) {
  return annotation(object, kTrackingId) ==
         tracking_id(application, key_of(object));
}

bool is_cluster_scoped(std::string_view group, std::string_view kind) {
  static constexpr std::array<std::string_view, 19> kKinds = {
      "/Namespace",
      "/Node",
      "/PersistentVolume",
      "admissionregistration.k8s.io/MutatingWebhookConfiguration",
      "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
      "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
      "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
      "apiextensions.k8s.io/CustomResourceDefinition",
      "apiregistration.k8s.io/APIService",
      "certificates.k8s.io/CertificateSigningRequest",
      "networking.k8s.io/IngressClass",
      "node.k8s.io/RuntimeClass",
      "policy/PodSecurityPolicy",
      "rbac.authorization.k8s.io/ClusterRole",
      "rbac.authorization.k8s.io/ClusterRoleBinding",
      "scheduling.k8s.io/PriorityClass",
      "storage.k8s.io/CSIDriver",
      "storage.k8s.io/CSINode",
      "storage.k8s.io/StorageClass"};
  return std::find(kKinds.begin(), kKinds.end(),
                   fmt::format("{}/{}", group, kind)) != kKinds.end();
}

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::pre_sync: return "PreSync";
    case Phase::sync: return "Sync";
    case Phase::post_sync: return "PostSync";
    case Phase::sync_fail: return "SyncFail";
  }
  return "Sync";
}

bool has_argo_hook(const Json& object) {
  return !annotation(object, kArgoHook).empty();
}

std::optional<Hook> hook_of(const Json& object, bool helm_hooks) {
  Hook hook;
  if (const std::string text = annotation(object, kArgoHook); !text.empty()) {
    for (const std::string& name : comma_list(text)) {
      add_argo_phase(hook, name, object);
    }
    read_delete_policy(hook, annotation(object, kArgoDelete), false, object);
    return hook;
  }
  const std::string text = annotation(object, kHelmHook);
  if (text.empty()) return std::nullopt;
  // Argo CD: any Argo hook disables all Helm hooks; the objects then are
  // ordinary ones.
  if (!helm_hooks) return std::nullopt;
  for (const std::string& name : comma_list(text)) {
    add_helm_phase(hook, name, object);
  }
  hook.skip = hook.phases.empty();
  read_delete_policy(hook, annotation(object, kHelmDelete), true, object);
  return hook;
}

int wave_of(const Json& object) {
  const char* name = "argocd.argoproj.io/sync-wave";
  std::string text = annotation(object, name);
  if (text.empty() && !annotation(object, kHelmHook).empty()) {
    name = "helm.sh/hook-weight";
    text = annotation(object, name);
  }
  if (text.empty()) return 0;
  int wave = 0;
  const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
  const auto [end, error] =
      std::from_chars(begin, text.data() + text.size(), wave);
  if (error != std::errc() || end != text.data() + text.size()) {
    fail(ErrorCode::invalid, "{}: {} \"{}\" is no whole number",
         key_of(object).describe(), name, text);
  }
  return wave;
}

std::string option_without_effect(std::string_view option) {
  struct Given {
    std::string_view option, why;
  };
  static constexpr std::string_view kWhole =
      "the targets write whole objects that they alone own";
  static constexpr Given kGiven[] = {
      {"ServerSideApply=true", kWhole},
      {"ClientSideApplyMigration=false", kWhole},
      {"SkipDryRunOnMissingResource=true",
       "nothing is tried on an API server before a sync"},
      {"Validate=false",
       "manifests are not validated against Kubernetes' schemas"},
      {"PrunePropagationPolicy=background",
       "what belongs to a resource goes with it"},
      {"PrunePropagationPolicy=foreground",
       "what belongs to a resource goes with it"},
  };
  for (const Given& given : kGiven) {
    if (given.option == option) {
      return fmt::format("sync option {} changes nothing: {}", option,
                         given.why);
    }
  }
  return {};
}

void collect_images(const Json& object, std::set<std::string>& images) {
  for (const char* path : {"/spec", "/spec/template/spec",
                           "/spec/jobTemplate/spec/template/spec"}) {
    const Json::json_pointer pointer(path);
    if (!object.contains(pointer) || !object[pointer].is_object()) continue;
    for (const char* list : {"containers", "initContainers"}) {
      const auto found = object[pointer].find(list);
      if (found == object[pointer].end() || !found->is_array()) continue;
      for (const Json& container : *found) {
        if (container.is_object()) images.insert(member_text(container, "image"));
      }
    }
  }
  images.erase("");
}

namespace {

// True when the option is one of those that are read, or mean what holds.
bool read_option(const std::string& option, ResourceOptions& options) {
  const auto equals = option.find('=');
  const std::string key = option.substr(0, equals);
  const std::string value =
      equals == std::string::npos ? "" : option.substr(equals + 1);
  if (value != "true" && value != "false") return false;
  bool* const flag = key == "Prune"       ? &options.prune
                     : key == "Delete"    ? &options.delete_
                     : key == "PruneLast" ? &options.prune_last
                     : key == "Replace"   ? &options.replace
                     : key == "Force"     ? &options.force
                                          : nullptr;
  if (flag) *flag = value == "true";
  return flag || option == "ServerSideApply=false" ||
         option == "SkipDryRunOnMissingResource=false" ||
         key == "ApplyOutOfSyncOnly";
}

}  // namespace

ResourceOptions resource_options(const Json& object) {
  ResourceOptions options;
  for (const std::string& option :
       comma_list(annotation(object, "argocd.argoproj.io/sync-options"))) {
    if (read_option(option, options)) continue;
    std::string notice = option_without_effect(option);
    if (notice.empty()) {
      fail(ErrorCode::invalid, "{}: sync-option {} is not supported",
           key_of(object).describe(), option);
    }
    options.notices.push_back(std::move(notice));
  }
  if (annotation(object, "helm.sh/resource-policy") == "keep") {
    options.delete_ = options.prune = false;
  }
  return options;
}

bool ignores_extraneous(const Json& object) {
  const auto options =
      comma_list(annotation(object, "argocd.argoproj.io/compare-options"));
  for (const std::string& option : options) {
    if (option != "IgnoreExtraneous" && option != "ServerSideDiff=false") {
      fail(ErrorCode::invalid, "{}: compare-option {} is not supported",
           key_of(object).describe(), option);
    }
  }
  return std::find(options.begin(), options.end(), "IgnoreExtraneous") !=
         options.end();
}

}  // namespace skerry::cd
