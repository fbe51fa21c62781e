// The syntax tree of a template. Immutable once parsed; shared by threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gotemplate/value.h"

namespace skerry::chart {

enum class NodeType : std::uint8_t {
  list,
  text,
  action,
  pipeline,
  command,
  identifier,
  variable,
  dot,
  nil,
  field,
  chain,
  boolean,
  number,
  string,
  if_branch,
  range_branch,
  with_branch,
  template_call,
  break_loop,
  continue_loop,
  end,          // only while parsing
  else_branch,  // only while parsing
};

struct Node;
using NodePtr = std::unique_ptr<Node>;
struct Function;

// A parsed number constant: Go keeps every type that it fits.
struct NumberConstant {
  bool is_integer = false, is_unsigned = false, is_float = false;
  std::int64_t integer = 0;
  std::uint64_t unsigned_integer = 0;
  double number = 0;
};

struct Node {
  Node(NodeType node_type, std::size_t node_position)
      : type(node_type), position(node_position) {}

  NodeType type;
  std::size_t position;  // in the source, in bytes
  // text: the text; identifier: the name; string, number: the source text;
  // template_call: the template's name
  std::string text;
  // list: its nodes; pipeline: its commands; command: its arguments; chain: the
  // one node that the fields are taken of
  std::vector<NodePtr> children;
  // variable: "$x" and fields; field, chain: the fields
  std::vector<std::string> names;
  // pipeline: the declared or assigned variables
  std::vector<NodePtr> declarations;
  bool is_assignment = false;
  // identifier: what it calls
  const Function* function = nullptr;
  // boolean, string: the constant; number: as Go types it without context
  Value constant;
  NumberConstant number;
  // action, branches, template_call
  NodePtr pipeline;
  NodePtr body, otherwise;  // branches

  // The source as Go's String() writes it, for error messages.
  std::string to_string() const;
};

// One named template.
struct Template {
  std::string name;
  std::string parse_name;                    // the file it stands in
  std::shared_ptr<const std::string> source;  // of the whole file
  NodePtr root;

  // "chart/templates/x.yaml:12:34"
  std::string location(const Node& node) const;
};
using TemplatePtr = std::shared_ptr<const Template>;

// True when there is nothing but space and comments in it.
bool is_empty(const Node& node);

}  // namespace skerry::chart
