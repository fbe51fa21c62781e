// A template being parsed: blocks and definitions are in parser.cc, what stands
// between the delimiters in parser_pipeline.cc. Used by one thread.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gotemplate/function.h"
#include "gotemplate/lexer.h"
#include "gotemplate/node.h"

namespace skerry::chart {

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

  static NodePtr make(NodeType type, std::size_t position) {
    return std::make_unique<Node>(type, position);
  }

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

}  // namespace skerry::chart
