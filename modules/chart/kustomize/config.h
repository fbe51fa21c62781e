// Which fields the transformers change: the built-in table, what files named
// under `configurations` add to it, and what CRDs say of theirs. Pure.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "kustomize/types.h"

namespace skerry::chart::kustomize {

// Fields that hold the name of a resource of kind `target`.
struct NameReference {
  Gvk target;
  FieldSpecs referrers;
};

struct TransformerConfig {
  FieldSpecs name_prefix, name_suffix, name_space, common_labels, labels,
      template_labels, common_annotations, var_reference, images, replicas;
  std::vector<NameReference> name_reference;
};

using SharedConfig = std::shared_ptr<const TransformerConfig>;

// Made once, shared afterwards.
SharedConfig default_config();
std::string_view default_config_table();

// Adds what is new in `incoming`. Throws invalid when the two disagree about
// making a field.
SharedConfig merge_configs(const SharedConfig& config,
                           const SharedConfig& incoming);
void merge_field_specs(FieldSpecs& into, const FieldSpecs& incoming);

// A file named under `configurations`. Throws invalid in Kustomize's words.
TransformerConfig parse_config(std::string_view text);
// A file named under `crds`: OpenAPI definitions with Kubernetes' marks.
TransformerConfig parse_crds(std::string_view text, std::string_view path);

}  // namespace skerry::chart::kustomize
