// Transformer configurations from files.
#include "core/error.h"
#include "core/text/yaml.h"
#include "kustomize/config.h"
#include "kustomize/kustomization.h"

namespace skerry::chart::kustomize {

namespace {

Json parse_document(std::string_view text) {
  auto result = read_yaml(text, YamlRead::first_document, {1000, 1'000'000});
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code, "error converting YAML to JSON: {}", problem->go_text);
  }
  auto& documents = std::get<std::vector<Json>>(result);
  return documents.empty() ? Json() : std::move(documents[0]);
}

void read_name_reference(GoObject& in, NameReference& out) {
  in.enter("Gvk");
  read_gvk(in, out.target);
  in.leave();
  in.list("fieldSpecs", "types.FieldSpec", out.referrers, read_field_spec);
}

// The definitions of a CRD file, walked along their references.
class CrdReader {
 public:
  CrdReader(const Json& definitions, TransformerConfig& config)
      : definitions_(definitions), config_(config) {}

  void read_kind(const std::string& name) {
    const Json* properties = properties_of(name);
    if (!properties || !properties->contains("kind") ||
        !properties->contains("apiVersion") ||
        !properties->contains("metadata")) {
      return;
    }
    gvk_ = Gvk{"", "", name.substr(name.rfind('.') + 1)};
    read(name, "", 0);
  }

 private:
  const Json* properties_of(const std::string& name) const {
    auto found = definitions_.find(name);
    if (found == definitions_.end() || !found->is_object()) return nullptr;
    auto schema = found->find("Schema");
    if (schema == found->end()) schema = found->find("schema");
    if (schema == found->end() || !schema->is_object()) return nullptr;
    auto properties = schema->find("properties");
    bool has = properties != schema->end() && properties->is_object();
    return has ? &*properties : nullptr;
  }

  static std::optional<std::string> mark(const Json& property,
                                         const char* name) {
    auto found = property.find(name);
    if (found == property.end() || !found->is_string()) return {};
    return found->get<std::string>();
  }

  void add(FieldSpecs& specs, const std::string& path) {
    merge_field_specs(specs, {{gvk_, path, false}});
  }

  void read(const std::string& type, const std::string& path, int depth) {
    if (depth > kMaxDepth) {
      fail(ErrorCode::too_large,
           "the definition of {} refers to itself, or is nested deeper than {} "
           "levels",
           type, kMaxDepth);
    }
    const Json* properties = properties_of(type);
    if (!properties) return;
    for (auto it = properties->begin(); it != properties->end(); ++it) {
      if (!it->is_object()) continue;
      std::string inner = path.empty() ? it.key() : path + "/" + it.key();
      read_marks(*it, inner);
      if (auto reference = mark(*it, "$ref")) {
        read(*reference, inner, depth + 1);
      }
    }
  }

  void read_marks(const Json& property, const std::string& path) {
    if (mark(property, "x-kubernetes-annotation")) {
      add(config_.common_annotations, path);
    }
    if (mark(property, "x-kubernetes-label-selector")) {
      add(config_.common_labels, path);
    }
    if (mark(property, "x-kubernetes-identity")) {
      add(config_.name_prefix, path);
    }
    auto version = mark(property, "x-kubernetes-object-ref-api-version");
    auto kind = mark(property, "x-kubernetes-object-ref-kind");
    if (!version || !kind) return;
    auto key = mark(property, "x-kubernetes-object-ref-name-key");
    NameReference reference;
    reference.target = Gvk{"", *version, *kind};
    reference.referrers.push_back(
        {gvk_, path + "/" + key.value_or("name"), false});
    for (auto& one : config_.name_reference) {
      if (one.target == reference.target) {
        return merge_field_specs(one.referrers, reference.referrers);
      }
    }
    config_.name_reference.push_back(std::move(reference));
  }

  static constexpr int kMaxDepth = 64;
  const Json& definitions_;
  TransformerConfig& config_;
  Gvk gvk_;
};

}  // namespace

TransformerConfig parse_config(std::string_view text) {
  Json document = parse_document(text);
  TransformerConfig config;
  GoDecoder decoder(false);
  {
    GoObject in(decoder, document, "builtinconfig.TransformerConfig");
    auto list = [&](std::string_view name, FieldSpecs& specs) {
      in.list(name, "types.FieldSpec", specs, read_field_spec);
    };
    list("namePrefix", config.name_prefix);
    list("nameSuffix", config.name_suffix);
    list("namespace", config.name_space);
    list("commonLabels", config.common_labels);
    list("labels", config.labels);
    list("templateLabels", config.template_labels);
    list("commonAnnotations", config.common_annotations);
    in.list("nameReference", "builtinconfig.NameBackReferences",
            config.name_reference, read_name_reference);
    list("varReference", config.var_reference);
    list("images", config.images);
    list("replicas", config.replicas);
  }
  if (decoder.fault()) {
    fail(ErrorCode::invalid,
         "error unmarshaling JSON: while decoding JSON: {}", *decoder.fault());
  }
  return config;
}

TransformerConfig parse_crds(std::string_view text, std::string_view path) {
  Json document;
  try {
    document = parse_document(text);
  } catch (const Error& error) {
    throw error.in(fmt::format(
        "unable to parse open API definition from '{}'", path));
  }
  TransformerConfig config;
  if (!document.is_object()) return config;
  CrdReader reader(document, config);
  for (auto it = document.begin(); it != document.end(); ++it) {
    reader.read_kind(it.key());
  }
  return config;
}

}  // namespace skerry::chart::kustomize
