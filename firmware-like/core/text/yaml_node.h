// A YAML document as a tree of nodes that still know how they were written:
// order of keys, tags, styles, positions. It is what Kustomize works on, so
// scalars mean what go-yaml 3 says (only true and false are booleans), while
// what is printed goes the way of sigs.k8s.io/yaml (see YamlEmitter).
// Plain values and pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/text/json.h"
#include "core/text/yaml.h"

namespace skerry {

class YamlEmitter;

// What a scalar was read as. `none`: made by a program, so that its text and
// style decide when it is read again (go-yaml's empty tag).
enum class YamlTag : std::uint8_t {
  none,
  text,
  integer,
  number,
  boolean,
  null,
  timestamp,
  binary,
  merge,
};

enum class YamlStyle : std::uint8_t {
  plain,
  single_quoted,
  double_quoted,
  literal,
  folded,
  flow,  // of mappings and sequences
};

struct YamlNode {
  enum class Kind : std::uint8_t { scalar, mapping, sequence };

  Kind kind = Kind::scalar;
  YamlTag tag = YamlTag::none;
  YamlStyle style = YamlStyle::plain;
  bool has_explicit_tag = false;  // "!!str 5"
  std::uint32_t line = 0, column = 0;  // from 1; 0 when made by a program
  // Scalars of a document with the same number, if not 0, are one node for a
  // program that shares nodes: who changes one changes all.
  std::uint32_t twin = 0;
  std::string text;                    // of scalars
  // A sequence's items; a mapping's keys and values in turn.
  std::vector<YamlNode> children;

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_mapping() const { return kind == Kind::mapping; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_null() const { return is_scalar() && tag == YamlTag::null; }
  // Null, {} or [].
  bool is_empty() const {
    return is_null() || (!is_scalar() && children.empty());
  }
  // A scalar that is text, or was made without a tag.
  bool is_string() const {
    return is_scalar() && (tag == YamlTag::text || tag == YamlTag::none);
  }

  // The value of the first key with this text; nothing in other kinds.
  const YamlNode* find(std::string_view key) const;
  YamlNode* find(std::string_view key);
  // The same, one mapping further with each key.
  const YamlNode* find_path(
      std::initializer_list<std::string_view> keys) const;
  YamlNode* find_path(std::initializer_list<std::string_view> keys);
  // The scalar text under a key, "" when there is none.
  const std::string& text_of(std::string_view key) const;
  // Replaces the value of `key`, or appends the pair. Returns the value.
  YamlNode& set(std::string_view key, YamlNode value);
  // The value of `key`, made as an empty mapping (or `made`) when absent or
  // null.
  YamlNode& get_or_make(std::string_view key, Kind made = Kind::mapping);
  // Removes the first pair with this key; whether there was one.
  bool erase(std::string_view key);
};

// A scalar without a tag: reading it again decides ("5" becomes a number).
YamlNode make_yaml_scalar(std::string_view text);
// A scalar that is text whatever it looks like; bytes that are no UTF-8 become
// !!binary, as go-yaml's SetString does it.
YamlNode make_yaml_text(std::string_view text);
YamlNode make_yaml_null();
YamlNode make_yaml_mapping();
YamlNode make_yaml_sequence();
// What go-yaml 3 reads back after writing the value: mappings in key order.
YamlNode yaml_node_of(const Json& value);

// Same value as seen by a reader: kind, tag and text; style and position are
// not compared, pairs in order.
bool operator==(const YamlNode& a, const YamlNode& b);

// The tag that go-yaml 3 gives a plain scalar.
YamlTag resolve_yaml_tag(std::string_view text);
// "!!str", "!!int" ...; "" for none.
std::string_view yaml_tag_name(YamlTag tag);

// The first document of `text`: anchors expanded, merge keys resolved as
// Kustomize does. A null node for an empty stream. YamlProblem::go_text is
// go-yaml 3's sentence ("yaml: line 2: ...").
std::variant<YamlNode, YamlProblem> read_yaml_node(
    std::string_view text, const YamlLimits& limits = {});

// The documents of a file of resources, split at lines that begin with "---"
// as Kustomize splits them; empty ones are left out. The sentences are
// Kustomize's ("MalformedYAMLError: yaml: ...").
std::variant<std::vector<YamlNode>, YamlProblem> read_yaml_resources(
    std::string_view text, const YamlLimits& limits = {});

// What go-yaml 3 decodes into JSON types: numbers as written, timestamps in
// RFC 3339. Throws invalid for what JSON cannot hold, with go-yaml's or
// encoding/json's sentence.
Json yaml_node_to_json(const YamlNode& node);

// Prints the value as sigs.k8s.io/yaml does: sorted keys, comments and styles
// gone. Throws as yaml_node_to_json.
void write_yaml_node(YamlEmitter& emitter, const YamlNode& node);
std::string yaml_node_to_yaml(const YamlNode& node);

// A string on its way through JSON into sigs.k8s.io/yaml: broken UTF-8 is
// replaced, next-line characters fold. Throws invalid for control characters
// that YAML refuses.
std::string yaml_text_through_json(const std::string& text);

}  // namespace skerry
