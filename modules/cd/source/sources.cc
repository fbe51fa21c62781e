#include "source/sources.h"

#include <algorithm>

#include "core/error.h"
#include "core/text/glob.h"
#include "core/text/yaml.h"
#include "source/manifests.h"

namespace skerry::cd {
namespace {

constexpr std::size_t kCacheBytes = 8u << 20;
constexpr std::uint64_t kLargestValues = 4u << 20;

using Variables = std::vector<std::pair<std::string, std::string>>;
using Trees = std::map<std::string, std::shared_ptr<const Tree>>;

std::string describe(const Source& source) {
  return fmt::format(
      "{} {}/{}",
      source.address.kind == SourceAddress::Kind::git ? "repository" : "chart",
      source.address.project, source.address.name);
}

Variables build_environment(const Application& app, const Source& source,
                            const Resolved& resolved) {
  const std::string& r = resolved.revision;
  return {{"ARGOCD_APP_NAME", app.name},
          {"ARGOCD_APP_NAMESPACE", app.destination.namespace_name},
          {"ARGOCD_APP_PROJECT_NAME", app.project},
          {"ARGOCD_APP_REVISION", r},
          {"ARGOCD_APP_REVISION_SHORT", r.substr(0, 7)},
          {"ARGOCD_APP_REVISION_SHORT_8", r.substr(0, 8)},
          {"ARGOCD_APP_SOURCE_PATH", source.path},
          {"ARGOCD_APP_SOURCE_REPO_URL", source.repo_url},
          {"ARGOCD_APP_SOURCE_TARGET_REVISION", source.target_revision}};
}

enum class Tool { helm, kustomize, directory };

bool is_file(const Tree& tree, const std::string& folder, const char* name) {
  const auto entry = tree.find(join_path(folder, name));
  return entry && entry->kind != EntryKind::folder;
}

Tool tool_of(const Source& source, const Tree& tree) {
  if (source.helm) return Tool::helm;
  if (source.kustomize) return Tool::kustomize;
  if (source.directory) return Tool::directory;
  if (is_file(tree, source.path, "Chart.yaml")) return Tool::helm;
  for (const char* name :
       {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    if (is_file(tree, source.path, name)) return Tool::kustomize;
  }
  return Tool::directory;
}

// The files that one entry of valueFiles names, in `tree`.
std::vector<std::string> expand_glob(const Tree& tree,
                                     const std::string& path) {
  if (path.find_first_of("*?") == std::string::npos) return {path};
  std::vector<std::string> result;
  walk(tree, "", [&](const std::string& file, const TreeEntry& entry) {
    if (entry.kind != EntryKind::folder && glob_match(path, file)) {
      result.push_back(file);
    }
  });
  return result;
}

struct FilePlace {
  std::shared_ptr<const Tree> tree;
  std::string path;
};

// "values.yaml" beside the chart, "/x.yaml" at the root, "$ref/x.yaml" in
// another source.
FilePlace locate(const std::string& file, const std::string& base,
                 const std::shared_ptr<const Tree>& tree, const Trees& refs) {
  if (file.find("://") != std::string::npos) {
    fail(ErrorCode::invalid, "the file {} is a URL, which is not supported",
         file);
  }
  if (!file.starts_with('$')) {
    return {tree, file.starts_with('/') ? clean_path(file.substr(1))
                                        : join_path(base, file)};
  }
  const auto slash = file.find('/');
  const auto ref = refs.find(file.substr(1, slash - 1));
  if (ref == refs.end() || slash == std::string::npos) {
    fail(ErrorCode::invalid, "the file {} names no source with that ref", file);
  }
  return {ref->second, clean_path(file.substr(slash + 1))};
}

void add_value_files(const HelmOptions& options, const std::string& base,
                     const std::shared_ptr<const Tree>& tree,
                     const Trees& refs, HelmRequest& request) {
  for (const std::string& file : options.value_files) {
    const FilePlace place = locate(file, base, tree, refs);
    for (const std::string& path : expand_glob(*place.tree, place.path)) {
      if (!place.tree->find(path)) {
        if (options.ignore_missing_value_files) continue;
        fail(ErrorCode::not_found, "the value file {} does not exist", file);
      }
      request.values.push_back(
          {file, place.tree->read(resolve_path(*place.tree, path),
                                  kLargestValues)});
    }
  }
}

HelmRequest helm_request(const Application& app, const Source& source,
                         const std::shared_ptr<const Tree>& tree,
                         const Trees& refs, const Variables& variables) {
  const HelmOptions options = source.helm.value_or(HelmOptions{});
  HelmRequest request;
  request.release_name =
      options.release_name.empty() ? app.name : options.release_name;
  request.namespace_name = !options.namespace_name.empty()
                               ? options.namespace_name
                           : app.destination.namespace_name.empty()
                               ? "default"
                               : app.destination.namespace_name;
  add_value_files(options, source.path, tree, refs, request);
  if (!options.values.empty()) {
    request.values.push_back({"spec.source.helm.values", options.values});
  }
  if (!options.values_object.is_null()) {
    request.values.push_back(
        {"spec.source.helm.valuesObject", to_yaml(options.values_object)});
  }
  for (const auto& parameter : options.parameters) {
    request.parameters.push_back({parameter.name,
                                  substitute(parameter.value, variables),
                                  parameter.force_string});
  }
  for (const auto& parameter : options.file_parameters) {
    const FilePlace place = locate(substitute(parameter.path, variables),
                                   source.path, tree, refs);
    request.file_parameters.push_back(
        {parameter.name,
         place.tree->read(resolve_path(*place.tree, place.path),
                          kLargestValues)});
  }
  request.kube_version = options.kube_version;
  request.api_versions = options.api_versions;
  request.include_crds = !options.skip_crds;
  request.skip_schema_validation = options.skip_schema_validation;
  request.skip_tests = options.skip_tests;
  return request;
}

std::size_t approximate_bytes(const Json& value) {
  std::size_t bytes = sizeof(Json);
  if (value.is_string()) bytes += value.get_ref<const std::string&>().size();
  if (value.is_structured()) {
    for (const auto& [key, item] : value.items()) {
      bytes += key.size() + 48 + approximate_bytes(item);
    }
  }
  return bytes;
}

}  // namespace

Json to_json(const std::vector<Resolved>& resolved) {
  Json result = Json::array();
  for (const Resolved& one : resolved) {
    result.push_back({{"revision", one.revision}, {"digest", one.digest}});
  }
  return result;
}

std::vector<Resolved> resolved_from_json(const Json& value) {
  std::vector<Resolved> result;
  for (const Json& one : value) {
    result.push_back(
        {required_string(one, "revision"), required_string(one, "digest")});
  }
  return result;
}

std::string revision_text(const std::vector<Resolved>& resolved) {
  std::string result;
  for (const Resolved& one : resolved) {
    if (!result.empty()) result += ", ";
    result += one.revision;
  }
  return result;
}

std::vector<Resolved> Sources::resolve(const Application& app,
                                       std::string_view revision) {
  if (!revision.empty() && app.sources.size() != 1) {
    fail(ErrorCode::invalid,
         "a revision can be chosen for an application with one source only");
  }
  std::vector<Resolved> result;
  for (const Source& source : app.sources) {
    const std::string_view wanted =
        revision.empty() ? std::string_view(source.target_revision) : revision;
    const SourceAddress& at = source.address;
    try {
      if (at.kind == SourceAddress::Kind::git) {
        const std::string commit = git_.resolve(
            at.project, at.name, wanted.empty() ? "HEAD" : wanted);
        result.push_back({commit, commit});
      } else {
        const ChartVersion version =
            charts_.resolve(at.project, at.name, wanted.empty() ? "*" : wanted);
        result.push_back({version.version, version.digest});
      }
    } catch (const Error& error) {
      throw error.in(describe(source));
    }
  }
  return result;
}

std::shared_ptr<const Tree> Sources::tree(const Source& source,
                                          const Resolved& resolved) {
  const SourceAddress& at = source.address;
  if (at.kind == SourceAddress::Kind::git) {
    return git_.tree(at.project, at.name, resolved.digest);
  }
  return charts_.tree(at.project, at.name,
                      {resolved.revision, resolved.digest});
}

std::vector<Json> Sources::render_source(
    const Application& app, const std::vector<Resolved>& resolved,
    std::size_t index) {
  const Source& source = app.sources[index];
  const auto files = tree(source, resolved[index]);
  Trees refs;
  for (std::size_t i = 0; i < app.sources.size(); ++i) {
    if (app.sources[i].ref.empty()) continue;
    refs[app.sources[i].ref] = tree(app.sources[i], resolved[i]);
  }
  switch (tool_of(source, *files)) {
    case Tool::helm:
      return renderer_.render_helm(
          files, source.path,
          helm_request(app, source, files, refs,
                       build_environment(app, source, resolved[index])));
    case Tool::kustomize:
      return renderer_.render_kustomize(
          files, source.path,
          {source.kustomize.value_or(Json::object()),
           app.destination.namespace_name});
    case Tool::directory:
      return read_directory(*files, source.path,
                            source.directory.value_or(DirectoryOptions{}));
  }
  return {};
}

std::shared_ptr<const Desired> Sources::render(
    const Application& app, const std::vector<Resolved>& resolved) {
  if (resolved.size() != app.sources.size()) {
    fail(ErrorCode::conflict, "the sources changed since they were resolved");
  }
  std::string key = app.name + "\n" + app.spec_digest;
  for (const Resolved& one : resolved) key += "\n" + one.digest;
  if (auto cached = find(key)) return cached;
  std::vector<Json> documents;
  for (std::size_t i = 0; i < app.sources.size(); ++i) {
    // A source with a ref and without a path only lends its files.
    const Source& source = app.sources[i];
    if (!source.ref.empty() && source.path.empty() &&
        source.address.kind == SourceAddress::Kind::git) {
      continue;
    }
    try {
      for (Json& document : render_source(app, resolved, i)) {
        documents.push_back(std::move(document));
      }
    } catch (const Error& error) {
      throw error.in(
          fmt::format("{} at {}", describe(source), resolved[i].revision));
    }
  }
  auto desired = std::make_shared<const Desired>(
      finish_manifests(app, std::move(documents), resolved[0].digest));
  keep(std::move(key), desired);
  return desired;
}

std::shared_ptr<const Desired> Sources::find(const std::string& key) {
  MutexLock lock(mutex_);
  for (auto it = cache_.begin(); it != cache_.end(); ++it) {
    if (it->key != key) continue;
    cache_.splice(cache_.begin(), cache_, it);
    return cache_.front().desired;
  }
  return nullptr;
}

void Sources::keep(std::string key, std::shared_ptr<const Desired> desired) {
  std::size_t bytes = 0;
  for (const auto* list : {&desired->objects, &desired->hooks}) {
    for (const Json& object : *list) bytes += approximate_bytes(object);
  }
  MutexLock lock(mutex_);
  cache_.push_front({std::move(key), std::move(desired), bytes});
  bytes_ += bytes;
  while (bytes_ > kCacheBytes && cache_.size() > 1) {
    bytes_ -= cache_.back().bytes;
    cache_.pop_back();
  }
}

}  // namespace skerry::cd
