// The parser's class, for parser.cc (statements, calls) and
// parse_expression.cc. Others use parser.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jenkinsfile/syntax.h"
#include "jenkinsfile/token_stream.h"

namespace skerry::ci {

class Parser : private TokenStream {
 public:
  // `depth` is how deep the text stands inside another one's expressions.
  Parser(std::vector<Token> tokens, Faults& faults, int depth)
      : TokenStream(std::move(tokens), faults), depth_(depth) {}

  std::vector<Statement> text();
  // One expression that is the whole text.
  Node only_expression();

 private:
  static constexpr int kMaxDepth = 64;
  static constexpr int kMaxMethodChain = 16;

  std::vector<Statement> statements();
  Statement statement();
  void end_statement(const Statement& one);
  // "String x = ..."
  bool is_definition() const;

  // An expression that may be a call without parentheses.
  Node command();
  static bool takes_block(const Node& node);
  bool begins_argument() const;
  // Up to `close`, or as far as they go when it is empty.
  void arguments(Node& call, std::string_view close);
  // Takes `word :` or `'text' :`.
  std::optional<std::string> key_here();
  void block_of(Node& node);

  Node expression();
  Node choice();
  Node chain_or();
  Node chain_and();
  Node equality();
  Node sum();
  Node unary();
  Node postfix(Node node);
  Node primary();
  Node word();
  Node list_or_map();
  void add_key(Node& node, std::string key, const Place& place);
  Node text_node(const Token& token);
  Node interpolated(const TextPiece& piece);
  Node literal(Value value, const Place& place);
  Node operation(std::string_view name, const Place& place,
                 std::vector<Node> children);
  // operand (sign operand)*
  template <typename Operand>
  Node chain(std::string_view sign, Operand operand) {
    Node first = operand();
    if (!peek().is_sign(sign)) return first;
    const Place place = peek().place;
    std::vector<Node> all;
    all.push_back(std::move(first));
    while (take_sign(sign)) {
      skip_newlines();
      all.push_back(operand());
    }
    return operation(sign, place, std::move(all));
  }

  int depth_;
};

// Words of Groovy that are refused: as the first of a statement, and inside
// an expression.
bool is_statement_word(std::string_view word);
bool is_expression_word(std::string_view word);

}  // namespace skerry::ci
