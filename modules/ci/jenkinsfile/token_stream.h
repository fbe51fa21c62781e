// Reads tokens one after the other, with faults that unwind: after the first
// fault of a statement every look-ahead is the end of the text, so that all
// that is being read comes to its end by itself. Not thread-safe.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "jenkinsfile/diagnostics.h"
#include "jenkinsfile/token.h"

namespace skerry::ci {

class TokenStream {
 public:
  TokenStream(std::vector<Token> tokens, Faults& faults)
      : tokens_(std::move(tokens)), faults_(faults) {
    end_.place = tokens_.back().place;
  }

  const Token& peek(std::size_t ahead = 0) const {
    if (failed_ || position_ + ahead >= tokens_.size()) return end_;
    return tokens_[position_ + ahead];
  }
  bool at_end() const { return peek().kind == Token::Kind::end; }
  Token take() {
    Token token = peek();
    if (!failed_ && position_ + 1 < tokens_.size()) ++position_;
    return token;
  }
  bool take_sign(std::string_view sign) {
    if (!peek().is_sign(sign)) return false;
    take();
    return true;
  }
  void skip_newlines() {
    while (peek().kind == Token::Kind::newline) take();
  }
  // The first token after any newlines, without taking them.
  const Token& peek_past_newlines() const {
    std::size_t ahead = 0;
    while (peek(ahead).kind == Token::Kind::newline) ++ahead;
    return peek(ahead);
  }

  template <typename... Args>
  void fault(const Place& place, fmt::format_string<Args...> format,
             Args&&... args) {
    if (!failed_) faults_.add(place, format, std::forward<Args>(args)...);
    failed_ = true;
  }
  bool failed() const { return failed_; }
  Faults& faults() { return faults_; }

  // Reports the token that stands here.
  void unexpected();
  // As unexpected(), but a sign that Groovy has as an operator is reported as
  // one that is not supported.
  void unexpected_operator();
  // Takes `sign`, or reports its absence; `opened` is what it would close.
  void expect(std::string_view sign, const Place& opened);

  // To the end of the statement, over whole blocks.
  void skip_statement();
  // skip_statement() after a fault; reading goes on.
  void recover() {
    failed_ = false;
    skip_statement();
  }

 private:
  std::vector<Token> tokens_;
  std::size_t position_ = 0;
  Faults& faults_;
  bool failed_ = false;
  Token end_;
};

}  // namespace skerry::ci
