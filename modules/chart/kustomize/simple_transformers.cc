// Labels, annotations, replica counts.
#include <fmt/ranges.h>

#include "core/error.h"
#include "kustomize/config.h"
#include "kustomize/field_filter.h"
#include "kustomize/node_fields.h"
#include "kustomize/transformer.h"

namespace skerry::chart::kustomize {
namespace {

// Sets keys of the mappings that field specs name: labels and annotations.
class EntryTransformer : public Transformer {
 public:
  EntryTransformer(StringMap entries, FieldSpecs fields)
      : entries_(std::move(entries)),
        filter_(std::move(fields),
                FieldFilter::Made{YamlNode::Kind::mapping, YamlTag::none}) {}

  void transform(ResourceMap& resources) override {
    for (auto& resource : resources.resources()) apply(resource->node);
  }

 private:
  void apply(YamlNode& root) const {
    if (entries_.empty()) return;
    // What one entry adds in several places is one node there.
    std::uint32_t twin = unused_twin(root);
    for (const auto& entry : entries_) {
      const YamlNode value = make_tagged_scalar(entry.second, YamlTag::text);
      filter_.apply(root, [&](YamlNode& document, YamlNode& field) {
        if (field.is_null()) return;
        set_entry(document, field, entry.first, value, twin);
      });
      ++twin;
    }
  }

  const StringMap entries_;
  const FieldFilter filter_;
};

class ReplicaTransformer : public Transformer {
 public:
  ReplicaTransformer(Replica replica, FieldSpecs fields)
      : replica_(std::move(replica)), fields_(std::move(fields)) {
    for (const FieldSpec& spec : fields_) {
      filters_.emplace_back(
          FieldSpecs{spec},
          FieldFilter::Made{YamlNode::Kind::scalar, YamlTag::integer});
    }
  }

  void transform(ResourceMap& resources) override;

 private:
  bool is_meant(const Resource& resource, const Gvk& gvk) const;

  const Replica replica_;
  const FieldSpecs fields_;
  std::vector<FieldFilter> filters_;
};

bool ReplicaTransformer::is_meant(const Resource& resource,
                                  const Gvk& gvk) const {
  if (resource.node.is_empty()) return false;
  if (resource.name() == replica_.name && resource.gvk().is_selected_by(gvk)) {
    return true;
  }
  if (resource.previous.empty()) return false;
  for (const ResourceId& id : resource.previous_ids()) {
    if (id.name == replica_.name && id.gvk.is_selected_by(gvk)) return true;
  }
  return false;
}

void ReplicaTransformer::transform(ResourceMap& resources) {
  bool is_found = false;
  const YamlNode count =
      make_tagged_scalar(std::to_string(replica_.count), YamlTag::integer);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    for (auto& resource : resources.resources()) {
      if (!is_meant(*resource, fields_[i].gvk)) continue;
      is_found = true;
      filters_[i].apply(resource->node, [&](YamlNode& root, YamlNode& field) {
        expect_kind(field, YamlNode::Kind::scalar);
        set_scalar(root, field, count);
      });
    }
  }
  if (is_found) return;
  std::vector<std::string> kinds;
  for (const FieldSpec& spec : fields_) kinds.push_back(spec.gvk.text());
  fail(ErrorCode::invalid,
       "resource with name {} does not match a config with the following GVK "
       "[{}]",
       replica_.name, fmt::join(kinds, " "));
}

}  // namespace

TransformerPointer make_label_transformer(StringMap labels, FieldSpecs fields) {
  return std::make_unique<EntryTransformer>(std::move(labels),
                                            std::move(fields));
}

TransformerPointer make_annotation_transformer(StringMap annotations,
                                               FieldSpecs fields) {
  return std::make_unique<EntryTransformer>(std::move(annotations),
                                            std::move(fields));
}

FieldSpecs label_fields(const Label& label, const FieldSpecs& labels,
                        const FieldSpecs& common_labels,
                        const FieldSpecs& template_labels) {
  FieldSpecs fields = label.fields;
  const auto merge = [&](const FieldSpecs& more, const char* context) {
    try {
      merge_field_specs(fields, more);
    } catch (const Error& error) {
      throw error.in(context);
    }
  };
  merge(labels, "failed to merge labels");
  if (label.include_selectors) {
    merge(common_labels, "failed to merge labels");
    return fields;
  }
  if (label.include_templates) {
    merge(template_labels, "failed to merge template fieldSpec");
  }
  FieldSpec own;
  own.path = "metadata/labels";
  own.create = true;
  merge({own}, "failed to merge labels");
  return fields;
}

TransformerPointer make_replica_transformer(Replica replica,
                                            FieldSpecs fields) {
  return std::make_unique<ReplicaTransformer>(std::move(replica),
                                              std::move(fields));
}

}  // namespace skerry::chart::kustomize
