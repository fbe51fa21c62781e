// What Kustomize knows about kinds of resources from OpenAPI documents: which
// lists merge by which keys, and which kinds live in namespaces.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/json.h"

namespace skerry::chart::kustomize {

class Schema;

// A type, or a field of one. Belongs to its Schema.
struct SchemaNode {
  std::string reference;  // the definition that stands here instead
  bool is_array = false;
  bool merges = false;  // a list whose items are merged
  std::vector<std::string> merge_keys;
  // Of the table: fields that it does not list are known, but hold no list
  // that merges.
  bool is_abridged = false;
  std::map<std::string, SchemaNode, std::less<>> fields;
  std::unique_ptr<SchemaNode> items, other_fields;
};

// The schemas of one build, in the state in which Kustomize would have them at
// that moment: a document given by `openapi` stands in for the built-in one
// unless that was already in use. Not thread-safe.
class Schema {
 public:
  Schema();

  // The `openapi` field of a kustomization: its version and the content of its
  // file. Without `replaces`, nothing happens when one was already given.
  // Throws invalid for a version that is not built in, or for both.
  void use(const std::optional<std::string>& version,
           const std::optional<std::string>& document, bool replaces);

  // Nothing for kinds that are not known.
  const SchemaNode* find_kind(std::string_view api_version,
                              std::string_view kind);
  // The schema of a field, or of the items, of something with `schema`.
  const SchemaNode* field(const SchemaNode* schema, std::string_view name);
  const SchemaNode* items(const SchemaNode* schema);

  // Nothing when it is not known.
  std::optional<bool> is_namespaced(std::string_view api_version,
                                    std::string_view kind);

 private:
  using Kind = std::pair<std::string, std::string>;

  void prepare();
  void add_built_in();
  void add_document(std::string_view text);
  void add_definitions(const Json& definitions);
  void add_paths(const Json& paths);
  const SchemaNode* resolve(const SchemaNode* schema) const;

  std::optional<std::string> version_, document_;
  bool is_prepared_ = false;
  // Kustomize reads the built-in document late, when first asked for more
  // than its table of scopes.
  bool has_built_in_ = false, wants_built_in_ = false;
  std::map<std::string, SchemaNode, std::less<>> definitions_;
  std::map<Kind, std::string> kinds_;  // to names of definitions
  std::map<Kind, bool> scopes_;
  SchemaNode abridged_;
};

// The same for the built-in kinds only.
std::optional<bool> is_built_in_namespaced(std::string_view api_version,
                                           std::string_view kind);

}  // namespace skerry::chart::kustomize
