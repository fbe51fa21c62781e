// What changes names: prefixes and suffixes, hashes of content, and then the
// fields of other resources that hold those names. Pure.
#pragma once

#include <string>
#include <vector>

#include "kustomize/config.h"
#include "kustomize/transformer.h"

namespace skerry::chart::kustomize {

TransformerPointer make_prefix_transformer(std::string prefix,
                                           FieldSpecs fields);
TransformerPointer make_suffix_transformer(std::string suffix,
                                           FieldSpecs fields);
// Ends the names of what asks for it with a hash of its content.
TransformerPointer make_hash_transformer();

// Writes the names that resources have now where others refer to them by
// earlier ones. Takes time in proportion to their number. Throws invalid.
void fix_name_references(ResourceMap& resources,
                         const std::vector<NameReference>& references);

}  // namespace skerry::chart::kustomize
