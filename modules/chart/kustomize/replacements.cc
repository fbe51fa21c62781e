// `replacements`: values of one resource copied into fields of others.
#include "core/error.h"
#include "core/text/yaml.h"
#include "kustomize/field_filter.h"
#include "kustomize/go_decode.h"
#include "kustomize/kustomization.h"
#include "kustomize/node_fields.h"
#include "kustomize/node_path.h"
#include "kustomize/resource_selector.h"
#include "kustomize/transformer.h"

namespace skerry::chart::kustomize {
namespace {

constexpr std::string_view kDefaultPath = "metadata.name";

std::vector<std::string> split_text(std::string_view text,
                                    std::string_view delimiter) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(delimiter);
    parts.emplace_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + delimiter.size());
  }
}

bool is_selected(const ResourceId& id, const ResourceId& selector) {
  if (!selector.name.empty() && selector.name != id.name) return false;
  if (!selector.name_space.empty() &&
      selector.effective_namespace() != id.effective_namespace()) {
    return false;
  }
  return id.gvk.is_selected_by(selector.gvk);
}

bool is_selected(const std::vector<ResourceId>& ids,
                 const ResourceId& selector) {
  for (const ResourceId& id : ids) {
    if (is_selected(id, selector)) return true;
  }
  return false;
}

std::vector<ResourceId> all_ids(const Resource& resource) {
  std::vector<ResourceId> ids = {resource.id()};
  for (ResourceId& id : resource.previous_ids()) ids.push_back(std::move(id));
  return ids;
}

std::string options_text(const std::optional<FieldOptions>& options) {
  if (!options || (options->delimiter.empty() && !options->create)) return "";
  return fmt::format("{}({}), create={}", options->delimiter, options->index,
                     options->create);
}

std::string source_text(const Replacement::Source& source) {
  std::string text = source.id.text();
  if (!source.field_path.empty()) text += ":" + source.field_path;
  const std::string options = options_text(source.options);
  return options.empty() ? text : text + ":" + options;
}

bool is_no_id(const ResourceId& id) {
  return id.gvk == Gvk() && id.name.empty() && id.name_space.empty();
}

class ReplacementTransformer : public Transformer {
 public:
  explicit ReplacementTransformer(std::vector<Replacement> replacements)
      : replacements_(std::move(replacements)) {}

  void transform(ResourceMap& resources) override;

 private:
  static YamlNode value_of(const Replacement& replacement,
                           ResourceMap& resources);
  static Resource& find_source(const Replacement::Source& source,
                               ResourceMap& resources);
  static bool is_target(const Resource& resource,
                        const Replacement::Target& target);
  static void copy_to(Resource& resource, const YamlNode& value,
                      const Replacement::Target& target);
  static void set(YamlNode& root, YamlNode& field, YamlNode value,
                  const std::optional<FieldOptions>& options);

  const std::vector<Replacement> replacements_;
};

Resource& ReplacementTransformer::find_source(const Replacement::Source& source,
                                              ResourceMap& resources) {
  Resource* found = nullptr;
  for (auto& resource : resources.resources()) {
    // Most fall out by their names, without ids being made.
    if (!source.id.name.empty() && resource->previous.empty() &&
        resource->name() != source.id.name) {
      continue;
    }
    if (!is_selected(all_ids(*resource), source.id)) continue;
    if (found) {
      fail(ErrorCode::invalid, "multiple matches for selector {}",
           source_text(source));
    }
    found = resource.get();
  }
  if (!found) {
    fail(ErrorCode::invalid, "nothing selected by {}", source_text(source));
  }
  return *found;
}

YamlNode ReplacementTransformer::value_of(const Replacement& replacement,
                                          ResourceMap& resources) {
  if (replacement.source_value && replacement.source) {
    fail(ErrorCode::invalid,
         "value and resource selectors are mutually exclusive");
  }
  if (replacement.source_value) {
    return make_yaml_scalar(*replacement.source_value);
  }
  const Replacement::Source& source = *replacement.source;
  Resource& resource = find_source(source, resources);
  const std::string path(source.field_path.empty() ? kDefaultPath
                                                   : source.field_path);
  YamlNode* field = nullptr;
  try {
    field = find_by_path(resource.node, split_bracketed_path(path, '.'));
  } catch (const Error& error) {
    throw error.in("error looking up replacement source");
  }
  if (!field || field->is_empty()) {
    fail(ErrorCode::invalid,
         "fieldPath `{}` is missing for replacement source {}", path,
         source.id.text());
  }
  YamlNode value = *field;
  if (!source.options || source.options->delimiter.empty()) return value;
  if (!value.is_scalar()) {
    fail(ErrorCode::invalid,
         "delimiter option can only be used with scalar nodes");
  }
  const auto parts = split_text(value.text, source.options->delimiter);
  const std::int64_t index = source.options->index;
  if (index < 0 || index >= static_cast<std::int64_t>(parts.size())) {
    fail(ErrorCode::invalid, "options.index {} is out of bounds for value {}",
         index, value.text);
  }
  value.text = parts[static_cast<std::size_t>(index)];
  return value;
}

bool ReplacementTransformer::is_target(const Resource& resource,
                                       const Replacement::Target& target) {
  const auto matches = [&](const Selector& selector) {
    return matches_annotations(resource, selector.annotation_selector) &&
           matches_labels(resource, selector.label_selector);
  };
  if (!matches(*target.select)) return false;
  for (const Selector& reject : target.reject) {
    if (reject.annotation_selector.empty() && reject.label_selector.empty()) {
      continue;
    }
    if (matches(reject)) return false;
  }
  const std::vector<ResourceId> ids = all_ids(resource);
  if (!is_selected(ids, target.select->id)) return false;
  for (const Selector& reject : target.reject) {
    if (!is_no_id(reject.id) && is_selected(ids, reject.id)) return false;
  }
  return true;
}

void ReplacementTransformer::set(YamlNode& root, YamlNode& field,
                                 YamlNode value,
                                 const std::optional<FieldOptions>& options) {
  if (options && !options->delimiter.empty()) {
    if (!field.is_scalar()) {
      fail(ErrorCode::invalid,
           "delimiter option can only be used with scalar nodes");
    }
    auto parts = split_text(field.text, options->delimiter);
    const std::int64_t index = options->index;
    const std::string text = value.is_null() ? "" : value.text;
    if (index < 0) {
      parts.insert(parts.begin(), text);
    } else if (index >= static_cast<std::int64_t>(parts.size())) {
      parts.push_back(text);
    } else {
      parts[static_cast<std::size_t>(index)] = text;
    }
    value.text = fmt::format("{}", fmt::join(parts, options->delimiter));
  }
  const std::uint32_t twin = field.twin;
  // A scalar keeps its type, and so turns a number into text or back.
  if (field.is_scalar()) {
    field.text = value.text;
  } else {
    field = std::move(value);
    field.twin = twin;
  }
  update_twins(root, field);
}

void ReplacementTransformer::copy_to(Resource& resource, const YamlNode& value,
                                     const Replacement::Target& target) {
  std::vector<std::string> paths = target.field_paths;
  if (paths.empty()) paths.emplace_back(kDefaultPath);
  std::optional<YamlNode::Kind> made;
  if (target.options && target.options->create) made = value.kind;
  for (const std::string& path : paths) {
    const std::string fault =
        fmt::format("unable to find {}field \"{}\" in replacement target",
                    made ? "or create " : "", path);
    std::vector<YamlNode*> fields;
    try {
      fields = match_path(resource.node, split_bracketed_path(path, '.'), made);
    } catch (const Error& error) {
      throw error.in(fault);
    }
    if (fields.empty()) fail(ErrorCode::invalid, "{}", fault);
    for (YamlNode* field : fields) {
      set(resource.node, *field, value, target.options);
    }
  }
}

void ReplacementTransformer::transform(ResourceMap& resources) {
  for (const Replacement& replacement : replacements_) {
    if ((!replacement.source_value && !replacement.source) ||
        replacement.targets.empty()) {
      fail(ErrorCode::invalid,
           "replacements must specify a source and at least one target");
    }
    const YamlNode value = value_of(replacement, resources);
    for (const Replacement::Target& target : replacement.targets) {
      if (!target.select) {
        fail(ErrorCode::invalid, "target must specify resources to select");
      }
      for (auto& resource : resources.resources()) {
        if (is_target(*resource, target)) copy_to(*resource, value, target);
      }
    }
  }
  resources.ids_changed();
}

// One replacement or a list of them, from a file.
std::vector<Replacement> read_replacements(std::string_view text) {
  auto read = read_yaml(text, YamlRead::first_document);
  if (const auto* problem = std::get_if<YamlProblem>(&read)) {
    fail(problem->code, "error converting YAML to JSON: {}", problem->go_text);
  }
  const auto& documents = std::get<std::vector<Json>>(read);
  const Json document = documents.empty() ? Json() : documents.front();
  if (!document.is_structured()) {
    fail(ErrorCode::invalid,
         "unsupported replacement type encountered within replacement path: {}",
         document.is_null()     ? "invalid"
         : document.is_string() ? "string"
         : document.is_number() ? "float64"
                                : "bool");
  }
  std::vector<Replacement> replacements;
  GoDecoder decoder(true);
  const auto add = [&](const Json& json) {
    GoObject in(decoder, json, "types.Replacement");
    read_replacement(in, replacements.emplace_back());
  };
  if (document.is_array()) {
    for (const Json& each : document) add(each);
  } else {
    add(document);
  }
  if (decoder.fault()) {
    fail(ErrorCode::invalid, "error unmarshaling JSON: while decoding JSON: {}",
         *decoder.fault());
  }
  return replacements;
}

}  // namespace

TransformerPointer make_replacement_transformer(
    const std::vector<Replacement>& replacements,
    const TransformerContext& context) {
  std::vector<Replacement> all;
  for (const Replacement& replacement : replacements) {
    if (replacement.path.empty()) {
      all.push_back(replacement);
      continue;
    }
    if (replacement.source || !replacement.targets.empty()) {
      fail(ErrorCode::invalid,
           "cannot specify both path and inline replacement");
    }
    for (Replacement& each :
         read_replacements(context.load(replacement.path))) {
      all.push_back(std::move(each));
    }
  }
  return std::make_unique<ReplacementTransformer>(std::move(all));
}

}  // namespace skerry::chart::kustomize
