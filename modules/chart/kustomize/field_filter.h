// Visits the fields that field specs name in a resource: "spec/template/
// metadata/labels", through lists, made on the way where the spec says so.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/text/yaml_node.h"
#include "kustomize/types.h"

namespace skerry::chart::kustomize {

// Immutable, thread-safe.
class FieldFilter {
 public:
  // What a field that is missing is made as.
  struct Made {
    YamlNode::Kind kind = YamlNode::Kind::scalar;
    YamlTag tag = YamlTag::none;
  };
  using Use = std::function<void(YamlNode& root, YamlNode& field)>;

  // Without `made` nothing is made, whatever the specs say.
  FieldFilter(FieldSpecs specs, std::optional<Made> made);

  // Throws invalid with Kustomize's sentence ("considering field ... of object
  // ...: ...").
  void apply(YamlNode& root, const Use& use) const;
  const FieldSpecs& specs() const { return specs_; }

 private:
  struct Visit;

  FieldSpecs specs_;
  std::vector<std::vector<std::string>> paths_;
  std::optional<Made> made_;
};

// "a/b\/c" -> "a", "b/c".
std::vector<std::string> split_path(std::string_view path, char separator);
// The same for "a.[name=x.y].b", whose brackets keep their dots.
std::vector<std::string> split_bracketed_path(std::string_view path,
                                              char separator);

}  // namespace skerry::chart::kustomize
