// Rendering: a pure function from a tree, a path and options to manifests.
// Needs no database, network or process.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/json.h"
#include "core/tree/tree.h"

namespace skerry::chart {

// What stands at a path, by Argo CD's rules: Chart.yaml is a Helm chart,
// kustomization.yaml, kustomization.yml or Kustomization a kustomization,
// anything else a folder of manifests.
enum class SourceType { helm, kustomize, directory };
SourceType detect_source(const Tree& tree, std::string_view path);

struct RenderLimits {
  std::uint64_t max_steps = 50'000'000;
  std::uint64_t max_bytes = 256u << 20;
  std::chrono::milliseconds max_time{30'000};
};

struct SetParameter {
  enum class Kind { typed, text, json, file, literal };
  Kind kind = Kind::typed;  // --set, --set-string, --set-json ...
  std::string text;         // "image.tag=1.2"
};

struct RenderOptions {
  std::string release_name = "release-name";
  std::string release_namespace = "default";
  // Relative to the chart's folder, inside the tree; a missing one is an error
  // unless `ignore_missing_value_files`.
  std::vector<std::string> value_files{};
  bool ignore_missing_value_files = false;
  // Over the value files: YAML text, then members.
  std::string values{};
  Json values_object{};
  std::vector<SetParameter> parameters{};
  std::optional<std::string> kube_version{};
  std::vector<std::string> api_versions{};
  bool include_crds = false;
  bool skip_tests = false;
  bool skip_schema = false;
  bool is_upgrade = false;
  // Folders of manifests: also those below.
  bool recurse = false;
  RenderLimits limits{};
};

struct RenderedManifest {
  std::string source;  // "app/templates/x.yaml"
  std::string text;    // one YAML document
  bool is_hook = false;
  std::vector<std::string> hook_events{};  // "pre-install"
  int hook_weight = 0;
  std::vector<std::string> hook_delete_policies{};
  bool is_crd = false;
};

struct Rendered {
  SourceType type = SourceType::helm;
  // In the order in which they are installed, hooks last.
  std::vector<RenderedManifest> manifests;
  std::string notes;
  std::vector<std::string> warnings;
};

// Renders what stands at `path` ("" is the root). Throws invalid with Helm's
// own sentence, too_large for a passed limit, not_found. Thread-safe.
Rendered render(const Tree& tree, std::string_view path,
                const RenderOptions& options);

class TemplateCache;

// render() for a program that renders again and again: parsed templates are
// kept by digest. Thread-safe.
class Renderer {
 public:
  Renderer();
  ~Renderer();
  Rendered render(const Tree& tree, std::string_view path,
                  const RenderOptions& options);

 private:
  std::unique_ptr<TemplateCache> templates_;
};

}  // namespace skerry::chart
