#include "jenkinsfile/parser.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "jenkinsfile/lexer.h"
#include "jenkinsfile/parser_impl.h"

namespace skerry::ci {
namespace {

// Words that begin a statement of Groovy which no declarative pipeline needs.
constexpr auto kStatementWords = std::to_array<std::string_view>(
    {"def",    "if",        "else",    "for",       "while",        "do",
     "try",    "catch",     "finally", "switch",    "case",         "throw",
     "import", "package",   "class",   "interface", "enum",         "assert",
     "break",  "continue",  "final",   "static",    "synchronized", "private",
     "public", "protected", "void",    "new",       "this",         "super"});
constexpr auto kExpressionWords =
    std::to_array<std::string_view>({"in", "as", "instanceof"});

}  // namespace

bool is_statement_word(std::string_view word) {
  return std::find(kStatementWords.begin(), kStatementWords.end(), word) !=
         kStatementWords.end();
}

bool is_expression_word(std::string_view word) {
  return std::find(kExpressionWords.begin(), kExpressionWords.end(), word) !=
         kExpressionWords.end();
}

std::vector<Statement> Parser::text() {
  std::vector<Statement> out = statements();
  while (!at_end()) {  // only a "}" that closes nothing stops statements()
    faults().add(peek().place, "'{}' closes nothing", peek().spelling);
    take();
    auto more = statements();
    out.insert(out.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  }
  return out;
}

// One expression that is the whole text.
Node Parser::only_expression() {
  Node node = expression();
  if (!failed() && !at_end()) unexpected();
  return node;
}

std::vector<Statement> Parser::statements() {
  std::vector<Statement> out;
  while (true) {
    while (peek().kind == Token::Kind::newline || peek().is_sign(";")) take();
    if (at_end() || peek().is_sign("}")) return out;
    Statement one = statement();
    if (!failed()) end_statement(one);
    if (failed()) {
      recover();
    } else {
      out.push_back(std::move(one));
    }
  }
}

void Parser::end_statement(const Statement& one) {
  if (peek().kind == Token::Kind::newline || peek().is_sign(";") ||
      peek().is_sign("}") || at_end()) {
    return;
  }
  if (peek().is_sign("{") && one.is_call() && !one.node.arguments.empty()) {
    fault(peek().place,
          "a block after arguments needs them in parentheses: {}(...) {{",
          one.node.name);
  } else {
    unexpected_operator();
  }
}

Statement Parser::statement() {
  Statement out;
  out.place = peek().place;
  const Token& first = peek();
  if (first.is_sign("@")) {
    fault(first.place, "'@{}' is not supported yet", peek(1).spelling);
    return out;
  }
  if (first.kind != Token::Kind::word) {
    out.node = expression();
    return out;
  }
  if (is_statement_word(first.spelling) || is_definition()) {
    out.kind = Statement::Kind::unsupported;
    out.name = is_statement_word(first.spelling) ? first.spelling : "def";
    skip_statement();
    return out;
  }
  if (first.is_word("return")) {
    take();
    out.kind = Statement::Kind::result;
    out.node = expression();
    return out;
  }
  out.node = command();
  if (out.node.kind == Node::Kind::name && take_sign("=")) {
    skip_newlines();
    out.kind = Statement::Kind::assignment;
    out.name = out.node.name;
    out.node = expression();
  }
  return out;
}

// "String x = ..."
bool Parser::is_definition() const {
  return peek(1).kind == Token::Kind::word && peek(2).is_sign("=");
}

// An expression that may be a call without parentheses.
Node Parser::command() {
  Node node = expression();
  if (failed()) return node;
  if (node.kind == Node::Kind::name && begins_argument()) {
    node.kind = Node::Kind::call;
    arguments(node, "");
  }
  if (takes_block(node) && peek_past_newlines().is_sign("{")) {
    skip_newlines();
    block_of(node);
    if (node.kind == Node::Kind::name) node.kind = Node::Kind::call;
  }
  return node;
}

bool Parser::takes_block(const Node& node) {
  if (node.has_block) return false;
  return node.kind == Node::Kind::name || node.kind == Node::Kind::method ||
         (node.kind == Node::Kind::call && node.has_parentheses);
}

bool Parser::begins_argument() const {
  const Token& token = peek();
  switch (token.kind) {
    case Token::Kind::text:
    case Token::Kind::integer:
    case Token::Kind::decimal:
      return true;
    case Token::Kind::word:
      return !is_expression_word(token.spelling);
    case Token::Kind::sign:
      return token.is_sign("!") || (token.is_sign("[") && token.after_space) ||
             (token.is_sign("-") && !peek(1).after_space);
    default:
      return false;
  }
}

// Up to `close`, or as far as they go when it is empty.
void Parser::arguments(Node& call, std::string_view close) {
  const Place opened = call.place;
  if (!close.empty() && take_sign(close)) return;
  do {
    skip_newlines();
    Argument argument;
    argument.place = peek().place;
    if (auto key = key_here()) {
      argument.name = *key;
      skip_newlines();
    }
    argument.value = expression();
    call.arguments.push_back(std::move(argument));
  } while (!failed() && take_sign(","));
  if (!close.empty()) expect(close, opened);
}

// Takes `word :` or `'text' :`.
std::optional<std::string> Parser::key_here() {
  if (!peek(1).is_sign(":")) return std::nullopt;
  const Token& token = peek();
  std::string key;
  if (token.kind == Token::Kind::word) {
    key = token.spelling;
  } else if (token.kind == Token::Kind::text && token.pieces.size() <= 1 &&
             (token.pieces.empty() || !token.pieces[0].is_code)) {
    key = token.pieces.empty() ? "" : token.pieces[0].text;
  } else {
    return std::nullopt;
  }
  take();
  take();
  return key;
}

void Parser::block_of(Node& node) {
  const Place opened = take().place;
  node.has_block = true;
  if (++depth_ > kMaxDepth) {
    fault(opened, "blocks are nested too deeply");
  } else {
    node.block = statements();
  }
  --depth_;
  expect("}", opened);
}

std::vector<Statement> parse_syntax(std::string_view text, Origin origin,
                                    Faults& faults) {
  return Parser(lex(text, Place{origin, 1, 1}, faults), faults, 0).text();
}

}  // namespace skerry::ci
