// What a kustomization file asks for, as plain values: the types that its
// parser fills and the transformers read. Names follow the file's own fields.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kustomize/resource_id.h"

namespace skerry::chart::kustomize {

using StringMap = std::map<std::string, std::string>;

// A field of the resources that `gvk` selects (empty parts select all).
struct FieldSpec {
  Gvk gvk;
  std::string path;     // "spec/template/metadata/labels"
  bool create = false;  // make it where it is missing

  friend bool operator==(const FieldSpec&, const FieldSpec&) = default;
};
using FieldSpecs = std::vector<FieldSpec>;

// Resources by regular expressions and label selectors; empty parts select
// all.
struct Selector {
  ResourceId id;
  std::string annotation_selector, label_selector;
};

struct Patch {
  std::string path;   // of a file, or
  std::string patch;  // inline
  std::optional<Selector> target;
  std::map<std::string, bool> options;  // allowNameChange, allowKindChange
};

struct FieldOptions {
  std::string delimiter;
  std::int64_t index = 0;
  std::string encoding;
  bool create = false;
};

struct Replacement {
  struct Source {
    ResourceId id;
    std::string field_path;
    std::optional<FieldOptions> options;
  };
  struct Target {
    std::optional<Selector> select;
    std::vector<Selector> reject;
    std::vector<std::string> field_paths;
    std::optional<FieldOptions> options;
  };
  std::optional<Source> source;
  std::vector<Target> targets;
  std::optional<std::string> source_value;
  std::string path;  // of a file that holds the rest
};

struct Image {
  std::string name, new_name, tag_suffix, new_tag, digest;
};

struct Replica {
  std::string name;
  std::int64_t count = 0;
};

struct Label {
  StringMap pairs;
  bool include_selectors = false, include_templates = false;
  FieldSpecs fields;
};

}  // namespace skerry::chart::kustomize
