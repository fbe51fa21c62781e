#include "chart/kustomize.h"
#include "chart/render.h"
#include "core/error.h"
#include "core/text/yaml.h"
#include "wiring/cd.h"

namespace skerry::app {
namespace {

// As Helm lays one values file over another: mappings are merged, everything
// else is replaced.
void merge_over(Json& base, const Json& over) {
  for (const auto& [key, value] : over.items()) {
    if (value.is_object() && base.contains(key) && base[key].is_object()) {
      merge_over(base[key], value);
    } else {
      base[key] = value;
    }
  }
}

Json merged_values(const std::vector<cd::HelmRequest::Values>& files) {
  Json merged = Json::object();
  for (const cd::HelmRequest::Values& file : files) {
    const Json values = parse_yaml(file.text, file.name);
    if (values.is_null()) continue;
    if (!values.is_object()) {
      fail(ErrorCode::invalid, "{} must be a mapping of values", file.name);
    }
    merge_over(merged, values);
  }
  return merged;
}

// In --set a comma ends a value, unless a list in braces is meant.
std::string escape_commas(const std::string& value) {
  if (value.starts_with('{') && value.ends_with('}')) return value;
  std::string out;
  for (const char c : value) {
    if (c == ',') out += '\\';
    out += c;
  }
  return out;
}

chart::RenderOptions options_of(const cd::HelmRequest& request) {
  using Kind = chart::SetParameter::Kind;
  chart::RenderOptions options;
  options.release_name = request.release_name;
  options.release_namespace = request.namespace_name;
  options.values_object = merged_values(request.values);
  for (const auto& parameter : request.parameters) {
    options.parameters.push_back(
        {parameter.force_string ? Kind::text : Kind::typed,
         parameter.name + "=" + escape_commas(parameter.value)});
  }
  for (const auto& parameter : request.file_parameters) {
    options.parameters.push_back(
        {Kind::literal, parameter.name + "=" + parameter.content});
  }
  if (!request.kube_version.empty()) {
    options.kube_version = request.kube_version;
  }
  options.api_versions = request.api_versions;
  options.include_crds = request.include_crds;
  options.skip_schema = request.skip_schema_validation;
  options.skip_tests = request.skip_tests;
  return options;
}

}  // namespace

std::vector<Json> CdRenderer::render_helm(std::shared_ptr<const Tree> tree,
                                          std::string_view path,
                                          const cd::HelmRequest& request) {
  const chart::Rendered rendered =
      renderer_.render(*tree, path, options_of(request));
  std::vector<Json> manifests;
  for (const chart::RenderedManifest& manifest : rendered.manifests) {
    Json parsed = parse_yaml(manifest.text, manifest.source);
    if (!parsed.is_null()) manifests.push_back(std::move(parsed));
  }
  return manifests;
}

std::vector<Json> CdRenderer::render_kustomize(
    std::shared_ptr<const Tree> tree, std::string_view path,
    const cd::KustomizeRequest& request) {
  return chart::build_kustomization(*tree, path, request.options);
}

}  // namespace skerry::app
