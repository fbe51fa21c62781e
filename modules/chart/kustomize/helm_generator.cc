#include "kustomize/helm_generator.h"

#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/random.h"
#include "core/text/yaml.h"
#include "gotemplate/funcs/common.h"
#include "helm/dependencies.h"
#include "helm/release.h"
#include "helm/values.h"
#include "kustomize/resource_read.h"
#include "kustomize/schema.h"
#include "kustomize/strategic_merge.h"

namespace skerry::chart::kustomize {

namespace {

std::string join(const std::string& folder, const std::string& path) {
  return folder == "/" ? "/" + path : folder + "/" + path;
}

// Where the chart's folder stands.
std::string absolute_home(const HelmChart& chart, const HelmGlobals& globals,
                          const Loader& loader) {
  std::string home = loader.absolute(globals.chart_home);
  if (chart.version.empty() || chart.repo.empty()) return home;
  return join(home, chart.name + "-" + chart.version);
}

YamlNode parse_values(const std::string& text) {
  auto result = read_yaml_node(text, kResourceLimits);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code, "could not parse values file into rnode: {}",
         problem->go_text);
  }
  return std::get<YamlNode>(std::move(result));
}

// The values file with the inline values over or under it.
std::string merged_values(const HelmChart& chart, const Loader& loader) {
  if (chart.values_merge == "replace") return to_yaml(chart.values_inline);
  YamlNode file = parse_values(loader.load(chart.values_file));
  YamlNode inlined = yaml_node_of(chart.values_inline);
  if (file.is_null()) file = make_yaml_mapping();
  Schema schema;
  if (chart.values_merge == "merge") {
    apply_strategic_merge(inlined, file, schema);
    return to_yaml(yaml_node_to_json(inlined));
  }
  apply_strategic_merge(file, inlined, schema);
  return to_yaml(yaml_node_to_json(file));
}

Value collect_values(const HelmChart& chart, const Loader& loader) {
  bool has_inline = chart.values_inline.is_object() &&
                    !chart.values_inline.empty();
  Value values = read_values(has_inline ? merged_values(chart, loader)
                                        : loader.load(chart.values_file));
  for (auto& file : chart.additional_values_files) {
    values = merge_values(values, read_values(loader.load(file)));
  }
  return values;
}

// "--generate-name": the chart's name and the time.
std::string release_name(const HelmChart& chart) {
  if (!chart.release_name.empty()) return chart.release_name;
  if (!chart.name_template.empty()) {
    fail(ErrorCode::invalid,
         "helmCharts: nameTemplate is not supported; give a releaseName");
  }
  std::string base = chart.name.substr(chart.name.rfind('/') + 1);
  return fmt::format("{}-{}", base.substr(0, base.find('.')),
                     SystemClock().now() / 1000);
}

std::string print_release(const Release& release, const HelmChart& chart) {
  std::string text;
  auto add = [&](const std::string& path, const std::string& content) {
    text += "---\n# Source: " + path + "\n" + content + "\n";
  };
  for (auto& crd : release.crds) add(crd.path, crd.content);
  for (auto& one : release.manifests) add(one.path, one.content);
  text = std::string(trim_space(text)) + "\n";
  if (chart.skip_hooks) return text;
  for (auto& hook : release.hooks) {
    if (chart.skip_tests && hook.is_test()) continue;
    add(hook.manifest.path, hook.manifest.content);
  }
  return text;
}

}  // namespace

void prepare_helm_chart(HelmChart& chart, HelmGlobals& globals,
                        const Loader& loader, const HelmSettings& settings) {
  if (!settings.enabled) {
    fail(ErrorCode::invalid, "must specify --enable-helm");
  }
  // The entry itself wins over the flags, as Kustomize reads it last.
  if (chart.kube_version.empty()) chart.kube_version = settings.kube_version;
  if (chart.api_versions.empty()) chart.api_versions = settings.api_versions;
  if (chart.name.empty()) {
    fail(ErrorCode::invalid, "chart name cannot be empty");
  }
  if (globals.chart_home.empty()) globals.chart_home = "charts";
  if (chart.values_file.empty()) {
    chart.values_file = join(join(absolute_home(chart, globals, loader),
                                  chart.name),
                             "values.yaml");
  }
  for (auto& file : chart.additional_values_files) {
    try {
      loader.load(file);
    } catch (const Error& error) {
      throw error.in("could not load additionalValuesFile");
    }
  }
  auto& merge = chart.values_merge;
  if (merge.empty()) merge = "override";
  if (merge != "merge" && merge != "override" && merge != "replace") {
    fail(ErrorCode::invalid,
         "valuesMerge must be one of [merge override replace]");
  }
}

std::vector<Resource> render_helm_chart(const HelmChart& chart,
                                        const HelmGlobals& globals,
                                        const Loader& loader,
                                        const HelmSettings& settings) {
  std::string folder = join(absolute_home(chart, globals, loader), chart.name);
  auto entry = loader.tree().find(folder.substr(1));
  if (!entry || entry->kind != EntryKind::folder) {
    if (chart.repo.empty()) {
      fail(ErrorCode::not_found,
           "no repo specified for pull, no chart found at ''");
    }
    fail(ErrorCode::unavailable,
         "the chart {} of {} is not at {}: charts are not fetched", chart.name,
         chart.repo, folder);
  }
  Value values = collect_values(chart, loader);
  Log log = [](std::string_view, std::string_view) {};
  try {
    auto loaded = load_chart(loader.tree(), folder.substr(1), log);
    check_installable(*loaded);
    check_dependencies(*loaded);
    ReleaseOptions options;
    options.name = release_name(chart);
    if (!chart.name_space.empty()) options.name_space = chart.name_space;
    options.include_crds = chart.include_crds;
    if (!chart.kube_version.empty()) options.kube_version = chart.kube_version;
    options.api_versions = chart.api_versions;
    Environment environment{[] { return SystemClock().now(); }, random_bytes,
                            false, log};
    Release release = make_release(*loaded, values, options, environment,
                                   settings.limits, log);
    return read_resources(print_release(release, chart));
  } catch (const Error& error) {
    throw error.in(fmt::format("unable to render the chart {}", chart.name));
  }
}

std::string helm_config_text(const HelmChart& chart,
                             const HelmGlobals& globals) {
  Json config = Json::object();
  auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) config[name] = value;
  };
  auto texts = [&](const char* name, const std::vector<std::string>& values) {
    if (!values.empty()) config[name] = values;
  };
  auto flag = [&](const char* name, bool value) {
    if (value) config[name] = true;
  };
  text("chartHome", globals.chart_home);
  text("configHome", globals.config_home);
  text("name", chart.name);
  text("version", chart.version);
  text("repo", chart.repo);
  text("releaseName", chart.release_name);
  text("namespace", chart.name_space);
  texts("additionalValuesFiles", chart.additional_values_files);
  text("valuesFile", chart.values_file);
  if (chart.values_inline.is_object() && !chart.values_inline.empty()) {
    config["valuesInline"] = chart.values_inline;
  }
  text("valuesMerge", chart.values_merge);
  flag("includeCRDs", chart.include_crds);
  flag("skipHooks", chart.skip_hooks);
  texts("apiVersions", chart.api_versions);
  text("kubeVersion", chart.kube_version);
  text("nameTemplate", chart.name_template);
  flag("skipTests", chart.skip_tests);
  flag("debug", chart.debug);
  flag("devel", chart.devel);
  return to_yaml(config);
}

}  // namespace skerry::chart::kustomize
