#include <fmt/ranges.h>

#include <unordered_map>

#include "core/error.h"
#include "gotemplate/print.h"
#include "kustomize/field_filter.h"
#include "kustomize/node_fields.h"
#include "kustomize/transformer.h"

namespace skerry::chart::kustomize {
namespace {

constexpr std::string_view kNamespacePath = "metadata/namespace";
constexpr std::string_view kNamePath = "metadata/name";
constexpr std::string_view kSubjectPath = "subjects/namespace";

bool is_binding(std::string_view kind) {
  return kind == "RoleBinding" || kind == "ClusterRoleBinding";
}

FieldFilter make_filter(const FieldSpecs& fields, bool keeps_names,
                        bool keeps_subjects) {
  FieldSpecs kept;
  for (const FieldSpec& spec : fields) {
    if (spec.path == kNamespacePath) continue;
    if (!keeps_names && spec.path == kNamePath) continue;
    if (!keeps_subjects && is_binding(spec.gvk.kind) &&
        spec.path == kSubjectPath) {
      continue;
    }
    kept.push_back(spec);
  }
  return FieldFilter(std::move(kept),
                     FieldFilter::Made{YamlNode::Kind::scalar, YamlTag::text});
}

// The resource as Kustomize prints it in errors: JSON with the annotations that
// it keeps for itself.
std::string json_with_build_data(Resource resource) {
  std::string names, spaces, kinds;
  for (const Resource::Previous& each : resource.previous) {
    const char* comma = names.empty() && kinds.empty() ? "" : ",";
    names += comma + each.name;
    spaces += comma + each.name_space;
    kinds += comma + each.kind;
  }
  constexpr std::string_view kOwn = "internal.config.kubernetes.io/";
  Resource::Texts annotations = resource.annotations();
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty())
      annotations.emplace_back(fmt::format("{}{}", kOwn, key), value);
  };
  add("previousKinds", kinds);
  add("previousNames", names);
  add("previousNamespaces", spaces);
  add("prefixes", fmt::format("{}", fmt::join(resource.prefixes, ",")));
  add("suffixes", fmt::format("{}", fmt::join(resource.suffixes, ",")));
  resource.set_annotations(std::move(annotations));
  const std::string json =
      yaml_node_to_json(resource.node)
          .dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string escaped;
  for (const char c : json) {
    if (c == '<' || c == '>' || c == '&') {
      escaped += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

class NamespaceTransformer : public Transformer {
 public:
  NamespaceTransformer(NamespaceArgs args, Schema& schema)
      : args_(std::move(args)),
        schema_(schema),
        value_(make_tagged_scalar(args_.name_space, YamlTag::text)) {
    for (const bool names : {false, true}) {
      for (const bool subjects : {false, true}) {
        filters_.push_back(make_filter(args_.fields, names, subjects));
      }
    }
    FieldSpec own;
    own.path = kNamespacePath;
    own.create = true;
    own_.emplace(FieldSpecs{own}, FieldFilter::Made{});
  }

  void transform(ResourceMap& resources) override;

 private:
  void apply(YamlNode& root) const;
  void set(YamlNode& root, YamlNode& field) const;
  void set_subjects(YamlNode& root) const;
  bool is_subject(YamlNode& subject) const;

  const NamespaceArgs args_;
  Schema& schema_;
  const YamlNode value_;
  // By whether names and subjects are among the fields.
  std::vector<FieldFilter> filters_;
  std::optional<FieldFilter> own_;
};

void NamespaceTransformer::set(YamlNode& root, YamlNode& field) const {
  if (args_.unset_only && field.is_scalar() && !field.is_null() &&
      !field.text.empty()) {
    return;
  }
  expect_kind(field, YamlNode::Kind::scalar);
  set_scalar(root, field, value_);
}

bool NamespaceTransformer::is_subject(YamlNode& subject) const {
  if (subject.is_null()) return false;
  expect_kind(subject, YamlNode::Kind::mapping);
  const bool by_kind = args_.subjects == SubjectMode::all_service_accounts;
  const YamlNode* field = subject.find(by_kind ? "kind" : "name");
  if (!field || field->is_null()) return false;
  expect_kind(*field, YamlNode::Kind::scalar);
  return field->text == (by_kind ? "ServiceAccount" : "default");
}

void NamespaceTransformer::set_subjects(YamlNode& root) const {
  if (args_.subjects == SubjectMode::none) return;
  YamlNode* subjects = root.find("subjects");
  if (!subjects || subjects->is_null()) return;
  try {
    expect_kind(*subjects, YamlNode::Kind::sequence);
    for (YamlNode& subject : subjects->children) {
      if (!is_subject(subject)) continue;
      YamlNode* field = subject.find("namespace");
      if (!field) field = &subject.set("namespace", make_yaml_scalar(""));
      set(root, *field);
    }
  } catch (const Error& error) {
    throw error.in("setting namespace on (cluster)role binding subjects");
  }
}

void NamespaceTransformer::apply(YamlNode& root) const {
  const auto use = [this](YamlNode& document, YamlNode& field) {
    set(document, field);
  };
  const std::string& api_version = root.text_of("apiVersion");
  const std::string& kind = root.text_of("kind");
  if (schema_.is_namespaced(api_version, kind).value_or(true)) {
    own_->apply(root, use);
  }
  const bool binds = is_binding(kind);
  if (binds) set_subjects(root);
  const std::size_t which = (api_version == "v1" ? 2u : 0u) + (binds ? 0u : 1u);
  try {
    filters_[which].apply(root, use);
  } catch (const Error& error) {
    const bool is_no_scalar =
        error.message().find("wrong node kind: expected ScalarNode") !=
        std::string::npos;
    throw error.in(is_no_scalar ? "namespace field specs must target scalar "
                                  "nodes"
                                : "namespace transformation failed");
  }
}

void NamespaceTransformer::transform(ResourceMap& resources) {
  if (args_.name_space.empty()) return;
  std::unordered_map<std::string, int> taken;
  for (const auto& resource : resources.resources()) {
    ++taken[resource->id().key()];
  }
  for (auto& resource : resources.resources()) {
    if (resource->node.is_empty()) continue;
    resource->remember_id();
    --taken[resource->id().key()];
    apply(resource->node);
    if (++taken[resource->id().key()] == 1) continue;
    const ResourceId id = resource->id();
    std::string conflicts;
    for (const auto& other : resources.resources()) {
      if (!other->id().equals(id)) continue;
      if (!conflicts.empty()) conflicts += ' ';
      conflicts += json_with_build_data(*other);
    }
    fail(ErrorCode::invalid,
         "namespace transformation produces ID conflict: [{}]", conflicts);
  }
  resources.ids_changed();
}

}  // namespace

SubjectMode subject_mode_of(const std::string& text) {
  if (text.empty() || text == "defaultOnly") return SubjectMode::default_only;
  if (text == "allServiceAccounts") return SubjectMode::all_service_accounts;
  if (text == "none") return SubjectMode::none;
  fail(ErrorCode::invalid,
       "invalid value {} for setRoleBindingSubjects: must be one of "
       "\"defaultOnly\", \"none\" or \"allServiceAccounts\"",
       quote(text));
}

TransformerPointer make_namespace_transformer(
    NamespaceArgs args, const TransformerContext& context) {
  return std::make_unique<NamespaceTransformer>(std::move(args),
                                                context.schema);
}

}  // namespace skerry::chart::kustomize
