// A step that changes the resources which a kustomization has gathered. Making
// it reads and checks what it needs (and throws Kustomize's sentences for what
// is wrong there); all of a kustomization's are made before the first one runs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kustomize/resource.h"
#include "kustomize/schema.h"
#include "kustomize/types.h"

namespace skerry::chart::kustomize {

// Not thread-safe.
class Transformer {
 public:
  virtual ~Transformer() = default;
  // Throws invalid. Resources whose nodes have become empty were deleted; the
  // caller drops them (ResourceMap::drop_empty) afterwards.
  virtual void transform(ResourceMap& resources) = 0;
};

using TransformerPointer = std::unique_ptr<Transformer>;

// What a transformer asks while it is made, and while it runs (the schema
// outlives it).
struct TransformerContext {
  // The text of a file that the kustomization names; throws.
  std::function<std::string(const std::string& path)> load;
  Schema& schema;
};

// Fields: `patches`, `patchesStrategicMerge`, `patchesJson6902`.
TransformerPointer make_patch_transformer(const Patch& patch,
                                          const TransformerContext& context);
TransformerPointer make_strategic_merge_transformer(
    const std::vector<std::string>& paths, const TransformerContext& context);
TransformerPointer make_json6902_transformer(const Patch& patch,
                                             const TransformerContext& context);
// `patches` is the text of patches, for plugins that have them inline.
TransformerPointer make_strategic_merge_transformer(
    const std::vector<std::string>& paths, const std::string& patches,
    const TransformerContext& context);

enum class SubjectMode { default_only, all_service_accounts, none };
struct NamespaceArgs {
  std::string name_space;
  FieldSpecs fields;
  bool unset_only = false;
  SubjectMode subjects = SubjectMode::default_only;
};
// "", "defaultOnly", "allServiceAccounts", "none"; throws invalid.
SubjectMode subject_mode_of(const std::string& text);
TransformerPointer make_namespace_transformer(
    NamespaceArgs args, const TransformerContext& context);

TransformerPointer make_label_transformer(StringMap labels, FieldSpecs fields);
TransformerPointer make_annotation_transformer(StringMap annotations,
                                               FieldSpecs fields);
// The fields that an entry of `labels` sets, from the sections of the
// configuration. Throws invalid.
FieldSpecs label_fields(const Label& label, const FieldSpecs& labels,
                        const FieldSpecs& common_labels,
                        const FieldSpecs& template_labels);

TransformerPointer make_replica_transformer(Replica replica, FieldSpecs fields);
// Throws invalid for a name that is no regular expression.
TransformerPointer make_image_transformer(Image image, FieldSpecs fields);
TransformerPointer make_replacement_transformer(
    const std::vector<Replacement>& replacements,
    const TransformerContext& context);

// What Kustomize prints of a built-in transformer's arguments in
// "trouble configuring builtin ... with config".
std::string patch_config_text(const Patch& patch);
std::string json6902_config_text(const Patch& patch);
std::string strategic_merge_config_text(const std::vector<std::string>& paths);

}  // namespace skerry::chart::kustomize
