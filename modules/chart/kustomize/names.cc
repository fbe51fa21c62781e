#include "kustomize/names.h"

#include "kustomize/field_filter.h"
#include "kustomize/generator.h"
#include "kustomize/node_fields.h"

namespace skerry::chart::kustomize {

namespace {

// Names of these are never changed.
bool keeps_name(const Gvk& gvk) {
  return gvk.kind == "CustomResourceDefinition" || gvk.kind == "Namespace" ||
         (gvk.kind == "APIService" && gvk.group == "apiregistration.k8s.io");
}

class AffixTransformer : public Transformer {
 public:
  AffixTransformer(std::string text, FieldSpecs fields, bool is_prefix)
      : text_(std::move(text)), is_prefix_(is_prefix) {
    FieldFilter::Made made{YamlNode::Kind::scalar, YamlTag::text};
    for (auto& field : fields) {
      rows_.push_back({field, FieldFilter({field}, made)});
    }
  }

  void transform(ResourceMap& resources) override {
    for (auto& one : resources.resources()) transform(*one);
    resources.ids_changed();
  }

 private:
  struct Row {
    FieldSpec field;
    FieldFilter filter;
  };

  void transform(Resource& resource) {
    Gvk original = resource.original_id().gvk;
    if (keeps_name(original)) return;
    for (auto& row : rows_) {
      if (!original.is_selected_by(row.field.gvk)) continue;
      if (row.field.path == "metadata/name" && !text_.empty()) {
        (is_prefix_ ? resource.prefixes : resource.suffixes).push_back(text_);
        resource.remember_id();
      }
      row.filter.apply(resource.node, [&](YamlNode& root, YamlNode& field) {
        set_scalar(root, field,
                   make_yaml_scalar(is_prefix_ ? text_ + field.text
                                               : field.text + text_));
      });
    }
  }

  const std::string text_;
  const bool is_prefix_;
  std::vector<Row> rows_;
};

class HashTransformer : public Transformer {
 public:
  void transform(ResourceMap& resources) override {
    for (auto& one : resources.resources()) {
      if (!one->needs_hash) continue;
      std::string hash = content_hash(one->node);
      one->remember_id();
      one->set_name(one->name() + "-" + hash);
    }
    resources.ids_changed();
  }
};

}  // namespace

TransformerPointer make_prefix_transformer(std::string prefix,
                                           FieldSpecs fields) {
  return std::make_unique<AffixTransformer>(std::move(prefix),
                                            std::move(fields), true);
}

TransformerPointer make_suffix_transformer(std::string suffix,
                                           FieldSpecs fields) {
  return std::make_unique<AffixTransformer>(std::move(suffix),
                                            std::move(fields), false);
}

TransformerPointer make_hash_transformer() {
  return std::make_unique<HashTransformer>();
}

}  // namespace skerry::chart::kustomize
