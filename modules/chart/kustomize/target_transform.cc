// The steps of a kustomization that change resources, in Kustomize's order.
#include "core/error.h"
#include "kustomize/names.h"
#include "kustomize/plugins.h"
#include "kustomize/target.h"

namespace skerry::chart::kustomize {

struct Target::Step {
  TransformerPointer transformer;
  std::optional<Origin> origin;
};

namespace {

// What a step throws while it is made, with what it was to be made from.
template <typename Make>
TransformerPointer configure(std::string_view kind, const std::string& config,
                             Make make) {
  try {
    return make();
  } catch (const Error& error) {
    throw error.in(fmt::format(
        "trouble configuring builtin {} with config: `\n{}`", kind, config));
  }
}

}  // namespace

std::optional<Origin> Target::built_in_origin(std::string_view kind) const {
  if (!origin_) return {};
  Origin origin;
  origin.repo = origin_->repo;
  origin.ref = origin_->ref;
  origin.configured_in = origin_->at(file_name_).path;
  origin.api_version = "builtin";
  origin.kind = kind;
  return origin;
}

void Target::add_patches(std::vector<Step>& steps, bool json6902) {
  if (json6902) {
    for (auto& patch : kustomization_.patches_json6902) {
      constexpr std::string_view kKind = "PatchJson6902Transformer";
      steps.push_back({configure(kKind, json6902_config_text(patch),
                                 [&] {
                                   return make_json6902_transformer(patch,
                                                                    context());
                                 }),
                       built_in_origin(kKind)});
    }
    return;
  }
  auto& paths = kustomization_.patches_strategic_merge;
  if (!paths.empty()) {
    constexpr std::string_view kKind = "PatchStrategicMergeTransformer";
    steps.push_back({configure(kKind, strategic_merge_config_text(paths),
                               [&] {
                                 return make_strategic_merge_transformer(
                                     paths, context());
                               }),
                     built_in_origin(kKind)});
  }
  for (auto& patch : kustomization_.patches) {
    constexpr std::string_view kKind = "PatchTransformer";
    steps.push_back({configure(kKind, patch_config_text(patch),
                               [&] {
                                 return make_patch_transformer(patch,
                                                               context());
                               }),
                     built_in_origin(kKind)});
  }
}

void Target::add_labels(std::vector<Step>& steps,
                        const TransformerConfig& config) {
  auto& k = kustomization_;
  if (k.labels.empty() && k.common_labels.empty()) return;
  auto origin = built_in_origin("LabelTransformer");
  for (auto& label : k.labels) {
    steps.push_back(
        {make_label_transformer(
             label.pairs, label_fields(label, config.labels,
                                       config.common_labels,
                                       config.template_labels)),
         origin});
  }
  steps.push_back(
      {make_label_transformer(k.common_labels, config.common_labels), origin});
}

void Target::add_built_in(std::vector<Step>& steps,
                          const TransformerConfig& config) {
  auto& k = kustomization_;
  auto add = [&](TransformerPointer transformer, std::string_view kind) {
    steps.push_back({std::move(transformer), built_in_origin(kind)});
  };
  add_patches(steps, false);
  if (!k.name_space.empty()) {
    NamespaceArgs args;
    args.name_space = k.name_space;
    args.fields = config.name_space;
    add(make_namespace_transformer(std::move(args), context()),
        "NamespaceTransformer");
  }
  if (!k.name_prefix.empty()) {
    add(make_prefix_transformer(k.name_prefix, config.name_prefix),
        "PrefixTransformer");
  }
  if (!k.name_suffix.empty()) {
    add(make_suffix_transformer(k.name_suffix, config.name_suffix),
        "SuffixTransformer");
  }
  add_labels(steps, config);
  if (!k.common_annotations.empty()) {
    add(make_annotation_transformer(k.common_annotations,
                                    config.common_annotations),
        "AnnotationsTransformer");
  }
  add_patches(steps, true);
  for (auto& replica : k.replicas) {
    add(make_replica_transformer(replica, config.replicas),
        "ReplicaCountTransformer");
  }
  for (auto& image : k.images) {
    add(make_image_transformer(image, config.images), "ImageTagTransformer");
  }
  if (!k.replacements.empty()) {
    add(make_replacement_transformer(k.replacements, context()),
        "ReplacementTransformer");
  }
}

void Target::add_plugins(std::vector<Step>& steps,
                         const std::vector<std::string>& entries) {
  ResourceMap configs = plugin_configs(entries, false);
  for (auto& config : configs.resources()) {
    steps.push_back(
        {make_plugin_transformer(*config, context(), session_.options),
         origin_of_plugin(*config)});
  }
}

void Target::run_transformers(Accumulator& into) {
  std::vector<Step> steps;
  add_built_in(steps, *into.config);
  add_plugins(steps, kustomization_.transformers);
  for (auto& step : steps) {
    step.transformer->transform(into.resources);
    if (step.origin) add_transformation(into.resources, *step.origin);
    into.resources.drop_empty();
  }
}

void Target::run_validators(Accumulator& into) {
  if (kustomization_.validators.empty()) return;
  std::vector<Step> steps;
  add_plugins(steps, kustomization_.validators);
  for (auto& step : steps) {
    std::vector<std::pair<ResourceId, YamlNode>> before;
    for (auto& one : into.resources.resources()) {
      before.emplace_back(one->id(), one->node);
    }
    step.transformer->transform(into.resources);
    auto& after = into.resources.resources();
    bool same = before.size() == after.size();
    for (std::size_t i = 0; same && i < after.size(); ++i) {
      same = before[i].first.equals(after[i]->id()) &&
             before[i].second == after[i]->node;
    }
    if (!same) {
      fail(ErrorCode::invalid, "validator shouldn't modify the resource map");
    }
  }
}

}  // namespace skerry::chart::kustomize
