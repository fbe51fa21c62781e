#include "kustomize/kustomization.h"

#include "core/error.h"
#include "core/text/yaml.h"

namespace skerry::chart::kustomize {

namespace {

constexpr std::string_view kVersion = "kustomize.config.k8s.io/v1beta1";
constexpr std::string_view kComponentVersion =
    "kustomize.config.k8s.io/v1alpha1";

// Fields that newer ones replace.
struct Deprecated {
  std::vector<std::string> bases;
  std::vector<Image> image_tags;
  struct Helm {
    HelmChart chart;
    HelmGlobals globals;
  };
  std::vector<Helm> helm;
};

void read_old_helm(GoObject& in, Deprecated::Helm& out) {
  std::string unused;
  std::vector<std::string> unused_list;
  in.text("chartName", out.chart.name);
  in.text("chartVersion", out.chart.version);
  in.text("chartRepoUrl", out.chart.repo);
  in.text("chartHome", out.globals.chart_home);
  in.text("chartRepoName", unused);
  in.text("helmBin", unused);
  in.text("helmHome", out.globals.config_home);
  in.text("values", out.chart.values_file);
  in.any_map("valuesLocal", out.chart.values_inline);
  in.text("valuesMerge", out.chart.values_merge);
  in.text("releaseName", out.chart.release_name);
  in.text("releaseNamespace", unused);
  in.texts("extraArgs", unused_list);
}

void read_patch(GoObject& in, Patch& out) {
  in.text("path", out.path);
  in.text("patch", out.patch);
  in.object("target", "types.Selector", [&](GoObject& target) {
    read_selector(target, out.target.emplace());
  });
  in.flag_map("options", out.options);
}

void read_label(GoObject& in, Label& out) {
  in.text_map("pairs", out.pairs);
  in.flag("includeSelectors", out.include_selectors);
  in.flag("includeTemplates", out.include_templates);
  in.list("fields", "types.FieldSpec", out.fields, read_field_spec);
}

void read_variable(GoObject& in, Variable& out) {
  in.text("name", out.name);
  in.object("objref", "types.Target", [&](GoObject& target) {
    target.text("apiVersion", out.object.api_version);
    target.enter("Gvk");
    read_gvk(target, out.object.gvk);
    target.leave();
    target.text("name", out.object.name);
    target.text("namespace", out.object.name_space);
  });
  in.object("fieldref", "types.FieldSelector", [&](GoObject& field) {
    field.text("fieldPath", out.field_path);
  });
}

void read_sort_options(GoObject& in, std::optional<SortOptions>& out) {
  in.object("sortOptions", "types.SortOptions", [&](GoObject& options) {
    out.emplace();
    options.text("order", out->order, "types.SortOrder");
    options.object("legacySortOptions", "types.LegacySortOptions",
                   [&](GoObject& legacy) {
                     out->legacy.emplace();
                     legacy.texts("orderFirst", out->legacy->first);
                     legacy.texts("orderLast", out->legacy->last);
                   });
  });
}

void read_head(GoObject& in, Kustomization& out) {
  in.enter("TypeMeta");
  in.text("kind", out.kind);
  in.text("apiVersion", out.api_version);
  in.leave();
  in.object("metadata", "types.ObjectMeta", [](GoObject& metadata) {
    std::string unused;
    StringMap unused_map;
    metadata.text("name", unused);
    metadata.text("namespace", unused);
    metadata.text_map("labels", unused_map);
    metadata.text_map("annotations", unused_map);
  });
  in.text_map("openapi", out.openapi);
}

void read_operators(GoObject& in, Kustomization& out, Deprecated& old) {
  in.text("namePrefix", out.name_prefix);
  in.text("nameSuffix", out.name_suffix);
  in.text("namespace", out.name_space);
  in.text_map("commonLabels", out.common_labels);
  in.list("labels", "types.Label", out.labels, read_label);
  in.text_map("commonAnnotations", out.common_annotations);
  in.texts("patchesStrategicMerge", out.patches_strategic_merge,
           "types.PatchStrategicMerge");
  in.list("patchesJson6902", "types.Patch", out.patches_json6902, read_patch);
  in.list("patches", "types.Patch", out.patches, read_patch);
  in.list("images", "types.Image", out.images, read_image);
  in.list("imageTags", "types.Image", old.image_tags, read_image);
  in.list("replacements", "types.ReplacementField", out.replacements,
          read_replacement);
  in.list("replicas", "types.Replica", out.replicas, read_replica);
  in.list("vars", "types.Var", out.vars, read_variable);
  read_sort_options(in, out.sort_options);
}

void read_operands(GoObject& in, Kustomization& out, Deprecated& old) {
  in.texts("resources", out.resources);
  in.texts("components", out.components);
  in.texts("crds", out.crds);
  in.texts("bases", old.bases);
  in.list("configMapGenerator", "types.ConfigMapArgs", out.config_maps,
          [](GoObject& one, GeneratorArgs& args) {
            read_generator_args(one, args, false);
          });
  in.list("secretGenerator", "types.SecretArgs", out.secrets,
          [](GoObject& one, GeneratorArgs& args) {
            read_generator_args(one, args, true);
          });
  in.object("helmGlobals", "types.HelmGlobals", [&](GoObject& globals) {
    read_helm_globals(globals, out.helm_globals.emplace());
  });
  in.list("helmCharts", "types.HelmChart", out.helm_charts, read_helm_chart);
  in.list("helmChartInflationGenerator", "types.HelmChartArgs", old.helm,
          read_old_helm);
  in.object("generatorOptions", "types.GeneratorOptions",
            [&](GoObject& options) {
              auto& made = out.generator_options.emplace();
              options.text_map("labels", made.labels);
              options.text_map("annotations", made.annotations);
              options.flag("disableNameSuffixHash",
                           made.disable_name_suffix_hash);
              options.flag("immutable", made.immutable);
            });
  in.texts("configurations", out.configurations);
  in.texts("generators", out.generators);
  in.texts("transformers", out.transformers);
  in.texts("validators", out.validators);
  in.texts("buildMetadata", out.build_metadata);
}

void warn_of_deprecated(const GoObject& in,
                        std::vector<std::string>& warnings) {
  struct Row {
    std::string_view field, instead, note;
  };
  for (auto row : {Row{"bases", "resources", ""},
                   Row{"commonLabels", "labels", ""},
                   Row{"imageTags", "images", ""},
                   Row{"patchesJson6902", "patches", ""},
                   Row{"patchesStrategicMerge", "patches", ""},
                   Row{"vars", "replacements", "[EXPERIMENTAL] "}}) {
    if (!in.has(row.field)) continue;
    warnings.push_back(fmt::format(
        "# Warning: '{}' is deprecated. Please use '{}' instead. {}Run "
        "'kustomize edit fix' to update your Kustomization automatically.",
        row.field, row.instead, row.note));
  }
}

void fix(Kustomization& out, Deprecated& old) {
  if (out.kind.empty()) out.kind = "Kustomization";
  if (out.api_version.empty()) {
    out.api_version =
        out.kind == "Component" ? kComponentVersion : kVersion;
  }
  for (auto& base : old.bases) out.resources.push_back(std::move(base));
  for (auto& image : old.image_tags) out.images.push_back(std::move(image));
  for (auto* list : {&out.config_maps, &out.secrets}) {
    for (auto& args : *list) {
      if (!args.env.empty()) args.envs.push_back(std::move(args.env));
      args.env.clear();
    }
  }
  HelmGlobals globals;
  for (auto& one : old.helm) {
    if (!one.globals.config_home.empty()) {
      globals.config_home = one.globals.config_home;
    }
    if (!one.globals.chart_home.empty()) {
      globals.chart_home = one.globals.chart_home;
    }
    out.helm_charts.push_back(std::move(one.chart));
  }
  bool has_globals = !globals.chart_home.empty() || !globals.config_home.empty();
  if (!out.helm_globals && has_globals) out.helm_globals = globals;
}

// Whether nothing but the kind and version is given. Empty lists and maps
// count as given, empty texts do not.
bool is_empty(const GoObject& in, const Kustomization& out,
              const Deprecated& old) {
  if (!out.name_prefix.empty() || !out.name_suffix.empty() ||
      !out.name_space.empty() || !old.bases.empty() ||
      !old.image_tags.empty() || !old.helm.empty()) {
    return false;
  }
  for (auto field :
       {"metadata", "openapi", "commonLabels", "labels", "commonAnnotations",
        "patchesStrategicMerge", "patchesJson6902", "patches", "images",
        "replacements", "replicas", "vars", "sortOptions", "resources",
        "components", "crds", "configMapGenerator", "secretGenerator",
        "helmGlobals", "helmCharts", "generatorOptions", "configurations",
        "generators", "transformers", "validators", "buildMetadata"}) {
    if (in.has(field)) return false;
  }
  return true;
}

void enforce(const Kustomization& out, std::string_view folder) {
  std::vector<std::string> faults;
  if (out.kind != "Kustomization" && out.kind != "Component") {
    faults.push_back("kind should be Kustomization or Component");
  }
  std::string_view wanted =
      out.kind == "Component" ? kComponentVersion : kVersion;
  if (out.api_version != wanted) {
    faults.push_back(
        fmt::format("apiVersion for {} should be {}", out.kind, wanted));
  }
  if (faults.empty()) return;
  std::string text;
  for (auto& fault : faults) text += "\n" + fault;
  fail(ErrorCode::invalid, "Failed to read kustomization file under {}:{}",
       folder, text);
}

Json to_json_document(std::string_view text) {
  auto result = read_yaml(text, YamlRead::first_document, {1000, 1'000'000});
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code, "invalid Kustomization: {}", problem->go_text);
  }
  auto& documents = std::get<std::vector<Json>>(result);
  return documents.empty() ? Json() : std::move(documents[0]);
}

}  // namespace

Kustomization parse_kustomization(std::string_view text,
                                  std::string_view folder,
                                  std::vector<std::string>& warnings) {
  Json document = to_json_document(text);
  Kustomization out;
  Deprecated old;
  bool empty = false;
  std::vector<std::string> found;
  GoDecoder decoder(false);
  {
    GoObject in(decoder, document, "types.Kustomization");
    read_head(in, out);
    read_operators(in, out, old);
    read_operands(in, out, old);
    empty = is_empty(in, out, old);
    warn_of_deprecated(in, found);
  }
  if (decoder.fault()) {
    fail(ErrorCode::invalid, "invalid Kustomization: {}", *decoder.fault());
  }
  warnings.insert(warnings.end(), found.begin(), found.end());
  fix(out, old);
  if (empty) fail(ErrorCode::invalid, "kustomization.yaml is empty");
  enforce(out, folder);
  return out;
}

}  // namespace skerry::chart::kustomize
