#include "kustomize/node_fields.h"

#include <algorithm>

#include "core/error.h"
#include "core/text/yaml_scalar.h"
#include "gotemplate/print.h"

namespace skerry::chart::kustomize {
namespace {

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::scalar:
      return "ScalarNode";
    case YamlNode::Kind::mapping:
      return "MappingNode";
    case YamlNode::Kind::sequence:
      return "SequenceNode";
  }
  return "";
}

bool needs_quotes(const YamlNode& node) {
  if (node.tag == YamlTag::text && resolve_yaml_tag(node.text) != YamlTag::text)
    return true;
  return node.text.empty()
             ? node.tag != YamlTag::null
             : yaml_needs_quotes(node.text) && node.tag == YamlTag::text;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

void describe_scalar(const YamlNode& node, std::string_view indent,
                     std::string& out) {
  if (node.text.find('\n') != node.text.npos &&
      node.style != YamlStyle::double_quoted) {
    out += node.text.ends_with('\n') ? "|" : "|-";
    std::string_view rest = node.text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      out += '\n';
      if (end > 0) out.append(indent).append("  ").append(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  } else if (node.style == YamlStyle::single_quoted) {
    out += single_quoted(node.text);
  } else if (node.style == YamlStyle::double_quoted || needs_quotes(node)) {
    out += quote(node.text);
  } else {
    out += node.text;
  }
}

// "{a: 1, b: [c]}"
void describe_flow(const YamlNode& node, std::string& out) {
  if (node.is_scalar()) return describe_scalar(node, "", out);
  out += node.is_mapping() ? '{' : '[';
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool is_value = node.is_mapping() && i % 2 == 1;
    if (i > 0) out += is_value ? ": " : ", ";
    describe_flow(node.children[i], out);
  }
  out += node.is_mapping() ? '}' : ']';
}

void describe(const YamlNode& node, std::string indent, bool is_nested,
              std::string& out) {
  if (node.is_scalar()) {
    if (is_nested && !(node.text.empty() && node.is_null())) out += ' ';
    describe_scalar(node, indent, out);
    out += '\n';
    return;
  }
  if (node.children.empty() || node.style == YamlStyle::flow) {
    out += is_nested ? " " : "";
    describe_flow(node, out);
    out += '\n';
    return;
  }
  // The first line of a mapping in a list stands behind the dash.
  bool on_new_line = !out.empty() && out.back() != '\n' && is_nested;
  const std::size_t step = node.is_mapping() ? 2 : 1;
  for (std::size_t i = 0; i + step <= node.children.size(); i += step) {
    if (on_new_line && i == 0 && out.back() == '-') {
      out += ' ';
    } else {
      if (on_new_line && i == 0) out += '\n';
      out += indent;
    }
    if (node.is_mapping()) {
      describe_scalar(node.children[i], indent, out);
      out += ':';
      const YamlNode& value = node.children[i + 1];
      describe(value, value.is_sequence() ? indent : indent + "  ", true, out);
    } else {
      out += '-';
      describe(node.children[i], indent + "  ", true, out);
    }
  }
}

}  // namespace

void expect_kind(const YamlNode& node, YamlNode::Kind kind) {
  if (node.is_null() || node.kind == kind) return;
  fail(ErrorCode::invalid,
       "wrong node kind: expected {} but got {}: node contents:\n{}",
       kind_name(kind), kind_name(node.kind), describe_node(node));
}

std::string describe_node(const YamlNode& node) {
  std::string out;
  describe(node, "", false, out);
  return out;
}

bool is_yaml_1_1_typed(std::string_view text) {
  if (text.empty() || text.find('\n') != text.npos) return false;
  switch (resolve_yaml_scalar(text).kind) {
    case YamlKind::null:
    case YamlKind::boolean:
    case YamlKind::integer:
    case YamlKind::unsigned_integer:
    case YamlKind::number:
      return true;
    default:
      return false;
  }
}

YamlNode make_tagged_scalar(std::string_view text, YamlTag tag) {
  YamlNode node;
  node.text = text;
  node.tag = tag;
  return node;
}

void set_entry(YamlNode& root, YamlNode& mapping, std::string_view key,
               const YamlNode& value, std::uint32_t twin) {
  expect_kind(mapping, YamlNode::Kind::mapping);
  if (YamlNode* existing = mapping.find(key)) {
    set_scalar(root, *existing, value);
    return;
  }
  YamlNode added = value;
  if (added.is_string() && added.style == YamlStyle::plain &&
      is_yaml_1_1_typed(added.text)) {
    added.style = YamlStyle::double_quoted;
  }
  added.twin = twin;
  mapping.children.push_back(make_yaml_scalar(key));
  mapping.children.push_back(std::move(added));
}

void set_scalar(YamlNode& root, YamlNode& scalar, const YamlNode& value) {
  scalar.kind = YamlNode::Kind::scalar;
  scalar.children.clear();
  scalar.text = value.text;
  scalar.tag = value.tag;
  update_twins(root, scalar);
}

void update_twins(YamlNode& root, const YamlNode& target) {
  if (target.twin == 0) return;
  if (&root != &target && root.twin == target.twin) root = target;
  for (YamlNode& child : root.children) update_twins(child, target);
}

std::uint32_t unused_twin(const YamlNode& root) {
  std::uint32_t unused = root.twin + 1;
  for (const YamlNode& child : root.children) {
    unused = std::max(unused, unused_twin(child));
  }
  return unused;
}

}  // namespace skerry::chart::kustomize
