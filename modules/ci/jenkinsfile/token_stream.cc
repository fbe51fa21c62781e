#include "jenkinsfile/token_stream.h"

namespace skerry::ci {

void TokenStream::unexpected() {
  const Token& token = peek();
  switch (token.kind) {
    case Token::Kind::end:
      fault(token.place, "unexpected end of text");
      break;
    case Token::Kind::newline:
      fault(token.place, "unexpected end of line");
      break;
    case Token::Kind::text:
      fault(token.place, "unexpected string");
      break;
    default:
      fault(token.place, "unexpected '{}'", token.spelling);
  }
}

void TokenStream::unexpected_operator() {
  constexpr std::string_view kPunctuation = "{}()[],:;";
  const Token& token = peek();
  if (token.is_sign("->")) {
    fault(token.place, "closures with parameters are not supported");
  } else if (token.kind == Token::Kind::sign &&
             kPunctuation.find(token.spelling) == std::string_view::npos) {
    fault(token.place, "operator '{}' is not supported", token.spelling);
  } else {
    unexpected();
  }
}

void TokenStream::expect(std::string_view sign, const Place& opened) {
  if (failed_ || take_sign(sign)) return;
  if (at_end()) {
    fault(opened, "what opens here is not closed: '{}' is missing", sign);
  } else {
    unexpected_operator();
  }
}

void TokenStream::skip_statement() {
  int open = 0;
  while (!at_end()) {
    if (peek().is_sign("{")) ++open;
    if (peek().is_sign("}") && open-- == 0) return;
    if (open == 0 &&
        (peek().kind == Token::Kind::newline || peek().is_sign(";"))) {
      return;
    }
    take();
  }
}

}  // namespace skerry::ci
