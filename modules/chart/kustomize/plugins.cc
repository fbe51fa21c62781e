#include "kustomize/plugins.h"

#include "core/error.h"
#include "core/text/yaml.h"
#include "kustomize/generator.h"
#include "kustomize/names.h"

namespace skerry::chart::kustomize {

namespace {

void refuse_external(const Resource& config, const BuildOptions& options) {
  Gvk gvk = config.gvk();
  if (gvk.group.empty() && gvk.version == "builtin") return;
  if (!options.allows_external_plugins) {
    fail(ErrorCode::invalid,
         "external plugins disabled; unable to load external plugin '{}'",
         config.original_id().gvk.kind);
  }
  fail(ErrorCode::invalid,
       "plugins that are containers or programs are not supported; unable to "
       "load external plugin '{}'",
       config.original_id().gvk.kind);
}

bool is_generator_kind(std::string_view kind) {
  return kind == "ConfigMapGenerator" || kind == "SecretGenerator" ||
         kind == "HelmChartInflationGenerator" || kind == "IAMPolicyGenerator";
}

bool is_transformer_kind(std::string_view kind) {
  for (auto known :
       {"AnnotationsTransformer", "HashTransformer", "ImageTagTransformer",
        "LabelTransformer", "NamespaceTransformer", "PatchJson6902Transformer",
        "PatchStrategicMergeTransformer", "PatchTransformer",
        "PrefixSuffixTransformer", "PrefixTransformer", "SuffixTransformer",
        "ReplacementTransformer", "ReplicaCountTransformer",
        "ValueAddTransformer"}) {
    if (kind == known) return true;
  }
  return false;
}

// Go's %s of a group, version and kind there.
[[noreturn]] void fail_unknown(const Resource& config) {
  fail(ErrorCode::invalid, "unable to load builtin {}", config.gvk().text());
}

[[noreturn]] void fail_unsupported(const Resource& config) {
  fail(ErrorCode::invalid, "the plugin {} is not supported", config.kind());
}

// Reads the configuration by `read(GoObject&)`.
template <typename Read>
void decode(const Resource& config, std::string_view type, Read read) {
  Json document = yaml_node_to_json(config.node);
  GoDecoder decoder(true);
  {
    GoObject in(decoder, document, type);
    read(in);
  }
  if (decoder.fault()) {
    fail(ErrorCode::invalid,
         "plugin {} fails configuration: error unmarshaling JSON: while "
         "decoding JSON: {}",
         config.original_id().text(), *decoder.fault());
  }
}

FieldSpecs read_fields(GoObject& in) {
  FieldSpecs fields;
  in.list("fieldSpecs", "types.FieldSpec", fields, read_field_spec);
  return fields;
}

std::optional<Selector> read_target(GoObject& in) {
  std::optional<Selector> target;
  in.object("target", "types.Selector", [&](GoObject& inner) {
    read_selector(inner, target.emplace());
  });
  return target;
}

class Chain : public Transformer {
 public:
  Chain(TransformerPointer first, TransformerPointer second)
      : first_(std::move(first)), second_(std::move(second)) {}
  void transform(ResourceMap& resources) override {
    first_->transform(resources);
    second_->transform(resources);
  }

 private:
  TransformerPointer first_, second_;
};

TransformerPointer make_namespace(GoObject& in,
                                  const TransformerContext& context) {
  NamespaceArgs args;
  std::string mode;
  in.object("metadata", "types.ObjectMeta", [&](GoObject& metadata) {
    metadata.text("namespace", args.name_space);
  });
  args.fields = read_fields(in);
  in.flag("unsetOnly", args.unset_only);
  in.text("setRoleBindingSubjects", mode);
  args.subjects = subject_mode_of(mode);
  return make_namespace_transformer(std::move(args), context);
}

TransformerPointer make_affix(GoObject& in, std::string_view kind) {
  std::string prefix, suffix;
  in.text("prefix", prefix);
  in.text("suffix", suffix);
  FieldSpecs fields = read_fields(in);
  if (fields.empty()) {
    fail(ErrorCode::invalid, "fieldSpecs is not expected to be nil");
  }
  if (kind == "PrefixTransformer") {
    return make_prefix_transformer(prefix, fields);
  }
  if (kind == "SuffixTransformer") {
    return make_suffix_transformer(suffix, fields);
  }
  return std::make_unique<Chain>(make_prefix_transformer(prefix, fields),
                                 make_suffix_transformer(suffix, fields));
}

TransformerPointer make_patches(GoObject& in, std::string_view kind,
                                const TransformerContext& context) {
  if (kind == "PatchStrategicMergeTransformer") {
    std::vector<std::string> paths;
    std::string patches;
    in.texts("paths", paths);
    in.text("patches", patches);
    return make_strategic_merge_transformer(paths, patches, context);
  }
  Patch patch;
  in.text("path", patch.path);
  patch.target = read_target(in);
  if (kind == "PatchJson6902Transformer") {
    in.text("jsonOp", patch.patch);
    return make_json6902_transformer(patch, context);
  }
  in.text("patch", patch.patch);
  in.flag_map("options", patch.options);
  return make_patch_transformer(patch, context);
}

TransformerPointer make_field_transformer(GoObject& in,
                                          std::string_view kind) {
  FieldSpecs fields = read_fields(in);
  if (kind == "ImageTagTransformer") {
    Image image;
    in.object("imageTag", "types.Image",
              [&](GoObject& inner) { read_image(inner, image); });
    return make_image_transformer(image, fields);
  }
  if (kind == "ReplicaCountTransformer") {
    Replica replica;
    in.object("replica", "types.Replica",
              [&](GoObject& inner) { read_replica(inner, replica); });
    return make_replica_transformer(replica, fields);
  }
  StringMap pairs;
  if (kind == "LabelTransformer") {
    in.text_map("labels", pairs);
    return make_label_transformer(pairs, fields);
  }
  in.text_map("annotations", pairs);
  return make_annotation_transformer(pairs, fields);
}

TransformerPointer make_one(GoObject& in, const Resource& config,
                            const TransformerContext& context) {
  const std::string& kind = config.kind();
  if (kind == "HashTransformer") return make_hash_transformer();
  if (kind == "NamespaceTransformer") return make_namespace(in, context);
  if (kind.starts_with("Patch")) return make_patches(in, kind, context);
  if (kind == "ReplacementTransformer") {
    std::vector<Replacement> replacements;
    in.list("replacements", "types.ReplacementField", replacements,
            read_replacement);
    return make_replacement_transformer(replacements, context);
  }
  if (kind.starts_with("Prefix") || kind.starts_with("Suffix")) {
    return make_affix(in, kind);
  }
  if (kind == "ValueAddTransformer") fail_unsupported(config);
  return make_field_transformer(in, kind);
}

Generator make_data_generator(const Resource& config, const Loader& loader) {
  bool is_secret = config.kind() == "SecretGenerator";
  GeneratorArgs args;
  std::string name, name_space;
  decode(config, "builtins.GeneratorPlugin", [&](GoObject& in) {
    read_generator_args(in, args, is_secret);
    in.object("metadata", "types.ObjectMeta", [&](GoObject& metadata) {
      metadata.text("name", name);
      metadata.text("namespace", name_space);
    });
  });
  if (args.name.empty()) args.name = name;
  if (args.name_space.empty()) args.name_space = name_space;
  return [args, is_secret, &loader] {
    std::vector<Resource> made;
    made.push_back(make_generated(args, is_secret, loader));
    return made;
  };
}

Generator make_helm_generator(const Resource& config, const Loader& loader,
                              const BuildOptions& options) {
  HelmChart chart;
  HelmGlobals globals;
  decode(config, "builtins.HelmChartInflationGeneratorPlugin",
         [&](GoObject& in) {
           read_helm_globals(in, globals);
           read_helm_chart(in, chart);
         });
  try {
    prepare_helm_chart(chart, globals, loader, options.helm);
  } catch (const Error& error) {
    throw error.in(fmt::format("plugin {} fails configuration",
                               config.original_id().text()));
  }
  return [chart, globals, &loader, &options] {
    return render_helm_chart(chart, globals, loader, options.helm);
  };
}

}  // namespace

Generator make_plugin_generator(const Resource& config, const Loader& loader,
                                const BuildOptions& options) {
  refuse_external(config, options);
  const std::string& kind = config.kind();
  if (is_transformer_kind(kind)) {
    fail(ErrorCode::invalid, "plugin {} not a generator",
         config.original_id().text());
  }
  if (!is_generator_kind(kind)) fail_unknown(config);
  if (kind == "IAMPolicyGenerator") fail_unsupported(config);
  if (kind == "HelmChartInflationGenerator") {
    return make_helm_generator(config, loader, options);
  }
  return make_data_generator(config, loader);
}

TransformerPointer make_plugin_transformer(const Resource& config,
                                           const TransformerContext& context,
                                           const BuildOptions& options) {
  refuse_external(config, options);
  const std::string& kind = config.kind();
  if (is_generator_kind(kind)) {
    fail(ErrorCode::invalid, "plugin {} not a transformer",
         config.original_id().text());
  }
  if (!is_transformer_kind(kind)) fail_unknown(config);
  TransformerPointer made;
  try {
    decode(config, "builtins." + kind + "Plugin", [&](GoObject& in) {
      made = make_one(in, config, context);
    });
  } catch (const Error& error) {
    if (error.message().starts_with("plugin ")) throw;
    throw error.in(fmt::format("plugin {} fails configuration",
                               config.original_id().text()));
  }
  return made;
}

}  // namespace skerry::chart::kustomize
