#include <algorithm>

#include "jenkinsfile/lexer.h"
#include "jenkinsfile/parser_impl.h"

namespace skerry::ci {

Node Parser::expression() {
  if (++depth_ > kMaxDepth) {
    fault(peek().place, "the expression is nested too deeply");
  }
  Node node = failed() ? Node{} : choice();
  --depth_;
  return node;
}

Node Parser::operation(std::string_view name, const Place& place,
                       std::vector<Node> children) {
  Node node;
  node.kind = Node::Kind::operation;
  node.name = name;
  node.place = place;
  node.children = std::move(children);
  return node;
}

Node Parser::choice() {
  Node condition = chain_or();
  const Place place = peek().place;
  if (take_sign("?:")) {
    skip_newlines();
    Node otherwise = expression();
    return operation("?:", place, {std::move(condition), std::move(otherwise)});
  }
  if (!take_sign("?")) return condition;
  skip_newlines();
  Node yes = expression();
  skip_newlines();
  expect(":", place);
  skip_newlines();
  Node no = expression();
  return operation("?", place,
                   {std::move(condition), std::move(yes), std::move(no)});
}

Node Parser::chain_or() {
  return chain("||", [this] { return chain_and(); });
}
Node Parser::chain_and() {
  return chain("&&", [this] { return equality(); });
}
Node Parser::sum() {
  return chain("+", [this] { return unary(); });
}

Node Parser::equality() {
  Node left = sum();
  for (const std::string_view sign : {"==", "!="}) {
    const Place place = peek().place;
    if (!take_sign(sign)) continue;
    skip_newlines();
    Node right = sum();
    return operation(sign, place, {std::move(left), std::move(right)});
  }
  return left;
}

Node Parser::unary() {
  const Place place = peek().place;
  if (peek().is_sign("!")) {
    take();
    if (++depth_ > kMaxDepth) {
      fault(place, "the expression is nested too deeply");
    }
    Node operand = failed() ? Node{} : unary();
    --depth_;
    return operation("!", place, {std::move(operand)});
  }
  if (peek().is_sign("-") && (peek(1).kind == Token::Kind::integer ||
                              peek(1).kind == Token::Kind::decimal)) {
    take();
    Node number = primary();
    number.place = place;
    if (number.value.integer()) {
      number.value = -*number.value.integer();
    } else {
      number.value = Value("-" + to_string(number.value));
      fault(place, "negative decimal numbers are not supported");
    }
    return number;
  }
  return postfix(primary());
}

Node Parser::postfix(Node node) {
  for (int i = 0; i < kMaxMethodChain; ++i) {
    if (!peek_past_newlines().is_sign(".")) {
      if (peek().is_sign("?.") ||
          (peek().is_sign("[") && !peek().after_space)) {
        fault(peek().place, "operator '{}' is not supported", peek().spelling);
      }
      return node;
    }
    skip_newlines();
    const Place place = take().place;
    const Token name = take();
    const bool is_call = peek().is_sign("(") || peek().is_sign("{");
    if (name.kind != Token::Kind::word || !is_call) {
      fault(place, "reading a property of a value is not supported");
      return node;
    }
    Node call;
    call.kind = Node::Kind::method;
    call.place = name.place;
    call.name = name.spelling;
    call.children.push_back(std::move(node));
    if (take_sign("(")) arguments(call, ")");
    node = std::move(call);
  }
  fault(peek().place, "too many method calls in one expression");
  return node;
}

Node Parser::primary() {
  const Token& token = peek();
  const Place place = token.place;
  switch (token.kind) {
    case Token::Kind::integer:
      return literal(take().integer, place);
    case Token::Kind::decimal:
      return literal(take().decimal, place);
    case Token::Kind::text:
      return text_node(take());
    case Token::Kind::word:
      return word();
    case Token::Kind::sign:
      if (token.is_sign("[")) return list_or_map();
      if (token.is_sign("{")) {
        Node node;
        node.kind = Node::Kind::block;
        node.place = token.place;
        block_of(node);
        return node;
      }
      if (token.is_sign("(")) {
        const Place opened = take().place;
        Node node = expression();
        expect(")", opened);
        return node;
      }
      break;
    default:
      break;
  }
  if (!failed()) unexpected();
  return {};
}

Node Parser::literal(Value value, const Place& place) {
  Node node;
  node.place = place;
  node.value = std::move(value);
  return node;
}

Node Parser::word() {
  const Place place = peek().place;
  if (is_expression_word(peek().spelling) ||
      is_statement_word(peek().spelling)) {
    fault(place, "'{}' is not supported", peek().spelling);
    return {};
  }
  Node node;
  node.kind = Node::Kind::name;
  node.place = place;
  node.name = take().spelling;
  if (node.name == "true") return literal(true, place);
  if (node.name == "false") return literal(false, place);
  if (node.name == "null") return literal(Value(), place);
  while (peek().is_sign(".") && peek(1).kind == Token::Kind::word &&
         !peek(2).is_sign("(")) {
    take();
    node.name += "." + take().spelling;
  }
  if (take_sign("(")) {
    node.kind = Node::Kind::call;
    node.has_parentheses = true;
    arguments(node, ")");
  }
  return node;
}

Node Parser::list_or_map() {
  Node node;
  node.kind = Node::Kind::list;
  node.place = take().place;
  if (peek().is_sign(":") && peek(1).is_sign("]")) {
    take();
    take();
    node.kind = Node::Kind::map;
    return node;
  }
  while (!failed() && !peek().is_sign("]")) {
    const Place place = peek().place;
    if (auto key = key_here()) {
      add_key(node, std::move(*key), place);
    } else if (node.kind == Node::Kind::map) {
      fault(place, "a map needs 'name: value' everywhere");
      break;
    }
    node.children.push_back(expression());
    if (!take_sign(",")) break;
  }
  expect("]", node.place);
  return node;
}

void Parser::add_key(Node& node, std::string key, const Place& place) {
  if (node.children.empty()) node.kind = Node::Kind::map;
  if (node.kind == Node::Kind::list) {
    fault(place, "a list cannot hold 'name: value'");
  } else if (std::find(node.keys.begin(), node.keys.end(), key) !=
             node.keys.end()) {
    fault(place, "'{}' stands in the map twice", key);
  }
  node.keys.push_back(std::move(key));
}

Node Parser::text_node(const Token& token) {
  Node node;
  node.kind = Node::Kind::text;
  node.place = token.place;
  for (const TextPiece& piece : token.pieces) {
    if (piece.is_code) {
      node.children.push_back(interpolated(piece));
    } else {
      Node part;
      part.place = token.place;
      part.value = Value(piece.text);
      node.children.push_back(std::move(part));
    }
  }
  if (node.children.empty() ||
      (node.children.size() == 1 && !token.pieces[0].is_code)) {
    node.value = node.children.empty() ? Value("") : node.children[0].value;
    node.children.clear();
    node.kind = Node::Kind::literal;
  }
  return node;
}

Node Parser::interpolated(const TextPiece& piece) {
  if (depth_ + 1 > kMaxDepth) {
    fault(piece.place, "the expression is nested too deeply");
    return {};
  }
  const std::size_t before = faults().size();
  std::vector<Token> tokens = lex(piece.text, piece.place, faults());
  std::erase_if(tokens,
                [](const Token& t) { return t.kind == Token::Kind::newline; });
  if (tokens.size() == 1 && faults().size() == before) {
    faults().add(piece.place, "'${{}}' is empty");
  }
  if (faults().size() != before) return {};
  return Parser(std::move(tokens), faults(), depth_ + 1).only_expression();
}

}  // namespace skerry::ci
