#include "gotemplate/parser.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "gotemplate/constant.h"
#include "gotemplate/error.h"
#include "gotemplate/lexer.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

// Go allows 10,000; our stack is smaller than Go's.
constexpr int kMaxParenthesisDepth = 1'000;
constexpr int kMaxBlockDepth = 1'000;

class Parser {
 public:
  Parser(const std::string& name, std::string_view text,
         const FunctionTable& functions)
      : parse_name_(name),
        source_(std::make_shared<const std::string>(text)),
        lexer_(*source_),
        functions_(functions) {}

  std::vector<TemplatePtr> parse();

 private:
  using Variables = std::vector<std::string>;

  [[noreturn]] void fail(const std::string& message);
  [[noreturn]] void unexpected(const Token& token, std::string_view context);
  Token next();
  Token next_non_space();
  const Token& peek();
  const Token& peek_non_space();
  void backup() { ++peeked_; }
  void backup2(Token first);
  void backup3(Token second, Token first);
  Token expect(TokenType type, std::string_view context);

  void add(std::string name, NodePtr root);
  void parse_definition();
  NodePtr item_list(NodePtr& terminator);
  NodePtr text_or_action();
  NodePtr action();
  NodePtr loop_exit(NodeType type, const Token& token, std::string_view name);
  NodePtr branch(NodeType type, std::string_view context);
  NodePtr else_control();
  NodePtr block_control();
  NodePtr template_control();
  std::string template_name(const Token& token, std::string_view context);
  NodePtr pipeline(std::string_view context, TokenType end);
  bool declaration(Node& pipe, std::string_view context);
  void check_pipeline(const Node& pipe, std::string_view context);
  NodePtr command();
  NodePtr operand();
  NodePtr term();
  NodePtr identifier(const Token& token);
  NodePtr variable(const Token& token);
  NodePtr number(const Token& token);
  NodePtr string(const Token& token);
  NodePtr chain_fields(NodePtr node);

  const std::string& parse_name_;
  std::shared_ptr<const std::string> source_;
  Lexer lexer_;
  const FunctionTable& functions_;
  std::array<Token, 3> tokens_;
  int peeked_ = 0;
  Variables variables_{"$"};
  int action_line_ = 0;
  int range_depth_ = 0;
  int parenthesis_depth_ = 0;
  int block_depth_ = 0;
  std::vector<std::shared_ptr<Template>> templates_;
};

NodePtr make(NodeType type, std::size_t position) {
  return std::make_unique<Node>(type, position);
}

void Parser::fail(const std::string& message) {
  throw TemplateError(
      fmt::format("template: {}:{}: {}", parse_name_, tokens_[0].line, message));
}

void Parser::unexpected(const Token& token, std::string_view context) {
  if (token.type != TokenType::error) {
    fail(fmt::format("unexpected {} in {}", token.to_string(), context));
  }
  std::string extra;
  if (action_line_ != 0 && action_line_ != token.line) {
    extra = fmt::format(" in action started at {}:{}", parse_name_,
                        action_line_);
    if (token.text.ends_with(" action")) extra.erase(0, 10);
  }
  fail(token.text + extra);
}

Token Parser::next() {
  if (peeked_ > 0) {
    --peeked_;
  } else {
    tokens_[0] = lexer_.next();
  }
  return tokens_[static_cast<std::size_t>(peeked_)];
}

Token Parser::next_non_space() {
  Token token = next();
  while (token.type == TokenType::space) token = next();
  return token;
}

const Token& Parser::peek() {
  if (peeked_ > 0) return tokens_[static_cast<std::size_t>(peeked_ - 1)];
  peeked_ = 1;
  tokens_[0] = lexer_.next();
  return tokens_[0];
}

const Token& Parser::peek_non_space() {
  next_non_space();
  backup();
  return tokens_[static_cast<std::size_t>(peeked_ - 1)];
}

void Parser::backup2(Token first) {
  tokens_[1] = std::move(first);
  peeked_ = 2;
}

void Parser::backup3(Token second, Token first) {
  tokens_[1] = std::move(first);
  tokens_[2] = std::move(second);
  peeked_ = 3;
}

Token Parser::expect(TokenType type, std::string_view context) {
  Token token = next_non_space();
  if (token.type != type) unexpected(token, context);
  return token;
}

void Parser::add(std::string name, NodePtr root) {
  auto made = std::make_shared<Template>(
      Template{name, parse_name_, source_, std::move(root)});
  for (auto& existing : templates_) {
    if (existing->name != name) continue;
    if (is_empty(*existing->root)) {
      existing = std::move(made);
    } else if (!is_empty(*made->root)) {
      fail(fmt::format("template: multiple definition of template {}",
                       quote(name)));
    }
    return;
  }
  templates_.push_back(std::move(made));
}

std::vector<TemplatePtr> Parser::parse() {
  NodePtr root = make(NodeType::list, peek().position);
  while (peek().type != TokenType::end_of_file) {
    if (peek().type == TokenType::left_delimiter) {
      Token delimiter = next();
      if (next_non_space().type == TokenType::define_keyword) {
        parse_definition();
        continue;
      }
      backup2(delimiter);
    }
    NodePtr node = text_or_action();
    if (node->type == NodeType::end || node->type == NodeType::else_branch) {
      fail("unexpected " + node->to_string());
    }
    root->children.push_back(std::move(node));
  }
  add(parse_name_, std::move(root));
  return {templates_.begin(), templates_.end()};
}

void Parser::parse_definition() {
  constexpr std::string_view kContext = "define clause";
  Token token = next_non_space();
  if (token.type != TokenType::string && token.type != TokenType::raw_string) {
    unexpected(token, kContext);
  }
  std::string name = template_name(token, kContext);
  expect(TokenType::right_delimiter, kContext);
  Variables outer = std::exchange(variables_, {"$"});
  int outer_ranges = std::exchange(range_depth_, 0);
  int outer_action = std::exchange(action_line_, 0);
  NodePtr end;
  NodePtr root = item_list(end);
  if (end->type != NodeType::end) {
    fail(fmt::format("unexpected {} in {}", end->to_string(), kContext));
  }
  add(std::move(name), std::move(root));
  variables_ = std::move(outer);
  range_depth_ = outer_ranges;
  action_line_ = outer_action;
}

NodePtr Parser::item_list(NodePtr& terminator) {
  if (++block_depth_ > kMaxBlockDepth) fail("max block depth exceeded");
  NodePtr list = make(NodeType::list, peek_non_space().position);
  while (peek_non_space().type != TokenType::end_of_file) {
    NodePtr node = text_or_action();
    if (node->type == NodeType::end || node->type == NodeType::else_branch) {
      terminator = std::move(node);
      --block_depth_;
      return list;
    }
    list->children.push_back(std::move(node));
  }
  fail("unexpected EOF");
}

NodePtr Parser::text_or_action() {
  Token token = next_non_space();
  if (token.type == TokenType::text) {
    NodePtr node = make(NodeType::text, token.position);
    node->text = std::move(token.text);
    return node;
  }
  if (token.type != TokenType::left_delimiter) unexpected(token, "input");
  action_line_ = token.line;
  NodePtr node = action();
  action_line_ = 0;
  return node;
}

NodePtr Parser::action() {
  Token token = next_non_space();
  switch (token.type) {
    case TokenType::block_keyword:
      return block_control();
    case TokenType::break_keyword:
      return loop_exit(NodeType::break_loop, token, "{{break}}");
    case TokenType::continue_keyword:
      return loop_exit(NodeType::continue_loop, token, "{{continue}}");
    case TokenType::else_keyword:
      return else_control();
    case TokenType::end_keyword:
      return make(NodeType::end,
                  expect(TokenType::right_delimiter, "end").position);
    case TokenType::if_keyword:
      return branch(NodeType::if_branch, "if");
    case TokenType::range_keyword:
      return branch(NodeType::range_branch, "range");
    case TokenType::template_keyword:
      return template_control();
    case TokenType::with_keyword:
      return branch(NodeType::with_branch, "with");
    default:
      break;
  }
  backup();
  NodePtr node = make(NodeType::action, peek().position);
  node->pipeline = pipeline("command", TokenType::right_delimiter);
  return node;
}

NodePtr Parser::loop_exit(NodeType type, const Token& token,
                          std::string_view name) {
  Token end = next_non_space();
  if (end.type != TokenType::right_delimiter) unexpected(end, name);
  if (range_depth_ == 0) fail(fmt::format("{} outside {{{{range}}}}", name));
  return make(type, token.position);
}

// if, with and range: "{{if x}} a {{else if y}} b {{else}} c {{end}}", where
// "else if" stands for an if inside the else, with one end for both.
NodePtr Parser::branch(NodeType type, std::string_view context) {
  std::size_t scope = variables_.size();
  NodePtr pipe = pipeline(context, TokenType::right_delimiter);
  NodePtr node = make(type, pipe->position);
  node->pipeline = std::move(pipe);
  if (type == NodeType::range_branch) ++range_depth_;
  NodePtr next_node;
  node->body = item_list(next_node);
  if (type == NodeType::range_branch) --range_depth_;
  if (next_node->type == NodeType::else_branch) {
    TokenType follows = peek().type;
    bool chained = (type == NodeType::if_branch &&
                    follows == TokenType::if_keyword) ||
                   (type == NodeType::with_branch &&
                    follows == TokenType::with_keyword);
    if (chained) {
      next();
      if (++block_depth_ > kMaxBlockDepth) fail("max block depth exceeded");
      node->otherwise = make(NodeType::list, next_node->position);
      node->otherwise->children.push_back(branch(type, context));
      --block_depth_;
    } else {
      node->otherwise = item_list(next_node);
      if (next_node->type != NodeType::end) {
        fail("expected end; found " + next_node->to_string());
      }
    }
  }
  variables_.resize(scope);
  return node;
}

NodePtr Parser::else_control() {
  const Token& token = peek_non_space();
  if (token.type == TokenType::if_keyword ||
      token.type == TokenType::with_keyword) {
    return make(NodeType::else_branch, token.position);
  }
  return make(NodeType::else_branch,
              expect(TokenType::right_delimiter, "else").position);
}

std::string Parser::template_name(const Token& token,
                                  std::string_view context) {
  if (token.type != TokenType::string && token.type != TokenType::raw_string) {
    unexpected(token, context);
  }
  auto name = unquote(token.text);
  if (!name) fail("invalid syntax");
  return *name;
}

NodePtr Parser::block_control() {
  constexpr std::string_view kContext = "block clause";
  Token token = next_non_space();
  NodePtr node = make(NodeType::template_call, token.position);
  node->text = template_name(token, kContext);
  node->pipeline = pipeline(kContext, TokenType::right_delimiter);
  Variables outer = std::exchange(variables_, {"$"});
  int outer_ranges = std::exchange(range_depth_, 0);
  int outer_action = std::exchange(action_line_, 0);
  NodePtr end;
  NodePtr root = item_list(end);
  if (end->type != NodeType::end) {
    fail(fmt::format("unexpected {} in {}", end->to_string(), kContext));
  }
  add(node->text, std::move(root));
  variables_ = std::move(outer);
  range_depth_ = outer_ranges;
  action_line_ = outer_action;
  return node;
}

NodePtr Parser::template_control() {
  constexpr std::string_view kContext = "template clause";
  Token token = next_non_space();
  NodePtr node = make(NodeType::template_call, token.position);
  node->text = template_name(token, kContext);
  if (next_non_space().type != TokenType::right_delimiter) {
    backup();
    node->pipeline = pipeline(kContext, TokenType::right_delimiter);
  }
  return node;
}

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

}  // namespace

std::vector<TemplatePtr> parse_template(const std::string& name,
                                        std::string_view text,
                                        const FunctionTable& functions) {
  return Parser(name, text, functions).parse();
}

}  // namespace skerry::chart
