#include "gotemplate/parser.h"

#include <fmt/format.h>

#include "gotemplate/constant.h"
#include "gotemplate/error.h"
#include "gotemplate/parsing.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

// Go allows 10,000; our stack is smaller than Go's.
constexpr int kMaxBlockDepth = 1'000;

}  // namespace

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

std::vector<TemplatePtr> parse_template(const std::string& name,
                                        std::string_view text,
                                        const FunctionTable& functions) {
  return Parser(name, text, functions).parse();
}

}  // namespace skerry::chart
