#include "helm/manifests.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/text/yaml.h"
#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"

namespace skerry::chart {

namespace {

constexpr std::array<std::string_view, 38> kInstallOrder = {
    "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota",
    "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget",
    "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass",
    "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition",
    "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
    "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding",
    "RoleBindingList", "Service", "DaemonSet", "Pod",
    "ReplicationController", "ReplicaSet", "Deployment",
    "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
    "IngressClass", "Ingress", "APIService", "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration"};

constexpr std::array<std::string_view, 10> kHookEvents = {
    "pre-install",   "post-install",  "pre-delete",   "post-delete",
    "pre-upgrade",   "post-upgrade",  "pre-rollback", "post-rollback",
    "test",          "test-success"};

std::size_t order_of(std::string_view kind) {
  return static_cast<std::size_t>(
      std::find(kInstallOrder.begin(), kInstallOrder.end(), kind) -
      kInstallOrder.begin());
}

bool kind_less(std::string_view a, std::string_view b) {
  std::size_t first = order_of(a), second = order_of(b);
  if (first == kInstallOrder.size() && second == kInstallOrder.size()) {
    return a < b;
  }
  return first < second;
}

struct Head {
  std::string api_version, kind, name;
  std::map<std::string, std::string> annotations;
};

std::string_view go_type(const Json& value) {
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  return "number";
}

[[noreturn]] void fail_json(const std::string& why) {
  fail(ErrorCode::invalid,
       "error unmarshaling JSON: while decoding JSON: json: {}", why);
}

std::string head_text(const Json& object, std::string_view name,
                      std::string_view where) {
  auto* member = go_member(object, name);
  if (!member) return "";
  if (member->is_structured()) {
    fail_json(fmt::format(
        "cannot unmarshal {} into Go struct field {} of type string",
        go_type(*member), where));
  }
  return go_string(*member, where);
}

void read_annotations(const Json& metadata, Head& head) {
  auto* annotations = go_member(metadata, "annotations");
  if (!annotations) return;
  constexpr std::string_view kWhere = "SimpleHead.metadata.annotations";
  if (!annotations->is_object()) {
    fail_json(fmt::format("cannot unmarshal {} into Go struct field {} of "
                          "type map[string]string",
                          go_type(*annotations), kWhere));
  }
  for (auto& [key, value] : annotations->items()) {
    if (value.is_structured()) {
      fail_json(fmt::format(
          "cannot unmarshal {} into Go struct field {} of type string",
          go_type(value), kWhere));
    }
    head.annotations[key] = go_string(value, kWhere);
  }
}

Head read_head(const std::string& text) {
  auto result = read_yaml(text, YamlRead::first_document);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code, "error converting YAML to JSON: {}", problem->go_text);
  }
  Head head;
  auto& documents = std::get<std::vector<Json>>(result);
  if (documents.empty() || documents[0].is_null()) return head;
  const Json& document = documents[0];
  if (!document.is_object()) {
    fail_json(fmt::format(
        "cannot unmarshal {} into Go value of type util.SimpleHead",
        go_type(document)));
  }
  head.api_version = head_text(document, "apiVersion", "SimpleHead.apiVersion");
  head.kind = head_text(document, "kind", "SimpleHead.kind");
  if (auto* metadata = go_member(document, "metadata")) {
    if (!metadata->is_object()) {
      fail_json(fmt::format(
          "cannot unmarshal {} into Go struct field SimpleHead.metadata of "
          "type struct {{ Name string \"json:\\\"name\\\"\"; Annotations "
          "map[string]string \"json:\\\"annotations\\\"\" }}",
          go_type(*metadata)));
    }
    head.name = head_text(*metadata, "name", "SimpleHead.metadata.name");
    read_annotations(*metadata, head);
  }
  return head;
}

std::vector<std::string> annotation_list(const Head& head,
                                         const std::string& key) {
  std::vector<std::string> items;
  auto found = head.annotations.find(key);
  if (found == head.annotations.end()) return items;
  for (auto& part : go_split(found->second, ",", -1)) {
    std::string item(trim_space(part));
    for (char& c : item) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    items.push_back(std::move(item));
  }
  return items;
}

// False for a hook of an unknown kind, which Helm drops.
bool read_hook(const Head& head, Hook& hook, const Log& log) {
  for (auto& event : annotation_list(head, "helm.sh/hook")) {
    if (std::find(kHookEvents.begin(), kHookEvents.end(), event) ==
        kHookEvents.end()) {
      const std::string& types = head.annotations.at("helm.sh/hook");
      bool plain = types.find_first_of(" \"=\t\n") == types.npos &&
                   !types.empty();
      log("INFO", "msg=\"skipping unknown hooks\" hookTypes=" +
                      (plain ? types : quote(types)));
      return false;
    }
    hook.events.push_back(event == "test-success" ? "test" : event);
  }
  auto weight = head.annotations.find("helm.sh/hook-weight");
  if (weight != head.annotations.end()) {
    hook.weight =
        static_cast<int>(parse_go_int(weight->second, 10).value_or(0));
  }
  hook.delete_policies =
      annotation_list(head, "helm.sh/hook-delete-policy");
  return true;
}

void sort_file(const std::string& path, const std::string& content,
               SortedManifests& sorted, const Log& log) {
  for (auto& document : split_manifests(content)) {
    Head head;
    try {
      head = read_head(document);
    } catch (const Error& error) {
      throw error.in("YAML parse error on " + path);
    }
    Manifest manifest{path, document, head.kind, head.api_version, head.name};
    if (!head.annotations.contains("helm.sh/hook")) {
      sorted.manifests.push_back(std::move(manifest));
      continue;
    }
    Hook hook{.manifest = std::move(manifest)};
    if (read_hook(head, hook, log)) sorted.hooks.push_back(std::move(hook));
  }
}

bool is_go_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

}  // namespace

bool Hook::is_test() const {
  return std::find(events.begin(), events.end(), "test") != events.end();
}

// (?:^|\s*\n)---\s*
std::vector<std::string> split_manifests(std::string_view text) {
  text = trim_space(text);
  std::vector<std::string> documents;
  auto add = [&](std::string_view document) {
    if (!document.empty()) documents.emplace_back(trim_space(document));
  };
  std::size_t begin = 0;
  for (std::size_t at = text.find("---"); at != text.npos;
       at = text.find("---", at)) {
    bool at_line_start = at == 0 || text[at - 1] == '\n';
    // The blanks behind a separator belong to it, so that another one right
    // there does not stand at the start of a line.
    if (!at_line_start || at < begin || (at == begin && at > 0)) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end > begin && is_go_space(text[end - 1])) --end;
    add(text.substr(begin, end - begin));
    at += 3;
    while (at < text.size() && is_go_space(text[at])) ++at;
    begin = at;
  }
  add(text.substr(begin));
  return documents;
}

SortedManifests sort_manifests(const std::map<std::string, std::string>& files,
                               const Log& log) {
  SortedManifests sorted;
  for (auto& [path, content] : files) {
    if (path.substr(path.rfind('/') + 1).starts_with('_')) continue;
    if (trim_space(content).empty()) continue;
    sort_file(path, content, sorted, log);
  }
  std::stable_sort(sorted.manifests.begin(), sorted.manifests.end(),
                   [](const Manifest& a, const Manifest& b) {
                     return kind_less(a.kind, b.kind);
                   });
  std::stable_sort(sorted.hooks.begin(), sorted.hooks.end(),
                   [](const Hook& a, const Hook& b) {
                     return kind_less(a.manifest.kind, b.manifest.kind);
                   });
  return sorted;
}

}  // namespace skerry::chart
