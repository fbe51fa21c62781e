#include "kustomize/field_filter.h"

#include "core/error.h"
#include "kustomize/node_fields.h"
#include "kustomize/node_path.h"
#include "kustomize/resource_id.h"

namespace skerry::chart::kustomize {
namespace {

std::string object_text(const YamlNode& root) {
  ResourceId id;
  id.gvk = make_gvk(root.text_of("apiVersion"), root.text_of("kind"));
  if (const YamlNode* metadata = root.find("metadata")) {
    id.name = metadata->text_of("name");
    id.name_space = metadata->text_of("namespace");
  }
  return id.text();
}

bool selects(const Gvk& gvk, const YamlNode& root) {
  if (!gvk.kind.empty() && gvk.kind != root.text_of("kind")) return false;
  if (gvk.group.empty() && gvk.version.empty()) return true;
  const std::string_view api_version = root.text_of("apiVersion");
  const std::size_t slash = api_version.find('/');
  const std::string_view group =
      slash == api_version.npos ? "" : api_version.substr(0, slash);
  const std::string_view version =
      slash == api_version.npos ? api_version : api_version.substr(slash + 1);
  return (gvk.group.empty() || gvk.group == group) &&
         (gvk.version.empty() || gvk.version == version);
}

}  // namespace

// The way along one path of one resource.
struct FieldFilter::Visit {
  YamlNode& root;
  const std::vector<std::string>& path;
  const std::optional<Made>& made;  // set when fields are to be made
  const Use& use;

  void at(YamlNode& node, std::size_t depth) const;
  void in_mapping(YamlNode& node, std::size_t depth) const;
};

void FieldFilter::Visit::at(YamlNode& node, std::size_t depth) const {
  if (depth == path.size()) return use(root, node);
  if (node.is_null()) return;
  if (node.is_mapping()) return in_mapping(node, depth);
  if (!node.is_sequence()) {
    fail(ErrorCode::invalid, "expected sequence or mapping node");
  }
  try {
    for (YamlNode& item : node.children) at(item, depth);
  } catch (const Error& error) {
    const std::vector<std::string> rest(
        path.begin() + static_cast<std::ptrdiff_t>(depth), path.end());
    throw error.in(
        fmt::format("visit traversal on path: [{}]", fmt::join(rest, " ")));
  }
}

void FieldFilter::Visit::in_mapping(YamlNode& node, std::size_t depth) const {
  std::string_view name = path[depth];
  const bool is_list = name.ends_with("[]");
  if (is_list) name.remove_suffix(2);
  if (name.empty()) {
    fail(ErrorCode::invalid, "cannot set or create an empty field name");
  }
  // Also what a null becomes.
  std::optional<Made> kind;
  if (is_list) {
    kind = Made{YamlNode::Kind::sequence, YamlTag::none};
  } else if (made) {
    kind = depth + 1 == path.size()
               ? *made
               : Made{YamlNode::Kind::mapping, YamlTag::none};
  }
  YamlNode* field = nullptr;
  try {
    field = find_part(node, name);
  } catch (const Error& error) {
    throw error.in(fmt::format("fieldName: {}", name));
  }
  if (!field) {
    if (!made || is_list) return;
    YamlNode added;
    added.kind = kind->kind;
    node.children.push_back(make_yaml_scalar(name));
    node.children.push_back(std::move(added));
    field = &node.children.back();
  }
  if (kind && field->is_null()) {
    field->kind = kind->kind;
    field->tag = kind->tag;
    if (!field->is_scalar()) field->text.clear();
  }
  at(*field, depth + 1);
}

FieldFilter::FieldFilter(FieldSpecs specs, std::optional<Made> made)
    : specs_(std::move(specs)), made_(made) {
  for (const FieldSpec& spec : specs_) {
    paths_.push_back(split_path(spec.path, '/'));
  }
}

void FieldFilter::apply(YamlNode& root, const Use& use) const {
  const std::optional<Made> nothing;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (!selects(specs_[i].gvk, root)) continue;
    try {
      Visit{root, paths_[i], specs_[i].create ? made_ : nothing, use}.at(root,
                                                                         0);
    } catch (const Error& error) {
      throw error.in(fmt::format("considering field '{}' of object {}",
                                 specs_[i].path, object_text(root)));
    }
  }
}

std::vector<std::string> split_path(std::string_view path, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find(separator, start), path.size());
    parts.emplace_back(path.substr(start, end - start));
    start = end + 1;
  }
  if (parts.size() > 1 && parts.front().empty()) parts.erase(parts.begin());
  std::vector<std::string> joined = {parts.front()};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (joined.back().ends_with('\\')) {
      joined.back().back() = separator;
      joined.back() += parts[i];
    } else {
      joined.push_back(parts[i]);
    }
  }
  return joined;
}

std::vector<std::string> split_bracketed_path(std::string_view path,
                                              char separator) {
  const std::vector<std::string> parts = split_path(path, separator);
  std::vector<std::string> joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].starts_with('[') || parts[i].ends_with(']')) {
      joined.push_back(parts[i]);
      continue;
    }
    std::string whole = parts[i];
    while (i + 1 < parts.size()) {
      whole += separator;
      whole += parts[++i];
      if (parts[i].ends_with(']')) break;
    }
    if (whole.find('=') == whole.npos) {
      const std::size_t first = whole.find_first_not_of("[]");
      const std::size_t last = whole.find_last_not_of("[]");
      whole = first == whole.npos ? "" : whole.substr(first, last - first + 1);
    }
    joined.push_back(std::move(whole));
  }
  return joined;
}

}  // namespace skerry::chart::kustomize
