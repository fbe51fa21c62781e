#include <fmt/format.h>

#include <optional>

#include "gotemplate/constant.h"
#include "gotemplate/error.h"
#include "gotemplate/parsing.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

// Go allows 10,000; our stack is smaller than Go's.
constexpr int kMaxParenthesisDepth = 1'000;

}  // namespace

// Takes "$x :=", "$x =" or "$i," off the front; true when another declaration
// may follow.
bool Parser::declaration(Node& pipe, std::string_view context) {
  if (peek_non_space().type != TokenType::variable) return false;
  Token name = next();
  Token after = peek();
  Token sign = peek_non_space();
  bool assigns = sign.type == TokenType::assign;
  bool is_comma = sign.type == TokenType::character && sign.text == ",";
  if (!assigns && sign.type != TokenType::declare && !is_comma) {
    if (after.type == TokenType::space) {
      backup3(std::move(name), std::move(after));
    } else {
      backup2(std::move(name));
    }
    return false;
  }
  if (!is_comma) pipe.is_assignment = assigns;
  next_non_space();
  NodePtr declared = make(NodeType::variable, name.position);
  declared->names = {name.text};
  pipe.declarations.push_back(std::move(declared));
  variables_.push_back(name.text);
  if (!is_comma) return false;
  if (context == "range" && pipe.declarations.size() < 2) {
    TokenType follows = peek_non_space().type;
    if (follows == TokenType::variable ||
        follows == TokenType::right_delimiter ||
        follows == TokenType::right_parenthesis) {
      return true;
    }
    fail("range can only initialize variables");
  }
  fail(fmt::format("too many declarations in {}", context));
}

NodePtr Parser::pipeline(std::string_view context, TokenType end) {
  NodePtr pipe = make(NodeType::pipeline, peek_non_space().position);
  while (declaration(*pipe, context)) {
  }
  for (;;) {
    Token token = next_non_space();
    if (token.type == end) {
      check_pipeline(*pipe, context);
      return pipe;
    }
    switch (token.type) {
      case TokenType::boolean:
      case TokenType::character_constant:
      case TokenType::complex:
      case TokenType::dot:
      case TokenType::field:
      case TokenType::identifier:
      case TokenType::number:
      case TokenType::nil:
      case TokenType::raw_string:
      case TokenType::string:
      case TokenType::variable:
      case TokenType::left_parenthesis:
        backup();
        pipe->children.push_back(command());
        break;
      default:
        unexpected(token, context);
    }
  }
}

void Parser::check_pipeline(const Node& pipe, std::string_view context) {
  if (pipe.children.empty()) {
    fail(fmt::format("missing value for {}", context));
  }
  for (std::size_t i = 1; i < pipe.children.size(); ++i) {
    switch (pipe.children[i]->children[0]->type) {
      case NodeType::boolean:
      case NodeType::dot:
      case NodeType::nil:
      case NodeType::number:
      case NodeType::string:
        fail(fmt::format("non executable command in pipeline stage {}", i + 1));
      default:
        break;
    }
  }
}

NodePtr Parser::command() {
  NodePtr node = make(NodeType::command, peek_non_space().position);
  for (;;) {
    peek_non_space();
    if (NodePtr argument = operand()) {
      node->children.push_back(std::move(argument));
    }
    Token token = next();
    if (token.type == TokenType::space) continue;
    if (token.type == TokenType::right_delimiter ||
        token.type == TokenType::right_parenthesis) {
      backup();
    } else if (token.type != TokenType::pipe) {
      unexpected(token, "operand");
    }
    break;
  }
  if (node->children.empty()) fail("empty command");
  return node;
}

NodePtr Parser::operand() {
  NodePtr node = term();
  if (!node || peek().type != TokenType::field) return node;
  return chain_fields(std::move(node));
}

// "(x).a.b", "$x.a.b" and ".x.a.b"
NodePtr Parser::chain_fields(NodePtr node) {
  std::size_t position = peek().position;
  std::vector<std::string> fields;
  while (peek().type == TokenType::field) {
    fields.push_back(next().text.substr(1));
  }
  switch (node->type) {
    case NodeType::field:
    case NodeType::variable:
      node->position = position;
      node->names.insert(node->names.end(), fields.begin(), fields.end());
      return node;
    case NodeType::boolean:
    case NodeType::string:
    case NodeType::number:
    case NodeType::nil:
    case NodeType::dot:
      fail("unexpected . after term " + quote(node->to_string()));
    default:
      break;
  }
  NodePtr chain = make(NodeType::chain, position);
  chain->children.push_back(std::move(node));
  chain->names = std::move(fields);
  return chain;
}

NodePtr Parser::term() {
  Token token = next_non_space();
  switch (token.type) {
    case TokenType::identifier:
      return identifier(token);
    case TokenType::dot:
      return make(NodeType::dot, token.position);
    case TokenType::nil:
      return make(NodeType::nil, token.position);
    case TokenType::variable:
      return variable(token);
    case TokenType::field: {
      NodePtr node = make(NodeType::field, token.position);
      node->names = {token.text.substr(1)};
      return node;
    }
    case TokenType::boolean: {
      NodePtr node = make(NodeType::boolean, token.position);
      node->constant = Value(token.text == "true");
      return node;
    }
    case TokenType::character_constant:
    case TokenType::complex:
    case TokenType::number:
      return number(token);
    case TokenType::left_parenthesis: {
      if (++parenthesis_depth_ > kMaxParenthesisDepth) {
        fail("max expression depth exceeded");
      }
      NodePtr node =
          pipeline("parenthesized pipeline", TokenType::right_parenthesis);
      --parenthesis_depth_;
      return node;
    }
    case TokenType::string:
    case TokenType::raw_string:
      return string(token);
    default:
      backup();
      return nullptr;
  }
}

NodePtr Parser::identifier(const Token& token) {
  const Function* function = functions_.find(token.text);
  if (!function) fail("function " + quote(token.text) + " not defined");
  if (!function->call) {
    fail("function " + quote(token.text) + " is not supported by Skerry yet");
  }
  NodePtr node = make(NodeType::identifier, token.position);
  node->text = token.text;
  node->function = function;
  return node;
}

NodePtr Parser::variable(const Token& token) {
  NodePtr node = make(NodeType::variable, token.position);
  node->names = {token.text};
  for (auto& known : variables_) {
    if (known == token.text) return node;
  }
  fail("undefined variable " + quote(token.text));
}

NodePtr Parser::number(const Token& token) {
  NodePtr node = make(NodeType::number, token.position);
  node->text = token.text;
  std::string problem = parse_number(token, node->number, node->constant);
  if (!problem.empty()) fail(problem);
  return node;
}

NodePtr Parser::string(const Token& token) {
  auto text = unquote(token.text);
  if (!text) fail("invalid syntax");
  NodePtr node = make(NodeType::string, token.position);
  node->text = token.text;
  node->constant = Value(std::move(*text));
  return node;
}

}  // namespace skerry::chart
