// Patches, given inline or as files: strategic merge or JSON 6902.
#include <algorithm>

#include "core/error.h"
#include "core/text/yaml.h"
#include "gotemplate/print.h"
#include "kustomize/json_patch.h"
#include "kustomize/resource_read.h"
#include "kustomize/resource_selector.h"
#include "kustomize/strategic_merge.h"
#include "kustomize/transformer.h"

namespace skerry::chart::kustomize {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// Merges a patch into its target, which keeps kind, name and namespace unless
// the patch may change them. An emptied node says that it was deleted.
void merge_into(Resource& target, const Resource& patch, Schema& schema) {
  const std::string name = target.name(), name_space = target.name_space(),
                    kind = target.kind();
  if (patch.may_change_name || patch.may_change_kind) target.remember_id();
  if (!apply_strategic_merge(target.node, patch.node, schema)) {
    target.node = make_yaml_null();
    return;
  }
  if (target.node.is_empty()) return;
  if (!patch.may_change_kind) target.set_kind(kind);
  if (!patch.may_change_name) target.set_name(name);
  target.set_name_space(name_space);
}

// The patch as it stands for a resource that a target selected: with that
// one's apiVersion, labels and annotations as text.
Resource patch_for(const Resource& target, const Resource& patch) {
  Resource copy;
  copy.node = patch.node;
  copy.may_change_name = patch.may_change_name;
  copy.may_change_kind = patch.may_change_kind;
  copy.set_labels(patch.labels());
  copy.set_annotations(patch.annotations());
  copy.set_name(patch.name());
  copy.set_name_space(patch.name_space());
  copy.set_api_version(target.gvk().api_version());
  copy.set_kind(patch.kind());
  return copy;
}

void refuse_equal_ids(ResourceMap& resources) {
  for (const auto& resource : resources.resources()) {
    if (resource->node.is_empty()) continue;
    const ResourceId id = resource->id();
    if (resources.find_current(id).size() > 1) {
      fail(ErrorCode::invalid,
           "may not add resource with an already registered id: {}", id.text());
    }
  }
}

void merge_into_all(const std::vector<Resource*>& targets,
                    const Resource& patch, ResourceMap& resources,
                    Schema& schema) {
  for (Resource* target : targets) {
    merge_into(*target, patch_for(*target, patch), schema);
  }
  if (!patch.may_change_name && !patch.may_change_kind) return;
  resources.ids_changed();
  refuse_equal_ids(resources);
}

// The resource that a patch means by its own id.
Resource& target_of(const Resource& patch, ResourceMap& resources) {
  const ResourceId id = patch.original_id();
  std::vector<Resource*> found = resources.find_any(id);
  std::erase_if(found,
                [](const Resource* one) { return one->node.is_empty(); });
  if (found.size() == 1) return *found.front();
  fail(ErrorCode::invalid,
       "{} matches for Id {}; failed to find unique target for patch {}",
       found.empty() ? "no" : "multiple", id.text(), id.text());
}

// Applies the operations by way of JSON and writes the annotations anew.
void patch_json(Resource& resource, const Json& operations) {
  apply_json_patch(resource.node, operations);
  resource.set_annotations(resource.annotations());
}

class PatchTransformer : public Transformer {
 public:
  PatchTransformer(const Patch& patch, const TransformerContext& context);
  void transform(ResourceMap& resources) override;

 private:
  void read(std::string_view text);
  void transform_merge(ResourceMap& resources);
  void transform_json(ResourceMap& resources);

  Schema& schema_;
  std::optional<Selector> target_;
  std::string source_;
  std::vector<Resource> merges_;
  Json operations_ = Json::array();
};

PatchTransformer::PatchTransformer(const Patch& patch,
                                   const TransformerContext& context)
    : schema_(context.schema), target_(patch.target) {
  std::string text(trimmed(patch.patch));
  if (text.empty() && patch.path.empty()) {
    fail(ErrorCode::invalid, "must specify one of patch and path in\n{}",
         patch_config_text(patch));
  }
  if (!text.empty() && !patch.path.empty()) {
    fail(ErrorCode::invalid, "patch and path can't be set at the same time\n{}",
         patch_config_text(patch));
  }
  if (!text.empty()) {
    source_ = "[patch: " + quote(text) + "]";
  } else {
    source_ = "[path: " + quote(patch.path) + "]";
    try {
      text = context.load(patch.path);
    } catch (const Error& error) {
      throw error.in(fmt::format("failed to get the patch file from path({})",
                                 patch.path));
    }
  }
  read(text);
  const auto is_on = [&](const char* option) {
    const auto found = patch.options.find(option);
    return found != patch.options.end() && found->second;
  };
  for (Resource& merge : merges_) {
    merge.may_change_name = is_on("allowNameChange");
    merge.may_change_kind = is_on("allowKindChange");
  }
}

// A text that reads as resources is a strategic merge patch, one that reads as
// a list of operations a JSON patch.
void PatchTransformer::read(std::string_view text) {
  bool is_merge = true, is_json = true;
  try {
    merges_ = read_resources(text);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid) throw;
    is_merge = false;
  }
  try {
    if (text.empty()) fail(ErrorCode::invalid, "empty json patch operations");
    operations_ = read_json_patch(text);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid) throw;
    is_json = false;
  }
  if (is_merge && is_json && !merges_.empty() && !operations_.empty()) {
    fail(ErrorCode::invalid,
         "illegally qualifies as both an SM and JSON patch: {}", source_);
  }
  if (!is_merge && !is_json) {
    fail(ErrorCode::invalid, "unable to parse SM or JSON patch from {}",
         source_);
  }
}

void PatchTransformer::transform(ResourceMap& resources) {
  if (!merges_.empty()) return transform_merge(resources);
  transform_json(resources);
}

void PatchTransformer::transform_merge(ResourceMap& resources) {
  if (target_) {
    if (merges_.size() > 1) {
      fail(ErrorCode::invalid,
           "Multiple Strategic-Merge Patches in one `patches` entry is not "
           "allowed to set `patches.target` field: {}",
           source_);
    }
    std::vector<Resource*> selected;
    try {
      selected = ResourceSelector(*target_).select(resources);
    } catch (const Error& error) {
      throw error.in(
          fmt::format("unable to find patch target {} in `resources`",
                      quote(selector_text(*target_))));
    }
    merge_into_all(selected, merges_.front(), resources, schema_);
    return;
  }
  for (const Resource& merge : merges_) {
    Resource* target = nullptr;
    try {
      target = &target_of(merge, resources);
    } catch (const Error& error) {
      throw error.in(fmt::format("no resource matches strategic merge patch {}",
                                 quote(merge.original_id().text())));
    }
    merge_into(*target, merge, schema_);
    if (merge.may_change_name || merge.may_change_kind) {
      resources.ids_changed();
    }
  }
}

void PatchTransformer::transform_json(ResourceMap& resources) {
  if (!target_) {
    fail(ErrorCode::invalid, "must specify a target for JSON patch {}",
         source_);
  }
  bool has_new_id = false;
  for (Resource* resource : ResourceSelector(*target_).select(resources)) {
    resource->remember_id();
    const std::string key = resource->id().key();
    patch_json(*resource, operations_);
    has_new_id = has_new_id || resource->id().key() != key;
  }
  if (has_new_id) resources.ids_changed();
}

// `patchesStrategicMerge`: texts or paths, each for the resource it names.
class StrategicMergeTransformer : public Transformer {
 public:
  StrategicMergeTransformer(const std::vector<std::string>& paths,
                            const std::string& text,
                            const TransformerContext& context);
  void transform(ResourceMap& resources) override;

 private:
  Schema& schema_;
  std::vector<Resource> patches_;
};

std::vector<Resource> read_text_or_file(const std::string& text_or_path,
                                        const TransformerContext& context) {
  try {
    return read_resources(text_or_path);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid) throw;
  }
  const std::string text = context.load(text_or_path);
  try {
    return read_resources(text);
  } catch (const Error& error) {
    throw Error(error.code(), with_file_name(error.message(), text_or_path));
  }
}

StrategicMergeTransformer::StrategicMergeTransformer(
    const std::vector<std::string>& paths, const std::string& text,
    const TransformerContext& context)
    : schema_(context.schema) {
  if (paths.empty() && text.empty()) {
    fail(ErrorCode::invalid, "empty file path and empty patch content");
  }
  const auto add = [this](std::vector<Resource> patches) {
    std::move(patches.begin(), patches.end(), std::back_inserter(patches_));
  };
  for (const std::string& path : paths) add(read_text_or_file(path, context));
  if (!text.empty()) add(read_resources(text));
  if (patches_.empty()) {
    fail(ErrorCode::invalid, "patch appears to be empty; files=[{}], Patch={}",
         fmt::join(paths, " "), text);
  }
}

void StrategicMergeTransformer::transform(ResourceMap& resources) {
  for (const Resource& patch : patches_) {
    Resource& target = target_of(patch, resources);
    merge_into_all({&target}, patch, resources, schema_);
  }
}

// `patchesJson6902`.
class Json6902Transformer : public Transformer {
 public:
  Json6902Transformer(const Patch& patch, const TransformerContext& context);
  void transform(ResourceMap& resources) override;

 private:
  std::optional<Selector> target_;
  Json operations_;
};

Json6902Transformer::Json6902Transformer(const Patch& patch,
                                         const TransformerContext& context)
    : target_(patch.target) {
  if (!target_ || target_->id.name.empty()) {
    fail(ErrorCode::invalid, "must specify the target name");
  }
  if (patch.path.empty() && patch.patch.empty()) {
    fail(ErrorCode::invalid, "empty file path and empty jsonOp");
  }
  std::string text = patch.patch;
  if (!patch.path.empty()) {
    if (!text.empty()) {
      fail(ErrorCode::invalid, "must specify a file path or jsonOp, not both");
    }
    text = context.load(patch.path);
    if (text.empty()) {
      fail(ErrorCode::invalid, "patch file '{}' empty seems to be empty",
           patch.path);
    }
  }
  try {
    operations_ = read_json_patch(text);
  } catch (const Error& error) {
    if (!text.starts_with('[') && !error.message().starts_with("json:")) throw;
    throw error.in(fmt::format("decoding {}", text));
  }
  if (operations_.empty()) {
    fail(ErrorCode::invalid, "patch appears to be empty; file={}, JsonOp={}",
         patch.path, text);
  }
}

void Json6902Transformer::transform(ResourceMap& resources) {
  for (Resource* resource : ResourceSelector(*target_).select(resources)) {
    patch_json(*resource, operations_);
  }
  resources.ids_changed();
}

void add_text(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void add_target(Json& config, const std::optional<Selector>& target) {
  if (!target) return;
  Json json = Json::object();
  add_text(json, "group", target->id.gvk.group);
  add_text(json, "version", target->id.gvk.version);
  add_text(json, "kind", target->id.gvk.kind);
  add_text(json, "name", target->id.name);
  add_text(json, "namespace", target->id.name_space);
  add_text(json, "annotationSelector", target->annotation_selector);
  add_text(json, "labelSelector", target->label_selector);
  config["target"] = std::move(json);
}

}  // namespace

std::string patch_config_text(const Patch& patch) {
  Json config = Json::object();
  add_text(config, "path", patch.path);
  add_text(config, "patch", patch.patch);
  add_target(config, patch.target);
  for (const auto& [option, is_on] : patch.options) {
    config["options"][option] = is_on;
  }
  return to_yaml(config);
}

std::string json6902_config_text(const Patch& patch) {
  Json config = Json::object();
  add_target(config, patch.target);
  add_text(config, "path", patch.path);
  add_text(config, "jsonOp", patch.patch);
  return to_yaml(config);
}

std::string strategic_merge_config_text(const std::vector<std::string>& paths) {
  Json config = Json::object();
  if (!paths.empty()) config["paths"] = paths;
  return to_yaml(config);
}

TransformerPointer make_patch_transformer(const Patch& patch,
                                          const TransformerContext& context) {
  return std::make_unique<PatchTransformer>(patch, context);
}

TransformerPointer make_strategic_merge_transformer(
    const std::vector<std::string>& paths, const std::string& patches,
    const TransformerContext& context) {
  return std::make_unique<StrategicMergeTransformer>(paths, patches, context);
}

TransformerPointer make_strategic_merge_transformer(
    const std::vector<std::string>& paths, const TransformerContext& context) {
  return make_strategic_merge_transformer(paths, "", context);
}

TransformerPointer make_json6902_transformer(
    const Patch& patch, const TransformerContext& context) {
  return std::make_unique<Json6902Transformer>(patch, context);
}

}  // namespace skerry::chart::kustomize
