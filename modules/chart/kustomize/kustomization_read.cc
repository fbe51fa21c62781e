// The fields of a kustomization's parts.
#include "kustomize/kustomization.h"

namespace skerry::chart::kustomize {

namespace {

void read_options(GoObject& in, GeneratorOptions& out) {
  in.text_map("labels", out.labels);
  in.text_map("annotations", out.annotations);
  in.flag("disableNameSuffixHash", out.disable_name_suffix_hash);
  in.flag("immutable", out.immutable);
}

void read_id(GoObject& in, ResourceId& out) {
  in.enter("ResId");
  in.enter("Gvk");
  read_gvk(in, out.gvk);
  in.leave();
  in.text("name", out.name);
  in.text("namespace", out.name_space);
  in.leave();
}

void read_field_options(GoObject& in, std::optional<FieldOptions>& out) {
  in.object("options", "types.FieldOptions", [&](GoObject& options) {
    out.emplace();
    options.text("delimiter", out->delimiter);
    options.integer("index", out->index, "int");
    options.text("encoding", out->encoding);
    options.flag("create", out->create);
  });
}

void read_target(GoObject& in, Replacement::Target& out) {
  in.object("select", "types.Selector", [&](GoObject& select) {
    read_selector(select, out.select.emplace());
  });
  in.list("reject", "*types.Selector", out.reject, read_selector);
  in.texts("fieldPaths", out.field_paths);
  read_field_options(in, out.options);
}

}  // namespace

void read_gvk(GoObject& in, Gvk& out) {
  in.text("group", out.group);
  in.text("version", out.version);
  in.text("kind", out.kind);
}

void read_field_spec(GoObject& in, FieldSpec& out) {
  in.enter("Gvk");
  read_gvk(in, out.gvk);
  in.leave();
  in.text("path", out.path);
  in.flag("create", out.create);
}

void read_selector(GoObject& in, Selector& out) {
  read_id(in, out.id);
  in.text("annotationSelector", out.annotation_selector);
  in.text("labelSelector", out.label_selector);
}

void read_replacement(GoObject& in, Replacement& out) {
  in.enter("Replacement");
  in.object("source", "types.SourceSelector", [&](GoObject& source) {
    auto& made = out.source.emplace();
    read_id(source, made.id);
    source.text("fieldPath", made.field_path);
    read_field_options(source, made.options);
  });
  in.list("targets", "*types.TargetSelector", out.targets, read_target);
  in.optional_text("sourceValue", out.source_value);
  in.leave();
  in.text("path", out.path);
}

void read_image(GoObject& in, Image& out) {
  in.text("name", out.name);
  in.text("newName", out.new_name);
  in.text("tagSuffix", out.tag_suffix);
  in.text("newTag", out.new_tag);
  in.text("digest", out.digest);
}

void read_replica(GoObject& in, Replica& out) {
  in.text("name", out.name);
  in.integer("count", out.count);
}

void read_generator_args(GoObject& in, GeneratorArgs& out, bool is_secret) {
  in.enter("GeneratorArgs");
  in.text("namespace", out.name_space);
  in.text("name", out.name);
  in.text("behavior", out.behavior);
  in.enter("KvPairSources");
  in.texts("literals", out.literals);
  in.texts("files", out.files);
  in.texts("envs", out.envs);
  in.text("env", out.env);
  in.leave();
  in.object("options", "types.GeneratorOptions", [&](GoObject& options) {
    read_options(options, out.options.emplace());
  });
  in.leave();
  if (is_secret) in.text("type", out.type);
}

void read_helm_globals(GoObject& in, HelmGlobals& out) {
  in.text("chartHome", out.chart_home);
  in.text("configHome", out.config_home);
}

void read_helm_chart(GoObject& in, HelmChart& out) {
  in.text("name", out.name);
  in.text("version", out.version);
  in.text("repo", out.repo);
  in.text("releaseName", out.release_name);
  in.text("namespace", out.name_space);
  in.texts("additionalValuesFiles", out.additional_values_files);
  in.text("valuesFile", out.values_file);
  in.any_map("valuesInline", out.values_inline);
  in.text("valuesMerge", out.values_merge);
  in.flag("includeCRDs", out.include_crds);
  in.flag("skipHooks", out.skip_hooks);
  in.texts("apiVersions", out.api_versions);
  in.text("kubeVersion", out.kube_version);
  in.text("nameTemplate", out.name_template);
  in.flag("skipTests", out.skip_tests);
  in.flag("debug", out.debug);
  in.flag("devel", out.devel);
}

}  // namespace skerry::chart::kustomize
