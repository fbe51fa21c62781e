#include "gotemplate/node.h"

#include <fmt/format.h>

#include <algorithm>

#include "gotemplate/lexer.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

void write(std::string& out, const Node& node);

void write_command(std::string& out, const Node& node) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += ' ';
    bool nested = node.children[i]->type == NodeType::pipeline;
    if (nested) out += '(';
    write(out, *node.children[i]);
    if (nested) out += ')';
  }
}

void write_pipeline(std::string& out, const Node& node) {
  for (std::size_t i = 0; i < node.declarations.size(); ++i) {
    if (i > 0) out += ", ";
    write(out, *node.declarations[i]);
  }
  if (!node.declarations.empty()) out += node.is_assignment ? " = " : " := ";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += " | ";
    write_command(out, *node.children[i]);
  }
}

void write_chain(std::string& out, const Node& node) {
  bool nested = node.children[0]->type == NodeType::pipeline;
  if (nested) out += '(';
  write(out, *node.children[0]);
  if (nested) out += ')';
  for (auto& name : node.names) out += "." + name;
}

void write_branch(std::string& out, const Node& node) {
  out += node.type == NodeType::if_branch      ? "{{if "
         : node.type == NodeType::range_branch ? "{{range "
                                               : "{{with ";
  write(out, *node.pipeline);
  out += "}}";
  write(out, *node.body);
  if (node.otherwise) {
    out += "{{else}}";
    write(out, *node.otherwise);
  }
  out += "{{end}}";
}

void write_variable(std::string& out, const Node& node) {
  for (std::size_t i = 0; i < node.names.size(); ++i) {
    if (i > 0) out += '.';
    out += node.names[i];
  }
}

void write(std::string& out, const Node& node) {
  switch (node.type) {
    case NodeType::list:
      for (auto& child : node.children) write(out, *child);
      return;
    case NodeType::pipeline:
      return write_pipeline(out, node);
    case NodeType::command:
      return write_command(out, node);
    case NodeType::chain:
      return write_chain(out, node);
    case NodeType::variable:
      return write_variable(out, node);
    case NodeType::if_branch:
    case NodeType::range_branch:
    case NodeType::with_branch:
      return write_branch(out, node);
    case NodeType::action:
      out += "{{";
      write(out, *node.pipeline);
      out += "}}";
      return;
    case NodeType::template_call:
      out += "{{template " + quote(node.text);
      if (node.pipeline) {
        out += ' ';
        write(out, *node.pipeline);
      }
      out += "}}";
      return;
    case NodeType::field:
      for (auto& name : node.names) out += "." + name;
      return;
    case NodeType::dot:
      out += '.';
      return;
    case NodeType::nil:
      out += "nil";
      return;
    case NodeType::boolean:
      out += node.constant.boolean() ? "true" : "false";
      return;
    case NodeType::break_loop:
      out += "{{break}}";
      return;
    case NodeType::continue_loop:
      out += "{{continue}}";
      return;
    case NodeType::end:
      out += "{{end}}";
      return;
    case NodeType::else_branch:
      out += "{{else}}";
      return;
    case NodeType::text:
    case NodeType::identifier:
    case NodeType::number:
    case NodeType::string:
      out += node.text;
      return;
  }
}

}  // namespace

std::string Node::to_string() const {
  std::string out;
  write(out, *this);
  return out;
}

std::string Template::location(const Node& node) const {
  auto before = std::string_view(*source).substr(0, node.position);
  auto lines = std::count(before.begin(), before.end(), '\n');
  auto newline = before.rfind('\n');
  auto column =
      newline == before.npos ? node.position : node.position - newline - 1;
  return fmt::format("{}:{}:{}", parse_name, lines + 1, column);
}

bool is_empty(const Node& node) {
  if (node.type == NodeType::text) {
    return node.text.find_first_not_of(" \t\r\n\v\f") == std::string::npos;
  }
  if (node.type != NodeType::list) return false;
  return std::all_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return is_empty(*child); });
}

}  // namespace skerry::chart
