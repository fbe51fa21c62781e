#include "kustomize/node_path.h"

#include <re2/re2.h>

#include <algorithm>

#include "core/error.h"
#include "core/text/number.h"
#include "gotemplate/print.h"
#include "kustomize/node_fields.h"

namespace skerry::chart::kustomize {
namespace {

using Kind = YamlNode::Kind;

// strconv.Atoi
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  return parse_number<std::int64_t>(text);
}

bool is_index(std::string_view part) {
  const auto number = whole_number(part);
  return number && *number >= 0;
}

bool is_item_name(std::string_view part) {
  return part.size() >= 1 && part.starts_with('[') && part.ends_with(']');
}

struct ItemName {
  std::string_view field, value;
};

ItemName split_item_name(std::string_view part) {
  if (part.ends_with(']')) part.remove_suffix(1);
  if (part.starts_with('[')) part.remove_prefix(1);
  const std::size_t equals = part.find('=');
  if (equals == part.npos) {
    fail(ErrorCode::invalid,
         "list path element must contain fieldName=fieldValue for element to "
         "match");
  }
  return {part.substr(0, equals), part.substr(equals + 1)};
}

YamlNode* find_item(YamlNode& list, std::string_view part) {
  const ItemName name = split_item_name(part);
  expect_kind(list, Kind::sequence);
  for (YamlNode& item : list.children) {
    if (name.field.empty()) {
      if (item.text == name.value) return &item;
      continue;
    }
    const YamlNode* field = item.find(name.field);
    if (field && field->text == name.value) return &item;
  }
  return nullptr;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// What a node looks like when it is written, for patterns to match.
std::string written(const YamlNode& node) {
  return std::string(trimmed(describe_node(node)));
}

Kind kind_before(const std::string* next, Kind last) {
  if (!next || next->empty()) return last;
  return is_item_name(*next) || is_index(*next) ? Kind::sequence
                                                : Kind::mapping;
}

// Goes along the path and gathers what it matches.
class Matcher {
 public:
  Matcher(const std::vector<std::string>& path, std::optional<Kind> make)
      : path_(path), make_(make) {}

  // Returns whether something matched, also when that was an empty list.
  void at(YamlNode& node, std::size_t depth);
  std::vector<YamlNode*> found() && { return std::move(found_); }

 private:
  const std::string* part(std::size_t depth) const {
    return depth < path_.size() ? &path_[depth] : nullptr;
  }
  YamlNode made(std::size_t depth) const {
    YamlNode node;
    node.kind = kind_before(part(depth + 1), *make_);
    return node;
  }
  void in_field(YamlNode& node, std::size_t depth);
  void in_index(YamlNode& node, std::size_t depth);
  void in_items(YamlNode& node, std::size_t depth);
  void visit_items(YamlNode& node, const ItemName& name, std::size_t depth);

  const std::vector<std::string>& path_;
  const std::optional<Kind> make_;
  std::vector<YamlNode*> found_;
};

void Matcher::at(YamlNode& node, std::size_t depth) {
  const std::string* next = part(depth);
  if (!next) {
    found_.push_back(&node);
  } else if (is_index(*next)) {
    in_index(node, depth);
  } else if (is_item_name(*next)) {
    in_items(node, depth);
  } else if (*next == "*") {
    expect_kind(node, Kind::sequence);
    if (!node.is_sequence()) return;
    for (YamlNode& item : node.children) at(item, depth + 1);
  } else {
    in_field(node, depth);
  }
}

void Matcher::in_field(YamlNode& node, std::size_t depth) {
  const std::string& name = path_[depth];
  if (node.is_null() && !make_) return;
  if (name.empty()) {
    // The empty name stands for a scalar that is empty itself.
    expect_kind(node, Kind::scalar);
    if (node.text.empty()) at(node, depth + 1);
    return;
  }
  expect_kind(node, Kind::mapping);
  YamlNode* field = node.find(name);
  if (!field) {
    if (!make_) return;
    // Into a null, too: what is made there is not seen, as in Kustomize.
    node.children.push_back(make_yaml_scalar(name));
    node.children.push_back(made(depth));
    field = &node.children.back();
  }
  at(*field, depth + 1);
}

void Matcher::in_index(YamlNode& node, std::size_t depth) {
  const auto index = static_cast<std::size_t>(*whole_number(path_[depth]));
  expect_kind(node, Kind::sequence);
  if (node.children.size() == index && make_) {
    node.children.push_back(made(depth));
  }
  if (node.children.size() <= index) {
    fail(ErrorCode::invalid, "index {} specified but only {} elements found",
         index, node.children.size());
  }
  at(node.children[index], depth + 1);
}

void Matcher::in_items(YamlNode& node, std::size_t depth) {
  const ItemName name = split_item_name(path_[depth]);
  const std::size_t before = found_.size();
  visit_items(node, name, depth);
  if (!make_ || found_.size() > before) return;
  expect_kind(node, Kind::sequence);
  YamlNode item = make_yaml_scalar(name.value);
  if (!name.field.empty()) {
    YamlNode mapping = make_yaml_mapping();
    mapping.set(name.field, std::move(item));
    item = std::move(mapping);
  }
  // The new item is found in turn, unless its pattern does not match itself.
  node.children.push_back(std::move(item));
  visit_items(node, name, depth);
  if (found_.size() == before) {
    fail(ErrorCode::invalid, "the item {} that was made for it does not match",
         path_[depth]);
  }
}

void Matcher::visit_items(YamlNode& node, const ItemName& name,
                          std::size_t depth) {
  expect_kind(node, Kind::sequence);
  if (!node.is_sequence() || node.children.empty()) return;
  const RE2 pattern{std::string(name.value), RE2::Quiet};
  if (!pattern.ok()) {
    fail(ErrorCode::invalid, "error parsing regexp: {}: `{}`", pattern.error(),
         name.value);
  }
  for (YamlNode& item : node.children) {
    if (name.field.empty()) {
      if (RE2::PartialMatch(written(item), pattern)) found_.push_back(&item);
      continue;
    }
    const YamlNode* field = item.find(name.field);
    if (field && RE2::PartialMatch(written(*field), pattern)) {
      at(item, depth + 1);
    }
  }
}

}  // namespace

YamlNode* find_part(YamlNode& node, std::string_view part) {
  part = trimmed(part);
  if (part.empty()) return &node;
  if (const auto index = whole_number(part)) {
    if (*index < 0) {
      fail(ErrorCode::invalid, "array index {} cannot be negative", *index);
    }
    expect_kind(node, Kind::sequence);
    const auto at = static_cast<std::size_t>(*index);
    return at < node.children.size() ? &node.children[at] : nullptr;
  }
  if (part == "-") {
    expect_kind(node, Kind::sequence);
    if (node.children.empty()) {
      fail(ErrorCode::invalid, "the list has no last element");
    }
    return &node.children.back();
  }
  if (part == "*") {
    fail(ErrorCode::invalid, "wildcard is not supported in PathGetter");
  }
  if (is_item_name(part)) return find_item(node, part);
  if (node.is_null()) return nullptr;
  expect_kind(node, Kind::mapping);
  return node.find(part);
}

YamlNode* find_by_path(YamlNode& node, const std::vector<std::string>& path) {
  YamlNode* at = &node;
  for (const std::string& part : path) {
    at = find_part(*at, part);
    if (!at) return nullptr;
  }
  return at;
}

std::vector<YamlNode*> match_path(YamlNode& node,
                                  const std::vector<std::string>& path,
                                  std::optional<YamlNode::Kind> make) {
  Matcher matcher(path, make);
  matcher.at(node, 0);
  return std::move(matcher).found();
}

}  // namespace skerry::chart::kustomize
