#include "kustomize/variables.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <variant>

#include "core/error.h"
#include "core/text/float_text.h"
#include "core/text/number.h"
#include "core/text/yaml_scalar.h"
#include "kustomize/field_filter.h"

namespace skerry::chart::kustomize {

namespace {

// A value as it replaces a field that is nothing but $(NAME).
struct Typed {
  YamlTag tag = YamlTag::text;
  std::string text;
};
// Nothing for lists and maps, which cannot be put into text.
using Values = std::map<std::string, std::optional<Typed>>;

// "status.items[0].name" -> status, items, 0, name; "\." keeps a dot and
// brackets keep theirs.
std::vector<std::string> split_field_path(const std::string& path) {
  std::vector<std::string> parts;
  for (auto& part : split_bracketed_path(path, '.')) {
    std::size_t open = part.rfind('[');
    bool is_index = open != part.npos && part.back() == ']' &&
                    parse_number<std::uint32_t>(std::string_view(part).substr(
                        open + 1, part.size() - open - 2));
    if (!is_index) {
      parts.push_back(part);
      continue;
    }
    if (open > 0) parts.push_back(part.substr(0, open));
    parts.push_back(part.substr(open + 1, part.size() - open - 2));
  }
  return parts;
}

const YamlNode* find_field(const YamlNode& node, const std::string& path) {
  const YamlNode* found = &node;
  for (auto& part : split_field_path(path)) {
    if (found->is_sequence()) {
      auto index = parse_number<std::size_t>(part);
      if (!index || *index >= found->children.size()) return nullptr;
      found = &found->children[*index];
    } else {
      found = found->find(part);
    }
    if (!found) return nullptr;
  }
  return found;
}

// Nothing when the text is no value of its tag.
std::optional<Typed> typed_value(const YamlNode& node) {
  YamlTag tag = node.tag;
  if (tag == YamlTag::integer) {
    auto number = parse_number<std::int64_t>(node.text);
    if (!number) return {};
    return Typed{tag, fmt::to_string(*number)};
  }
  if (tag == YamlTag::number) {
    auto number = parse_decimal(node.text);
    if (!number) return {};
    return Typed{tag, format_shortest(*number, -400, 400)};
  }
  if (tag == YamlTag::boolean) {
    bool yes = node.text[0] == 't' || node.text[0] == 'T';
    return Typed{tag, yes ? "true" : "false"};
  }
  return Typed{YamlTag::text, node.text};
}

// Puts values in place of $(NAME); "$$" is a "$".
class Replacer {
 public:
  explicit Replacer(const Values& values) : values_(values) {}

  Typed replace(const std::string& input) {
    std::string out;
    std::size_t done = 0;
    for (std::size_t i = 0; i + 1 < input.size(); ++i) {
      if (input[i] != '$') continue;
      out += input.substr(done, i - done);
      std::size_t close = input.npos;
      if (input[i + 1] == '(') close = input.find(')', i + 2);
      if (close != input.npos) {
        std::string name = input.substr(i + 2, close - i - 2);
        Typed value = look_up(name);
        if (i == 0 && close + 1 == input.size()) return value;
        out += value.text;
        i = close;
      } else {
        if (input[i + 1] != '$') out += '$';
        out += input[i + 1];
        ++i;
      }
      done = i + 1;
    }
    return {YamlTag::text, out + input.substr(done)};
  }

  const std::set<std::string>& used() const { return used_; }

 private:
  Typed look_up(const std::string& name) {
    auto found = values_.find(name);
    if (found == values_.end() || !found->second) {
      return {YamlTag::text, "$(" + name + ")"};
    }
    used_.insert(name);
    return *found->second;
  }

  const Values& values_;
  std::set<std::string> used_;
};

void set_value(YamlNode& node, Replacer& replacer) {
  Typed value = replacer.replace(node.text);
  node.text = std::move(value.text);
  node.tag = value.tag;
  node.style = YamlStyle::plain;
  node.has_explicit_tag = false;
}

void replace_in(YamlNode& node, Replacer& replacer) {
  if (node.is_null()) return;
  if (node.is_scalar()) {
    if (node.is_string()) set_value(node, replacer);
    return;
  }
  if (node.is_sequence()) {
    for (auto& item : node.children) {
      if (!item.is_string()) {
        fail(ErrorCode::invalid, "invalid value type expect a string");
      }
      set_value(item, replacer);
    }
    return;
  }
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const YamlNode& key = node.children[i];
    if (!key.is_string()) {
      fail(ErrorCode::invalid, "invalid map key: value='{}', tag='{}'",
           key.text, yaml_tag_name(key.tag));
    }
    if (node.children[i + 1].is_string()) {
      set_value(node.children[i + 1], replacer);
    }
  }
}

// Group and version of the object's apiVersion, when it has one.
void complete(Variable::Object& object) {
  if (object.api_version.empty()) return;
  auto slashes = std::count(object.api_version.begin(),
                            object.api_version.end(), '/');
  if (slashes > 1) return;
  Gvk given = make_gvk(object.api_version, object.gvk.kind);
  object.gvk.version = given.version;
  if (slashes == 1) object.gvk.group = given.group;
}

std::vector<Resource*> find_targets(const Variable::Object& object,
                                    ResourceMap& resources) {
  ResourceId wanted;
  wanted.gvk = object.gvk;
  wanted.name = object.name;
  wanted.name_space = object.name_space;
  if (!wanted.name_space.empty()) return resources.find_any(wanted);
  std::vector<Resource*> found;
  for (auto& one : resources.resources()) {
    auto ids = one->previous_ids();
    ids.push_back(one->id());
    bool matches = std::any_of(ids.begin(), ids.end(), [&](auto& id) {
      return id.name == wanted.name && id.gvk == wanted.gvk;
    });
    if (matches) found.push_back(one.get());
  }
  return found;
}

}  // namespace

std::string describe_variable(const Variable& variable) {
  return fmt::format("{{{} {} {{{}}}}}", variable.name,
                     variable.object.gvk.text(), variable.field_path);
}

void Variables::add_one(Variable variable) {
  if (variables_.contains(variable.name)) {
    fail(ErrorCode::invalid, "var '{}' already encountered", variable.name);
  }
  if (variable.field_path.empty()) variable.field_path = "metadata.name";
  complete(variable.object);
  std::string name = variable.name;
  variables_.emplace(std::move(name), std::move(variable));
}

void Variables::add(const std::vector<Variable>& incoming,
                    ResourceMap& resources) {
  for (auto& given : incoming) {
    Variable variable = given;
    complete(variable.object);
    auto found = find_targets(variable.object, resources);
    if (found.size() > 1) {
      fail(ErrorCode::invalid,
           "found {} resId matches for var {} (unable to disambiguate)",
           found.size(), describe_variable(variable));
    }
    if (found.size() == 1) found[0]->variables.push_back(variable.name);
  }
  for (auto& variable : incoming) add_one(variable);
}

void Variables::merge(const Variables& other) {
  for (auto& [name, variable] : other.variables_) add_one(variable);
}

std::vector<std::string> Variables::resolve(ResourceMap& resources,
                                            const FieldSpecs& fields) const {
  if (variables_.empty()) return {};
  std::unordered_map<std::string, const Resource*> holders;
  for (auto& one : resources.resources()) {
    for (auto& name : one->variables) holders.emplace(name, one.get());
  }
  Values values;
  for (auto& [name, variable] : variables_) {
    auto holder = holders.find(name);
    if (holder == holders.end()) {
      fail(ErrorCode::invalid,
           "var '{}' cannot be mapped to a field in the set of known resources",
           describe_variable(variable));
    }
    const YamlNode* node =
        find_field(holder->second->node, variable.field_path);
    std::optional<Typed> value;
    if (node && node->is_scalar()) value = typed_value(*node);
    if (!node || (node->is_scalar() && !value)) {
      fail(ErrorCode::invalid,
           "field specified in var '{}' not found in corresponding resource",
           describe_variable(variable));
    }
    values.emplace(name, std::move(value));
  }
  Replacer replacer(values);
  FieldFilter filter(fields, std::nullopt);
  for (auto& one : resources.resources()) {
    filter.apply(one->node, [&](YamlNode&, YamlNode& field) {
      replace_in(field, replacer);
    });
  }
  resources.ids_changed();
  std::vector<std::string> unused;
  for (auto& [name, value] : values) {
    if (!replacer.used().contains(name)) unused.push_back(name);
  }
  return unused;
}

}  // namespace skerry::chart::kustomize
