// YAML 1.1 as go-yaml (and so Helm, Kustomize, kubectl) reads and writes it,
// over libyaml. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.h"
#include "core/text/json.h"

namespace skerry {

struct YamlLimits {
  std::size_t max_depth = 128;
  // Nodes after alias expansion; stops "billion laughs".
  std::size_t max_nodes = 1'000'000;
};

// The documents of a stream as JSON values, in order; empty documents are null.
// Mapping keys become strings, duplicates: last wins, merge keys resolved.
// `name` leads error messages: "values.yaml:3:7: mapping values are not
// allowed here". Throws invalid or too_large.
std::vector<Json> parse_yaml_documents(std::string_view text,
                                       std::string_view name,
                                       const YamlLimits& limits = {});
// The only document (null for an empty stream); more than one is invalid.
Json parse_yaml(std::string_view text, std::string_view name,
                const YamlLimits& limits = {});

// Why a text is not YAML, or not YAML that JSON can hold.
struct YamlProblem {
  ErrorCode code = ErrorCode::invalid;
  std::size_t line = 0, column = 0;  // from 1; 0 when unknown
  std::string text;                  // "mapping values are not allowed ..."
  // The sentence of go-yaml and sigs.k8s.io/yaml: "yaml: line 2: mapping
  // values are not allowed in this context".
  std::string go_text;
};

enum class YamlRead { all_documents, first_document };

// As parse_yaml_documents, for callers that have their own error texts. With
// first_document what follows the first document is not looked at, as
// go-yaml's Unmarshal does.
std::variant<std::vector<Json>, YamlProblem> read_yaml(
    std::string_view text, YamlRead what, const YamlLimits& limits = {});

// Block style with sorted keys as sigs.k8s.io/yaml prints it, ending in a
// newline.
std::string to_yaml(const Json& value);

}  // namespace skerry
