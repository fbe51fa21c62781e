// The small operations on YAML nodes that Kustomize's filters are made of, with
// its sentences for what does not fit. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "core/text/yaml_node.h"

namespace skerry::chart::kustomize {

// Throws invalid ("wrong node kind: expected MappingNode but got ...") unless
// the node is of that kind, or null.
void expect_kind(const YamlNode& node, YamlNode::Kind kind);

// The node as go-yaml 3 would write it, for error messages; ends in a newline.
std::string describe_node(const YamlNode& node);

// Whether plain text would be read as something else than text by YAML 1.1.
bool is_yaml_1_1_typed(std::string_view text);

// A scalar with this tag, plain.
YamlNode make_tagged_scalar(std::string_view text, YamlTag tag);

// Sets a mapping's key to a scalar. What stood there keeps its style, and the
// nodes of `root` that are its twins (YamlNode::twin) change with it. What is
// appended becomes a twin of `twin`, when that is not 0.
void set_entry(YamlNode& root, YamlNode& mapping, std::string_view key,
               const YamlNode& value, std::uint32_t twin);
// The same for a scalar in place: it keeps its style and takes text and tag.
void set_scalar(YamlNode& root, YamlNode& scalar, const YamlNode& value);
// Copies text, tag, style and children of `target` to its twins below `root`.
void update_twins(YamlNode& root, const YamlNode& target);
// A number that no twin below `root` has.
std::uint32_t unused_twin(const YamlNode& root);

}  // namespace skerry::chart::kustomize
