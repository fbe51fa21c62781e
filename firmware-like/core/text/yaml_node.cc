#include "core/text/yaml_node.h"

#include <algorithm>
#include <array>

#include "core/text/encoding.h"
#include "core/text/float_text.h"
#include "core/text/unicode.h"
#include "core/text/yaml_scalar.h"

namespace skerry {

const YamlNode* YamlNode::find(std::string_view key) const {
  if (!is_mapping()) return nullptr;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    if (children[i].text == key && children[i].is_scalar()) {
      return &children[i + 1];
    }
  }
  return nullptr;
}

YamlNode* YamlNode::find(std::string_view key) {
  return const_cast<YamlNode*>(std::as_const(*this).find(key));
}

const YamlNode* YamlNode::find_path(
    std::initializer_list<std::string_view> keys) const {
  const YamlNode* node = this;
  for (auto key : keys) {
    node = node->find(key);
    if (!node) return nullptr;
  }
  return node;
}

YamlNode* YamlNode::find_path(std::initializer_list<std::string_view> keys) {
  return const_cast<YamlNode*>(std::as_const(*this).find_path(keys));
}

const std::string& YamlNode::text_of(std::string_view key) const {
  static const std::string kNone;
  const YamlNode* value = find(key);
  return value && value->is_scalar() ? value->text : kNone;
}

YamlNode& YamlNode::set(std::string_view key, YamlNode value) {
  if (YamlNode* old = find(key)) {
    *old = std::move(value);
    return *old;
  }
  children.push_back(make_yaml_scalar(key));
  children.push_back(std::move(value));
  return children.back();
}

YamlNode& YamlNode::get_or_make(std::string_view key, Kind made) {
  YamlNode* old = find(key);
  if (old && !old->is_null()) return *old;
  YamlNode node;
  node.kind = made;
  return set(key, std::move(node));
}

bool YamlNode::erase(std::string_view key) {
  if (!is_mapping()) return false;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    if (children[i].text != key || !children[i].is_scalar()) continue;
    auto at = children.begin() + static_cast<std::ptrdiff_t>(i);
    children.erase(at, at + 2);
    return true;
  }
  return false;
}

YamlNode make_yaml_scalar(std::string_view text) {
  YamlNode node;
  node.text = text;
  return node;
}

YamlNode make_yaml_text(std::string_view text) {
  YamlNode node;
  if (unicode::is_valid(text)) {
    node.tag = YamlTag::text;
    node.text = text;
  } else {
    node.tag = YamlTag::binary;
    node.has_explicit_tag = true;
    node.text = to_base64(text);
  }
  if (node.text.find('\n') != node.text.npos) node.style = YamlStyle::literal;
  return node;
}

YamlNode make_yaml_null() {
  YamlNode node;
  node.tag = YamlTag::null;
  node.text = "null";
  return node;
}

YamlNode make_yaml_mapping() {
  YamlNode node;
  node.kind = YamlNode::Kind::mapping;
  return node;
}

YamlNode make_yaml_sequence() {
  YamlNode node;
  node.kind = YamlNode::Kind::sequence;
  return node;
}

namespace {

YamlNode make_tagged(YamlTag tag, std::string text) {
  YamlNode node;
  node.tag = tag;
  node.text = std::move(text);
  return node;
}

// As go-yaml 3 writes numbers: 1e+06 for a million.
YamlNode make_number(double value) {
  std::string text = format_float_g(value);
  YamlTag tag = resolve_yaml_tag(text);
  return make_tagged(tag, std::move(text));
}

}  // namespace

YamlNode yaml_node_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: {
      YamlNode node = make_yaml_mapping();
      for (auto& [key, member] : value.items()) {
        node.children.push_back(make_yaml_text(key));
        node.children.push_back(yaml_node_of(member));
      }
      return node;
    }
    case Json::value_t::array: {
      YamlNode node = make_yaml_sequence();
      for (auto& item : value) node.children.push_back(yaml_node_of(item));
      return node;
    }
    case Json::value_t::string:
      return make_yaml_text(value.get_ref<const std::string&>());
    case Json::value_t::boolean:
      return make_tagged(YamlTag::boolean, value.get<bool>() ? "true" : "false");
    case Json::value_t::number_integer:
      return make_tagged(YamlTag::integer,
                         fmt::to_string(value.get<std::int64_t>()));
    case Json::value_t::number_unsigned:
      return make_tagged(YamlTag::integer,
                         fmt::to_string(value.get<std::uint64_t>()));
    case Json::value_t::number_float:
      return make_number(value.get<double>());
    default:
      return make_yaml_null();
  }
}

bool operator==(const YamlNode& a, const YamlNode& b) {
  return a.kind == b.kind && a.tag == b.tag && a.text == b.text &&
         a.children == b.children;
}

YamlTag resolve_yaml_tag(std::string_view text) {
  switch (resolve_yaml_scalar(text).kind) {
    case YamlKind::null: return YamlTag::null;
    case YamlKind::boolean:
      // Of YAML 1.1's words, go-yaml 3 keeps only these.
      return text[0] == 't' || text[0] == 'T' || text[0] == 'f' ||
                     text[0] == 'F'
                 ? YamlTag::boolean
                 : YamlTag::text;
    case YamlKind::integer:
    case YamlKind::unsigned_integer: return YamlTag::integer;
    case YamlKind::number: return YamlTag::number;
    case YamlKind::timestamp: return YamlTag::timestamp;
    case YamlKind::merge: return YamlTag::merge;
    case YamlKind::text: break;
  }
  return text == "<<" ? YamlTag::merge : YamlTag::text;
}

std::string_view yaml_tag_name(YamlTag tag) {
  constexpr std::array<std::string_view, 9> kNames = {
      "",       "!!str",       "!!int",    "!!float", "!!bool",
      "!!null", "!!timestamp", "!!binary", "!!merge"};
  return kNames[static_cast<std::size_t>(tag)];
}

}  // namespace skerry
