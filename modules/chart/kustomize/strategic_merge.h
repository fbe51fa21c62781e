// Strategic merge patches as Kustomize applies them (kyaml's merge2): mappings
// are merged, lists with merge keys item by item with the patch's items first,
// other lists replaced; null deletes; $patch says replace or delete.
#pragma once

#include "core/text/yaml_node.h"
#include "kustomize/schema.h"

namespace skerry::chart::kustomize {

// Lists with merge keys that are longer are refused: merging one takes time
// that grows with the square of its length.
inline constexpr std::size_t kMaxMergedItems = 5'000;

// Whether anything is left of `target`. Throws invalid with Kustomize's
// sentences, too_large. `schema` is only asked.
bool apply_strategic_merge(YamlNode& target, const YamlNode& patch,
                           Schema& schema);

}  // namespace skerry::chart::kustomize
