#include "chart/render.h"

#include "chart/kustomize.h"
#include "core/text/yaml.h"
#include "helm/dependencies.h"
#include "helm/release.h"
#include "helm/set_values.h"
#include "helm/template_cache.h"
#include "helm/values.h"
#include "machine.h"

namespace skerry::chart {

namespace {

constexpr std::uint64_t kMaxValuesFile = 16u << 20;
// Bytes of template text whose trees a renderer keeps.
constexpr std::size_t kKeptTemplates = 2u << 20;

std::string join(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

bool has_file(const Tree& tree, std::string_view folder,
              std::string_view name) {
  auto entry = tree.find(join(folder, name));
  return entry && entry->kind != EntryKind::folder;
}

std::string read_inside(const Tree& tree, std::string_view folder,
                        std::string_view file) {
  return tree.read(resolve_path(tree, join_path(folder, file)),
                   kMaxValuesFile);
}

SetKind set_kind(SetParameter::Kind kind) {
  switch (kind) {
    case SetParameter::Kind::typed: return SetKind::typed;
    case SetParameter::Kind::text: return SetKind::text;
    case SetParameter::Kind::json: return SetKind::json;
    case SetParameter::Kind::file: return SetKind::file;
    case SetParameter::Kind::literal: return SetKind::literal;
  }
  return SetKind::typed;
}

Value collect_values(const Tree& tree, std::string_view folder,
                     const RenderOptions& options) {
  Value values = Value::new_map();
  for (auto& file : options.value_files) {
    std::string text;
    try {
      text = read_inside(tree, folder, file);
    } catch (const Error& error) {
      bool absent = error.code() == ErrorCode::not_found;
      if (absent && options.ignore_missing_value_files) continue;
      throw;
    }
    try {
      values = merge_values(values, read_values(text));
    } catch (const Error& error) {
      throw error.in("failed to parse " + file);
    }
  }
  if (!options.values.empty()) {
    values = merge_values(values, read_values(options.values));
  }
  if (options.values_object.is_object()) {
    values = merge_values(values, from_json(options.values_object));
  }
  FileReader read_file = [&](const std::string& file) {
    return read_inside(tree, folder, file);
  };
  for (auto& parameter : options.parameters) {
    set_values(values, set_kind(parameter.kind), parameter.text, read_file);
  }
  return values;
}

Rendered render_helm(const Tree& tree, std::string_view folder,
                     const RenderOptions& options, TemplateCache* templates) {
  Rendered rendered;
  Log log = [&](std::string_view level, std::string_view text) {
    if (rendered.warnings.size() < 100) {
      rendered.warnings.push_back(fmt::format("level={} {}", level, text));
    }
  };
  auto chart = load_chart(tree, folder, log);
  check_installable(*chart);
  check_dependencies(*chart);
  Value values = collect_values(tree, folder, options);
  ReleaseOptions release_options;
  release_options.name = options.release_name;
  release_options.name_space = options.release_namespace;
  release_options.is_upgrade = options.is_upgrade;
  release_options.include_crds = options.include_crds;
  release_options.skip_schema = options.skip_schema;
  release_options.kube_version = options.kube_version;
  release_options.api_versions = options.api_versions;
  release_options.parsed = templates;
  Environment environment = machine_environment(log);
  ExecutionLimits limits{options.limits.max_steps, options.limits.max_bytes,
                         options.limits.max_time};
  Release release = make_release(*chart, values, release_options, environment,
                                 limits, log);
  auto add = [&](Manifest& manifest) -> RenderedManifest& {
    RenderedManifest made;
    made.source = std::move(manifest.path);
    made.text = std::move(manifest.content);
    rendered.manifests.push_back(std::move(made));
    return rendered.manifests.back();
  };
  for (auto& crd : release.crds) {
    for (auto& document : split_manifests(crd.content)) {
      Manifest one{crd.path, document, crd.kind, "", ""};
      add(one).is_crd = true;
    }
  }
  for (auto& manifest : release.manifests) add(manifest);
  for (auto& hook : release.hooks) {
    if (options.skip_tests && hook.is_test()) continue;
    RenderedManifest& made = add(hook.manifest);
    made.is_hook = true;
    made.hook_events = hook.events;
    made.hook_weight = hook.weight;
    made.hook_delete_policies = hook.delete_policies;
  }
  rendered.notes = std::move(release.notes);
  return rendered;
}

bool is_manifest_name(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") ||
         name.ends_with(".json");
}

// Every document of every manifest file, as Argo CD takes a plain folder.
Rendered render_directory(const Tree& tree, std::string_view folder,
                          const RenderOptions& options) {
  Rendered rendered;
  rendered.type = SourceType::directory;
  std::uint64_t total = 0;
  auto visit = [&](const std::string& path, const TreeEntry& entry) {
    bool is_file = entry.kind == EntryKind::file ||
                   entry.kind == EntryKind::executable;
    if (!is_file || !is_manifest_name(path)) return;
    std::string relative = path.substr(folder.empty() ? 0 : folder.size() + 1);
    if (!options.recurse && relative.find('/') != relative.npos) return;
    std::string text = tree.read(path, kMaxValuesFile);
    total += text.size();
    if (total > options.limits.max_bytes) {
      fail(ErrorCode::too_large, "the manifests in {} hold more than {} bytes",
           folder.empty() ? "the tree" : folder, options.limits.max_bytes);
    }
    for (auto& document : parse_yaml_documents(text, path)) {
      if (document.is_null()) continue;
      if (!document.is_object()) {
        fail(ErrorCode::invalid, "{}: a document is no Kubernetes object", path);
      }
      RenderedManifest made;
      made.source = path;
      made.text = to_yaml(document);
      rendered.manifests.push_back(std::move(made));
    }
  };
  walk(tree, folder, visit);
  return rendered;
}

Rendered render_kustomize(const Tree& tree, std::string_view folder) {
  Rendered rendered;
  rendered.type = SourceType::kustomize;
  for (const Json& object :
       build_kustomization(tree, folder, Json::object())) {
    RenderedManifest made;
    made.source = folder;
    made.text = to_yaml(object);
    rendered.manifests.push_back(std::move(made));
  }
  return rendered;
}

}  // namespace

SourceType detect_source(const Tree& tree, std::string_view path) {
  std::string folder = clean_path(path);
  if (has_file(tree, folder, "Chart.yaml")) return SourceType::helm;
  for (auto name : {"kustomization.yaml", "kustomization.yml",
                    "Kustomization"}) {
    if (has_file(tree, folder, name)) return SourceType::kustomize;
  }
  return SourceType::directory;
}

namespace {

Rendered render_with(TemplateCache* templates, const Tree& tree,
                     std::string_view path, const RenderOptions& options) {
  std::string folder = resolve_path(tree, clean_path(path));
  switch (detect_source(tree, folder)) {
    case SourceType::helm:
      return render_helm(tree, folder, options, templates);
    case SourceType::kustomize:
      return render_kustomize(tree, folder);
    case SourceType::directory:
      break;
  }
  return render_directory(tree, folder, options);
}

}  // namespace

Rendered render(const Tree& tree, std::string_view path,
                const RenderOptions& options) {
  return render_with(nullptr, tree, path, options);
}

Renderer::Renderer()
    : templates_(std::make_unique<TemplateCache>(kKeptTemplates)) {}
Renderer::~Renderer() = default;

Rendered Renderer::render(const Tree& tree, std::string_view path,
                          const RenderOptions& options) {
  return render_with(templates_.get(), tree, path, options);
}

}  // namespace skerry::chart
