#include "kustomize/config.h"

#include <algorithm>
#include <array>

#include "core/error.h"

namespace skerry::chart::kustomize {

namespace {

using Member = FieldSpecs TransformerConfig::*;

struct Section {
  std::string_view name;   // in the table and in files
  std::string_view title;  // in errors
  Member member;
};

constexpr std::array<Section, 10> kSections = {{
    {"namePrefix", "NamePrefix", &TransformerConfig::name_prefix},
    {"nameSuffix", "NameSuffix", &TransformerConfig::name_suffix},
    {"namespace", "NameSpace", &TransformerConfig::name_space},
    {"commonAnnotations", "CommonAnnotations",
     &TransformerConfig::common_annotations},
    {"commonLabels", "CommonLabels", &TransformerConfig::common_labels},
    {"labels", "Labels", &TransformerConfig::labels},
    {"templateLabels", "TemplateLabels", &TransformerConfig::template_labels},
    {"varReference", "VarReference", &TransformerConfig::var_reference},
    {"images", "Images", &TransformerConfig::images},
    {"replicas", "Replicas", &TransformerConfig::replicas},
}};

// "StatefulSet..apps", "*"
Gvk parse_kind(std::string_view text) {
  Gvk gvk;
  if (text == "*") return gvk;
  std::size_t first = text.find('.');
  gvk.kind = text.substr(0, first);
  if (first == text.npos) return gvk;
  std::size_t second = text.find('.', first + 1);
  gvk.version = text.substr(first + 1, second == text.npos
                                           ? text.npos
                                           : second - first - 1);
  if (second != text.npos) gvk.group = text.substr(second + 1);
  return gvk;
}

std::string_view take(std::string_view& text, char end) {
  std::size_t at = text.find(end);
  std::string_view part = text.substr(0, at);
  text = at == text.npos ? std::string_view() : text.substr(at + 1);
  return part;
}

void add_row(std::string_view line, FieldSpecs& specs) {
  std::size_t colon = line.rfind(": ");
  std::string_view path = line.substr(0, colon);
  std::string_view kinds = line.substr(colon + 2);
  bool create = path.ends_with(" +");
  if (create) path.remove_suffix(2);
  while (!kinds.empty()) {
    specs.push_back({parse_kind(take(kinds, ' ')), std::string(path), create});
  }
}

// The order of kinds in which fields are visited.
int rank(std::string_view kind) {
  constexpr std::array<std::string_view, 22> kFirst = {
      "Namespace",      "ResourceQuota",
      "StorageClass",   "CustomResourceDefinition",
      "ServiceAccount", "PodSecurityPolicy",
      "Role",           "ClusterRole",
      "RoleBinding",    "ClusterRoleBinding",
      "ConfigMap",      "Secret",
      "Endpoints",      "Service",
      "LimitRange",     "PriorityClass",
      "PersistentVolume", "PersistentVolumeClaim",
      "Deployment",     "StatefulSet",
      "CronJob",        "PodDisruptionBudget"};
  auto found = std::find(kFirst.begin(), kFirst.end(), kind);
  if (found != kFirst.end()) {
    return static_cast<int>(found - kFirst.begin()) -
           static_cast<int>(kFirst.size());
  }
  if (kind == "MutatingWebhookConfiguration") return 1;
  if (kind == "ValidatingWebhookConfiguration") return 2;
  return 0;
}

std::string sort_text(const Gvk& gvk) {
  auto part = [](const std::string& text, const char* otherwise) {
    return text.empty() ? std::string(otherwise) : text;
  };
  return part(gvk.group, "~G") + "_" + part(gvk.version, "~V") + "_" +
         part(gvk.kind, "~K");
}

bool is_less(const Gvk& a, const Gvk& b) {
  int a_rank = rank(a.kind), b_rank = rank(b.kind);
  if (a_rank != b_rank) return a_rank < b_rank;
  return sort_text(a) < sort_text(b);
}

void sort_fields(TransformerConfig& config) {
  for (auto& section : kSections) {
    auto& specs = config.*section.member;
    std::stable_sort(specs.begin(), specs.end(), [](auto& a, auto& b) {
      return is_less(a.gvk, b.gvk);
    });
  }
  std::stable_sort(
      config.name_reference.begin(), config.name_reference.end(),
      [](auto& a, auto& b) { return is_less(a.target, b.target); });
}

void merge_reference(std::vector<NameReference>& into,
                     const NameReference& incoming) {
  bool found = false;
  for (auto& one : into) {
    if (one.target != incoming.target) continue;
    merge_field_specs(one.referrers, incoming.referrers);
    found = true;
  }
  if (!found) into.push_back(incoming);
}

SharedConfig make_default() {
  auto config = std::make_shared<TransformerConfig>();
  std::string_view table = default_config_table();
  FieldSpecs* specs = nullptr;
  while (!table.empty()) {
    std::string_view line = take(table, '\n');
    if (line.empty()) continue;
    if (line[0] == '[') {
      for (auto& section : kSections) {
        if (section.name == line.substr(1)) specs = &((*config).*section.member);
      }
    } else if (line[0] == '@') {
      config->name_reference.push_back({parse_kind(line.substr(1)), {}});
      specs = &config->name_reference.back().referrers;
    } else {
      add_row(line, *specs);
    }
  }
  sort_fields(*config);
  return config;
}

}  // namespace

SharedConfig default_config() {
  static const SharedConfig kConfig = make_default();
  return kConfig;
}

void merge_field_specs(FieldSpecs& into, const FieldSpecs& incoming) {
  for (auto& spec : incoming) {
    auto same = std::find_if(into.begin(), into.end(), [&](auto& one) {
      return one.path == spec.path && one.gvk.is_selected_by(spec.gvk);
    });
    if (same == into.end()) {
      into.push_back(spec);
    } else if (same->create != spec.create) {
      fail(ErrorCode::invalid, "conflicting fieldspecs");
    }
  }
}

SharedConfig merge_configs(const SharedConfig& config,
                           const SharedConfig& incoming) {
  if (!incoming || config == incoming) return config;
  if (!config) return incoming;
  auto merged = std::make_shared<TransformerConfig>(*config);
  for (auto& section : kSections) {
    try {
      merge_field_specs((*merged).*section.member,
                        (*incoming).*section.member);
    } catch (const Error& error) {
      throw error.in(fmt::format("failed to merge {} fieldSpec",
                                 section.title));
    }
  }
  for (auto& reference : incoming->name_reference) {
    try {
      merge_reference(merged->name_reference, reference);
    } catch (const Error& error) {
      throw error.in("failed to merge NameReference fieldSpec");
    }
  }
  sort_fields(*merged);
  return merged;
}

}  // namespace skerry::chart::kustomize
