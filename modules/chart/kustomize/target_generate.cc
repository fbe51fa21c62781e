// The resources that a kustomization makes, in Kustomize's order: ConfigMaps,
// Secrets, charts, plugins.
#include "core/error.h"
#include "kustomize/generator.h"
#include "kustomize/plugins.h"
#include "kustomize/target.h"

namespace skerry::chart::kustomize {

struct Target::Made {
  std::string name;
  Generator generate;
  std::optional<Origin> origin;
};

void Target::add_data_generators(std::vector<Made>& generators,
                                 bool is_secret) {
  std::string kind = is_secret ? "SecretGenerator" : "ConfigMapGenerator";
  auto& list = is_secret ? kustomization_.secrets : kustomization_.config_maps;
  for (auto& args : list) {
    args.options =
        merge_options(args.options, kustomization_.generator_options);
    auto generate = [&args, is_secret, this] {
      std::vector<Resource> made;
      made.push_back(make_generated(args, is_secret, loader_));
      return made;
    };
    generators.push_back({kind, generate, built_in_origin(kind)});
  }
}

void Target::add_chart_generators(std::vector<Made>& generators) {
  constexpr std::string_view kKind = "HelmChartInflationGenerator";
  const HelmSettings& helm = session_.options.helm;
  for (auto& chart : kustomization_.helm_charts) {
    HelmGlobals globals = kustomization_.helm_globals.value_or(HelmGlobals());
    std::string text = helm_config_text(chart, globals);
    try {
      prepare_helm_chart(chart, globals, loader_, helm);
    } catch (const Error& error) {
      throw error.in(fmt::format(
          "trouble configuring builtin {} with config: `\n{}`", kKind, text));
    }
    auto generate = [&chart, globals, &helm, this] {
      return render_helm_chart(chart, globals, loader_, helm);
    };
    generators.push_back(
        {std::string(kKind), generate, built_in_origin(kKind)});
  }
}

void Target::add_plugin_generators(std::vector<Made>& generators) {
  try {
    ResourceMap configs = plugin_configs(kustomization_.generators, true);
    for (auto& config : configs.resources()) {
      try {
        generators.push_back(
            {config->kind(),
             make_plugin_generator(*config, loader_, session_.options),
             origin_of_plugin(*config)});
      } catch (const Error& error) {
        throw error.in("failed to load generator");
      }
    }
  } catch (const Error& error) {
    throw error.in("loading generator plugins");
  }
}

void Target::run_generators(Accumulator& into) {
  std::vector<Made> generators;
  add_data_generators(generators, false);
  add_data_generators(generators, true);
  add_chart_generators(generators);
  add_plugin_generators(generators);
  for (auto& one : generators) {
    ResourceMap made = make_map(one.generate());
    if (one.origin) add_origin(made, *one.origin);
    try {
      into.absorb(std::move(made));
    } catch (const Error& error) {
      throw error.in("merging from generator " + one.name);
    }
  }
}

}  // namespace skerry::chart::kustomize
