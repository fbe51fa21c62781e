// The syntax tree: what a Jenkinsfile says, before asking whether it may.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "expression.h"

namespace skerry::ci {

struct Statement;
struct Argument;

struct Node {
  enum class Kind {
    literal,    // `value`
    text,       // `children` concatenated
    name,       // `name`: "scm", "env.X", "a.b.c"
    list,       // `children`
    map,        // `keys` and `children`
    call,       // name(arguments) { block }
    method,     // children[0].name(arguments)
    block,      // { block } as a value
    operation,  // name: "+", "!", "&&", "||", "==", "!=", "?:", "? :"
  };
  Kind kind = Kind::literal;
  Place place;
  std::string name;
  Value value;
  std::vector<std::string> keys;
  std::vector<Node> children;
  std::vector<Argument> arguments;
  std::vector<Statement> block;
  bool has_block = false;
  bool has_parentheses = false;
};

struct Argument {
  std::string name;  // empty: by position
  Place place;
  Node value;
};

struct Statement {
  enum class Kind {
    expression,   // `node`
    assignment,   // name = node
    result,       // return node
    unsupported,  // a statement of Groovy: `name` is "def", "if", ...
  };
  Kind kind = Kind::expression;
  Place place;
  std::string name;
  Node node;

  // A call or a plain name: what sections, directives and steps look like.
  bool is_call() const {
    return kind == Kind::expression &&
           (node.kind == Node::Kind::call || node.kind == Node::Kind::name);
  }
};

}  // namespace skerry::ci
