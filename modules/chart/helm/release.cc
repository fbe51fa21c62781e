#include "helm/release.h"

#include "core/error.h"
#include "helm/dependencies.h"
#include "helm/engine.h"
#include "helm/schema.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

Value release_object(const ReleaseOptions& options) {
  Value release = Value::new_map();
  release.set("Name", options.name);
  release.set("Namespace", options.name_space);
  release.set("IsUpgrade", options.is_upgrade);
  release.set("IsInstall", !options.is_upgrade);
  release.set("Revision", 1);
  release.set("Service", "Helm");
  return release;
}

// Takes NOTES.txt out of the outputs, which are not manifests; returns the
// root chart's.
std::string take_notes(const Chart& chart,
                       std::map<std::string, std::string>& outputs) {
  std::string notes;
  for (auto output = outputs.begin(); output != outputs.end();) {
    if (!output->first.ends_with("NOTES.txt")) {
      ++output;
      continue;
    }
    if (output->first == chart.name() + "/templates/NOTES.txt") {
      notes = output->second;
    }
    output = outputs.erase(output);
  }
  return notes;
}

}  // namespace

void check_installable(const Chart& chart) {
  if (chart.metadata.type.empty() || chart.metadata.type == "application") {
    return;
  }
  fail(ErrorCode::invalid, "{} charts are not installable",
       chart.metadata.type);
}

std::string release_name_problem(const std::string& name) {
  auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  bool valid = !name.empty() && name.size() <= 53;
  bool starts_part = true;
  for (char c : name) {
    if (c == '.' || c == '-') {
      if (starts_part && c == '.') valid = false;
      if (starts_part && c == '-') valid = false;
      if (c == '.') starts_part = true;
      continue;
    }
    if (!is_plain(c)) valid = false;
    starts_part = false;
  }
  if (valid && !is_plain(name.back())) valid = false;
  if (valid && name.find("-.") != name.npos) valid = false;
  if (valid) return "";
  if (name.empty()) return "no name provided";
  return fmt::format(
      "invalid release name, must match regex "
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and "
      "the length must not be longer than 53");
}

Release make_release(Chart& chart, const Value& values,
                     const ReleaseOptions& options,
                     const Environment& environment,
                     const ExecutionLimits& limits, const Log& log,
                     ReleaseProgress* progress) {
  if (auto problem = release_name_problem(options.name); !problem.empty()) {
    fail(ErrorCode::invalid, "release name check failed: {}", problem);
  }
  process_dependencies(chart, values, log);
  KubeVersion kube = options.kube_version
                         ? parse_kube_version(*options.kube_version)
                         : default_kube_version();
  auto api_versions = default_api_versions();
  api_versions.insert(api_versions.end(), options.api_versions.begin(),
                      options.api_versions.end());
  RenderScope scope;
  scope.values = coalesce_values(chart, values, false, log);
  if (!options.skip_schema) validate_schemas(chart, scope.values, log);
  scope.release = release_object(options);
  scope.parsed = options.parsed;
  scope.capabilities = make_capabilities(kube, std::move(api_versions));
  if (progress) progress->was_rendering = true;
  const std::string& wanted = chart.metadata.kube_version;
  if (!wanted.empty() && !is_compatible(wanted, kube.normalized)) {
    fail(ErrorCode::invalid,
         "chart requires kubeVersion: {} which is incompatible with Kubernetes "
         "{}",
         wanted, kube.version);
  }
  auto outputs = render_templates(chart, scope, environment, limits);
  Release release;
  release.notes = take_notes(chart, outputs);
  auto sorted = sort_manifests(outputs, log);
  release.manifests = std::move(sorted.manifests);
  release.hooks = std::move(sorted.hooks);
  if (options.include_crds) {
    for (auto& [path, file] : chart.crds()) {
      release.crds.push_back(
          {path, file->data, "CustomResourceDefinition", "", ""});
    }
  }
  return release;
}

}  // namespace skerry::chart
