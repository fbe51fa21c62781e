#include "kustomize/overlay.h"

#include <set>

#include "core/error.h"
#include "core/text/yaml.h"
#include "kustomize/diff.h"
#include "kustomize/resource_read.h"
#include "kustomize/transformer.h"

namespace skerry::chart::kustomize {
namespace {

// "deployment-web.yaml", different from those taken.
std::string file_name(std::string_view prefix, const ResourceId& id,
                      const Files& taken) {
  std::string name(prefix);
  for (const char c : id.gvk.kind + "-" + id.name) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '.' || c == '_';
    name += is_upper ? static_cast<char>(c - 'A' + 'a') : is_plain ? c : '-';
  }
  std::string file = name + ".yaml";
  for (int i = 2; taken.contains(file); ++i) {
    file = fmt::format("{}-{}.yaml", name, i);
  }
  return file;
}

std::string kustomization_text(Json fields) {
  fields["apiVersion"] = "kustomize.config.k8s.io/v1beta1";
  fields["kind"] = "Kustomization";
  return to_yaml(fields);
}

std::string anchored(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) {
      pattern += '\\';
    }
    pattern += c;
  }
  return pattern;
}

Json target_json(const ResourceId& id) {
  Json target = {{"kind", id.gvk.kind}, {"name", anchored(id.name)}};
  if (!id.gvk.group.empty()) target["group"] = anchored(id.gvk.group);
  if (!id.gvk.version.empty()) target["version"] = anchored(id.gvk.version);
  if (!id.name_space.empty()) target["namespace"] = anchored(id.name_space);
  return target;
}

Selector target_selector(const Json& json) {
  Selector selector;
  selector.id.gvk.kind = json.value("kind", "");
  selector.id.gvk.group = json.value("group", "");
  selector.id.gvk.version = json.value("version", "");
  selector.id.name = json.value("name", "");
  selector.id.name_space = json.value("namespace", "");
  return selector;
}

std::map<std::string, std::string> printed(const ResourceMap& objects) {
  std::map<std::string, std::string> texts;
  for (const auto& object : objects.resources()) {
    if (!texts.emplace(object->id().key(), object->to_yaml()).second) {
      fail(ErrorCode::invalid,
           "two objects have the id {}: a kustomization cannot hold both",
           object->id().text());
    }
  }
  return texts;
}

class OverlayWriter {
 public:
  OverlayWriter(const ResourceMap& from, const ResourceMap& to)
      : from_(from), to_(to) {}

  Overlay write(std::string_view base);

 private:
  void patch(const Resource& before, const Resource& after);
  void remove(const Resource& object);
  void add_patch(const ResourceId& id, const Json& patch, bool has_target);
  void check();

  const ResourceMap& from_;
  const ResourceMap& to_;
  Schema schema_;
  Overlay overlay_;
  Json patches_ = Json::array(), resources_ = Json::array();
};

void OverlayWriter::add_patch(const ResourceId& id, const Json& patch,
                              bool has_target) {
  const std::string file = file_name("patch-", id, overlay_.files);
  overlay_.files[file] = to_yaml(patch);
  Json entry = {{"path", file}};
  if (has_target) entry["target"] = target_json(id);
  patches_.push_back(std::move(entry));
}

void OverlayWriter::patch(const Resource& before, const Resource& after) {
  const ObjectDiff diff = diff_objects(before, after, schema_);
  if (diff.kind == ObjectDiff::Kind::none) return;
  const bool is_json = diff.kind == ObjectDiff::Kind::json;
  add_patch(before.id(), diff.patch, is_json);
  ++(is_json ? overlay_.operations : overlay_.merges);
}

void OverlayWriter::remove(const Resource& object) {
  Json metadata = {{"name", object.name()}};
  if (!object.name_space().empty()) metadata["namespace"] = object.name_space();
  add_patch(object.id(),
            {{"$patch", "delete"},
             {"apiVersion", object.api_version()},
             {"kind", object.kind()},
             {"metadata", std::move(metadata)}},
            false);
  ++overlay_.deleted;
}

// Runs what was written over a copy of the base.
void OverlayWriter::check() {
  ResourceMap result;
  for (const auto& object : from_.resources()) {
    Resource copy;
    copy.node = object->node;
    result.append(std::move(copy));
  }
  for (const Json& file : resources_) {
    for (Resource& object : read_resources(overlay_.files.at(file))) {
      result.append(std::move(object));
    }
  }
  const TransformerContext context{
      [this](const std::string& path) { return overlay_.files.at(path); },
      schema_};
  for (const Json& entry : patches_) {
    Patch patch;
    patch.path = entry.at("path");
    if (entry.contains("target")) {
      patch.target = target_selector(entry.at("target"));
    }
    make_patch_transformer(patch, context)->transform(result);
    result.drop_empty();
  }
  const auto want = printed(to_), got = printed(result);
  if (want == got) return;
  for (const auto& [id, text] : want) {
    const auto found = got.find(id);
    if (found != got.end() && found->second == text) continue;
    fail(ErrorCode::internal, "the overlay does not reproduce {}", id);
  }
  fail(ErrorCode::internal, "the overlay leaves objects that are not wished");
}

Overlay OverlayWriter::write(std::string_view base) {
  printed(from_);
  printed(to_);
  std::set<std::string> wished;
  for (const auto& object : to_.resources()) {
    wished.insert(object->id().key());
    const auto before = from_.find_current(object->id());
    if (!before.empty()) {
      patch(*before.front(), *object);
      continue;
    }
    const std::string file = file_name("", object->id(), overlay_.files);
    overlay_.files[file] = object->to_yaml();
    resources_.push_back(file);
    ++overlay_.added;
  }
  for (const auto& object : from_.resources()) {
    if (!wished.contains(object->id().key())) remove(*object);
  }
  check();
  Json kustomization;
  Json resources = Json::array({std::string(base)});
  for (const Json& file : resources_) resources.push_back(file);
  kustomization["resources"] = std::move(resources);
  if (!patches_.empty()) kustomization["patches"] = patches_;
  overlay_.files["kustomization.yaml"] =
      kustomization_text(std::move(kustomization));
  return std::move(overlay_);
}

}  // namespace

Files write_base(const ResourceMap& objects) {
  printed(objects);
  Files files;
  Json resources = Json::array();
  for (const auto& object : objects.resources()) {
    const std::string file = file_name("", object->id(), files);
    files[file] = object->to_yaml();
    resources.push_back(file);
  }
  Json fields;
  fields["resources"] = std::move(resources);
  files["kustomization.yaml"] = kustomization_text(std::move(fields));
  return files;
}

Overlay write_overlay(const ResourceMap& from, const ResourceMap& to,
                      std::string_view base) {
  return OverlayWriter(from, to).write(base);
}

}  // namespace skerry::chart::kustomize
