// A kustomization file, read and brought to its current form. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "kustomize/go_decode.h"
#include "kustomize/types.h"

namespace skerry::chart::kustomize {

struct GeneratorOptions {
  StringMap labels, annotations;
  bool disable_name_suffix_hash = false, immutable = false;
};

// A generator of a ConfigMap or, with `type`, of a Secret.
struct GeneratorArgs {
  std::string name, name_space, behavior;
  std::vector<std::string> literals, files, envs;
  std::string env;
  std::optional<GeneratorOptions> options;
  std::string type;
};

struct Variable {
  struct Object {
    std::string api_version;
    Gvk gvk;
    std::string name, name_space;
  };
  std::string name;
  Object object;
  std::string field_path;
};

struct SortOptions {
  struct Legacy {
    std::vector<std::string> first, last;
  };
  std::string order;  // legacy, fifo
  std::optional<Legacy> legacy;
};

struct HelmGlobals {
  std::string chart_home, config_home;
};

struct HelmChart {
  std::string name, version, repo, release_name, name_space;
  std::vector<std::string> additional_values_files;
  std::string values_file;
  Json values_inline;  // null or an object
  std::string values_merge;
  bool include_crds = false, skip_hooks = false;
  std::vector<std::string> api_versions;
  std::string kube_version, name_template;
  bool skip_tests = false, debug = false, devel = false;
};

struct Kustomization {
  std::string kind, api_version;
  StringMap openapi;
  std::string name_prefix, name_suffix, name_space;
  StringMap common_labels, common_annotations;
  std::vector<Label> labels;
  std::vector<std::string> patches_strategic_merge;
  std::vector<Patch> patches_json6902, patches;
  std::vector<Image> images;
  std::vector<Replacement> replacements;
  std::vector<Replica> replicas;
  std::vector<Variable> vars;
  std::optional<SortOptions> sort_options;
  std::vector<std::string> resources, components, crds;
  std::vector<GeneratorArgs> config_maps, secrets;
  std::optional<GeneratorOptions> generator_options;
  std::optional<HelmGlobals> helm_globals;
  std::vector<HelmChart> helm_charts;
  std::vector<std::string> configurations, generators, transformers, validators;
  std::vector<std::string> build_metadata;
};

// Reads the file's text. Deprecated fields are moved to what replaces them and
// each adds kubectl's sentence to `warnings`. Throws invalid with Kustomize's
// own sentence; `folder` stands in some.
Kustomization parse_kustomization(std::string_view text,
                                  std::string_view folder,
                                  std::vector<std::string>& warnings);

// The readers of its parts, which plugin files hold alone.
void read_gvk(GoObject& in, Gvk& out);
void read_field_spec(GoObject& in, FieldSpec& out);
void read_selector(GoObject& in, Selector& out);
void read_replacement(GoObject& in, Replacement& out);
void read_image(GoObject& in, Image& out);
void read_replica(GoObject& in, Replica& out);
void read_generator_args(GoObject& in, GeneratorArgs& out, bool is_secret);
void read_helm_chart(GoObject& in, HelmChart& out);
void read_helm_globals(GoObject& in, HelmGlobals& out);

}  // namespace skerry::chart::kustomize
