#include "source/manifests.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/error.h"
#include "core/text/glob.h"
#include "core/text/yaml.h"

namespace skerry::cd {
namespace {

constexpr std::uint64_t kLargestFile = 16u << 20;
constexpr std::size_t kMostObjects = 20'000;

// "{a,b}" is either of a and b, as in Argo CD's include and exclude.
bool matches(const std::string& pattern, const std::string& path) {
  if (pattern.size() < 2 || pattern.front() != '{' || pattern.back() != '}') {
    return glob_match(pattern, path);
  }
  std::string_view rest(pattern.data() + 1, pattern.size() - 2);
  for (;;) {
    const auto comma = rest.find(',');
    if (glob_match(rest.substr(0, comma), path)) return true;
    if (comma == std::string_view::npos) return false;
    rest.remove_prefix(comma + 1);
  }
}

void read_manifest_file(const Tree& tree, const std::string& path,
                        std::vector<Json>& result) {
  const std::string text = tree.read(resolve_path(tree, path), kLargestFile);
  if (text.find("# +argocd:skip-file-rendering") != std::string::npos) return;
  for (Json& document : parse_yaml_documents(text, path)) {
    if (!document.is_null()) result.push_back(std::move(document));
  }
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

void expand(Json document, std::vector<Json>& result) {
  if (document.is_null()) return;
  if (result.size() >= kMostObjects) {
    fail(ErrorCode::too_large, "more than {} manifests", kMostObjects);
  }
  const bool list = document.is_object() && document.contains("items") &&
                    document["items"].is_array() && document.contains("kind") &&
                    document["kind"].is_string() &&
                    document["kind"].get<std::string>().ends_with("List");
  if (!list) {
    result.push_back(std::move(document));
    return;
  }
  for (Json& item : document["items"]) expand(std::move(item), result);
}

// "group/Kind" of the custom resources that CRDs among the documents declare
// cluster-wide.
std::set<std::string> cluster_kinds(const std::vector<Json>& documents) {
  std::set<std::string> result;
  for (const Json& document : documents) {
    if (!document.is_object() ||
        document.value("kind", Json()) != "CustomResourceDefinition") {
      continue;
    }
    const Json::json_pointer scope("/spec/scope"), group("/spec/group"),
        kind("/spec/names/kind");
    if (document.contains(scope) && document[scope] == "Cluster" &&
        document.contains(group) && document[group].is_string() &&
        document.contains(kind) && document[kind].is_string()) {
      result.insert(document[group].get<std::string>() + "/" +
                    document[kind].get<std::string>());
    }
  }
  return result;
}

// Hooks may be named by generateName; the name is the same at every look at
// one revision, so that an interrupted sync finds its hook again.
void complete_name(Json& object, std::string_view revision) {
  if (!object.is_object() || !object.contains("metadata") ||
      !object["metadata"].is_object()) {
    return;
  }
  Json& metadata = object["metadata"];
  if (metadata.contains("name") || !metadata.contains("generateName") ||
      !metadata["generateName"].is_string()) {
    return;
  }
  metadata["name"] = metadata["generateName"].get<std::string>() +
                     lower(revision.substr(revision.find(':') + 1, 7));
  metadata.erase("generateName");
}

Json namespace_object(const std::string& name) {
  return {{"apiVersion", "v1"},
          {"kind", "Namespace"},
          {"metadata", {{"name", name}}}};
}

}  // namespace

std::vector<Json> read_directory(const Tree& tree, const std::string& path,
                                 const DirectoryOptions& options) {
  const auto entry = tree.find(path);
  if (!path.empty() && (!entry || entry->kind != EntryKind::folder)) {
    fail(ErrorCode::not_found, "the source has no folder \"{}\"", path);
  }
  std::vector<std::string> files;
  walk(tree, path, [&](const std::string& file, const TreeEntry& found) {
    if (found.kind == EntryKind::folder || found.kind == EntryKind::submodule) {
      return;
    }
    const std::string relative =
        path.empty() ? file : file.substr(path.size() + 1);
    if (!options.recurse && relative.find('/') != std::string::npos) return;
    if (!options.include.empty() && !matches(options.include, relative)) return;
    if (!options.exclude.empty() && matches(options.exclude, relative)) return;
    if (relative.ends_with(".jsonnet")) {
      fail(ErrorCode::invalid, "{}: jsonnet is not supported", file);
    }
    if (relative.ends_with(".yaml") || relative.ends_with(".yml") ||
        relative.ends_with(".json")) {
      files.push_back(file);
    }
  });
  std::vector<Json> result;
  for (const std::string& file : files) {
    read_manifest_file(tree, file, result);
  }
  return result;
}

Desired finish_manifests(const Application& app, std::vector<Json> documents,
                         std::string_view revision) {
  std::vector<Json> objects;
  for (Json& document : documents) expand(std::move(document), objects);
  const std::string& target = app.destination.namespace_name;
  if (app.options.create_namespace && !target.empty()) {
    objects.insert(objects.begin(), namespace_object(target));
  }
  const auto cluster = cluster_kinds(objects);
  Desired desired;
  desired.helm_hooks = std::none_of(objects.begin(), objects.end(),
                                    [](const Json& o) {
                                      return o.is_object() && has_argo_hook(o);
                                    });
  std::map<ResourceKey, bool> seen;
  for (Json& object : objects) {
    complete_name(object, revision);
    ResourceKey key = key_of(object);
    const bool cluster_wide =
        is_cluster_scoped(key.group, key.kind) ||
        cluster.contains(key.group + "/" + key.kind);
    if (cluster_wide) {
      object["metadata"].erase("namespace");
    } else if (key.namespace_name.empty()) {
      object["metadata"]["namespace"] = target.empty() ? "default" : target;
    }
    key = key_of(object);
    const auto hook = hook_of(object, desired.helm_hooks);
    if (hook && hook->skip) continue;
    wave_of(object), resource_options(object), ignores_extraneous(object);
    if (!seen.emplace(key, true).second) {
      if (object == namespace_object(key.name)) continue;
      if (key.kind == "Namespace" && key.name == target) continue;
      fail(ErrorCode::invalid, "{} is there twice", key.describe());
    }
    set_annotation(object, kTrackingId, tracking_id(app.name, key));
    (hook ? desired.hooks : desired.objects).push_back(std::move(object));
  }
  return desired;
}

std::string substitute(
    std::string_view text,
    const std::vector<std::pair<std::string, std::string>>& variables) {
  std::string result;
  const auto is_name = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    if (text[i + 1] == '$') {
      result += '$';
      ++i;
      continue;
    }
    const bool braces = text[i + 1] == '{';
    const std::size_t begin = i + (braces ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() && is_name(text[end])) ++end;
    if (end == begin || (braces && (end == text.size() || text[end] != '}'))) {
      result += text[i];
      continue;
    }
    const std::string_view name = text.substr(begin, end - begin);
    for (const auto& [known, value] : variables) {
      if (known == name) result += value;
    }
    i = braces ? end : end - 1;
  }
  return result;
}

}  // namespace skerry::cd
