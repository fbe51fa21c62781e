#include "image/variables.h"

#include "core/error.h"

namespace skerry::ci {
namespace {

constexpr std::size_t kMaxResult = 128u << 10;
constexpr int kMaxDepth = 16;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Expander {
 public:
  Expander(std::string_view word, char escape, const VariableLookup& lookup,
           int depth)
      : word_(word), escape_(escape), lookup_(lookup), depth_(depth) {
    if (depth > kMaxDepth) {
      fail(ErrorCode::invalid, "variables are nested too deeply");
    }
  }

  std::string run() {
    while (at_ < word_.size()) step();
    return std::move(out_);
  }

 private:
  char peek() const { return at_ < word_.size() ? word_[at_] : '\0'; }

  void add(std::string_view text) {
    if (out_.size() + text.size() > kMaxResult) {
      fail(ErrorCode::too_large, "a value is longer than {} bytes", kMaxResult);
    }
    out_ += text;
  }

  void step() {
    const char c = word_[at_];
    if (c == '\'') {
      single_quoted();
    } else if (c == '"') {
      double_quoted();
    } else if (c == '$') {
      dollar();
    } else if (c == escape_) {
      if (++at_ < word_.size()) add(word_.substr(at_++, 1));
    } else {
      add(word_.substr(at_++, 1));
    }
  }

  void single_quoted() {
    const std::size_t end = word_.find('\'', at_ + 1);
    if (end == std::string_view::npos) {
      fail(ErrorCode::invalid, "the quote ' is not closed");
    }
    add(word_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
  }

  void double_quoted() {
    ++at_;
    while (true) {
      if (at_ >= word_.size()) {
        fail(ErrorCode::invalid, "the quote \" is not closed");
      }
      const char c = word_[at_];
      if (c == '"') break;
      if (c == '$') {
        dollar();
        continue;
      }
      if (c == escape_ && at_ + 1 < word_.size()) {
        const char next = word_[at_ + 1];
        if (next == '"' || next == '$' || next == escape_) ++at_;
      }
      add(word_.substr(at_++, 1));
    }
    ++at_;
  }

  std::string_view name() {
    const std::size_t start = at_;
    if (is_name_start(peek())) {
      while (is_name_start(peek()) || is_digit(peek())) ++at_;
    } else if (is_digit(peek())) {
      while (is_digit(peek())) ++at_;
    }
    return word_.substr(start, at_ - start);
  }

  void dollar() {
    ++at_;
    if (peek() == '{') {
      ++at_;
      braced();
      return;
    }
    const std::string_view variable = name();
    if (variable.empty()) {
      add("$");
    } else if (const auto value = lookup_(variable)) {
      add(*value);
    }
  }

  // The text up to the brace that closes; the cursor is left behind it.
  std::string_view rest_of_braces() {
    const std::size_t start = at_;
    int open = 1;
    while (at_ < word_.size()) {
      if (word_[at_] == escape_ && at_ + 1 < word_.size()) {
        at_ += 2;
        continue;
      }
      if (word_[at_] == '{') ++open;
      if (word_[at_] == '}' && --open == 0) {
        return word_.substr(start, at_++ - start);
      }
      ++at_;
    }
    fail(ErrorCode::invalid, "'${{' is not closed");
  }

  void braced() {
    const std::string variable(name());
    if (variable.empty()) fail(ErrorCode::invalid, "'${{' needs a name");
    std::string_view rest = rest_of_braces();
    const auto value = lookup_(variable);
    if (rest.empty()) {
      if (value) add(*value);
      return;
    }
    const bool empty_counts = rest.starts_with(':');
    if (empty_counts) rest.remove_prefix(1);
    const bool is_set = value && !(empty_counts && value->empty());
    const char form = rest.empty() ? '\0' : rest.front();
    const auto word = [&] {
      return Expander(rest.substr(1), escape_, lookup_, depth_ + 1).run();
    };
    if (form == '-') {
      add(is_set ? *value : word());
    } else if (form == '+') {
      if (is_set) add(word());
    } else if (form == '?') {
      if (!is_set) {
        const std::string message = word();
        fail(ErrorCode::invalid, "{}: {}", variable,
             message.empty() ? "is not set" : message);
      }
      add(*value);
    } else {
      fail(ErrorCode::invalid,
           "'${{{}{}{}}}' is not supported; :-, - , :+, + and :? are", variable,
           empty_counts ? ":" : "", rest);
    }
  }

  std::string_view word_;
  const char escape_;
  const VariableLookup& lookup_;
  const int depth_;
  std::size_t at_ = 0;
  std::string out_;
};

bool is_space(char c) { return c == ' ' || c == '\t'; }

}  // namespace

std::string expand(std::string_view word, char escape,
                   const VariableLookup& lookup) {
  return Expander(word, escape, lookup, 0).run();
}

std::vector<std::string> split_words(std::string_view text, char escape) {
  std::vector<std::string> out;
  std::string word;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == '\0' && is_space(c)) {
      if (in_word) out.push_back(std::exchange(word, {}));
      in_word = false;
      continue;
    }
    in_word = true;
    word += c;
    if (c == escape && quote != '\'' && i + 1 < text.size()) {
      word += text[++i];
    } else if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    }
  }
  if (in_word) out.push_back(std::move(word));
  return out;
}

std::vector<std::string> split_at_spaces(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text) {
    if (!is_space(c)) {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

}  // namespace skerry::ci
