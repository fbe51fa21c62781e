#include "kustomize/label_selector.h"

#include <algorithm>
#include <cstdint>

#include "core/error.h"
#include "core/text/number.h"
#include "gotemplate/print.h"

namespace skerry::chart::kustomize {
namespace {

constexpr std::size_t kMaxNameSize = 63, kMaxPrefixSize = 253;
constexpr std::string_view kNameRule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start "
    "and end with an alphanumeric character";
constexpr std::string_view kName = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
constexpr std::string_view kSubdomain =
    "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9');
}

bool is_qualified(std::string_view name) {
  if (name.empty() || !is_alphanumeric(name.front()) ||
      !is_alphanumeric(name.back())) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
  });
}

bool is_subdomain(std::string_view text) {
  while (true) {
    const std::size_t end = std::min(text.find('.'), text.size());
    const std::string_view label = text.substr(0, end);
    if (!is_qualified(label)) return false;
    for (const char c : label) {
      if (c == '_' || (c >= 'A' && c <= 'Z')) return false;
    }
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

std::string used_for_validation(std::string_view pattern) {
  return fmt::format("regex used for validation is '{}')", pattern);
}

std::string name_fault() {
  return fmt::format("{} (e.g. 'MyName',  or 'my.name',  or '123-abc', {}",
                     kNameRule, used_for_validation(kName));
}

std::string too_long(std::size_t most) {
  return fmt::format("must be no more than {} characters", most);
}

std::string key_faults(std::string_view key) {
  const std::size_t slash = key.find('/');
  if (slash != key.npos && key.find('/', slash + 1) != key.npos) {
    return "a qualified name " + name_fault() +
           " with an optional DNS subdomain prefix and '/' (e.g. "
           "'example.com/MyName')";
  }
  std::vector<std::string> faults;
  if (slash != key.npos) {
    const std::string_view prefix = key.substr(0, slash);
    if (prefix.empty()) {
      faults.push_back("prefix part must be non-empty");
    } else {
      if (prefix.size() > kMaxPrefixSize) {
        faults.push_back("prefix part " + too_long(kMaxPrefixSize));
      }
      if (!is_subdomain(prefix)) {
        faults.push_back(
            "prefix part a DNS-1123 subdomain must consist of lower case "
            "alphanumeric characters, '-' or '.', and must start and end with "
            "an alphanumeric character (e.g. 'example.com', " +
            used_for_validation(kSubdomain));
      }
    }
    key.remove_prefix(slash + 1);
  }
  if (key.empty()) faults.push_back("name part must be non-empty");
  if (key.size() > kMaxNameSize) {
    faults.push_back("name part " + too_long(kMaxNameSize));
  }
  if (!is_qualified(key)) faults.push_back("name part " + name_fault());
  return fmt::format("{}", fmt::join(faults, "; "));
}

void check_key(std::string_view key) {
  if (const std::string faults = key_faults(key); !faults.empty()) {
    fail(ErrorCode::invalid, "invalid label key {}: {}", quote(key), faults);
  }
}

void check_value(std::string_view key, std::string_view value) {
  std::vector<std::string> faults;
  if (value.size() > kMaxNameSize) faults.push_back(too_long(kMaxNameSize));
  if (!value.empty() && !is_qualified(value)) {
    faults.push_back(fmt::format(
        "a valid label must be an empty string or consist of alphanumeric "
        "characters, '-', '_' or '.', and must start and end with an "
        "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
        "regex used for validation is '({})?')",
        kName));
  }
  if (faults.empty()) return;
  fail(ErrorCode::invalid, "invalid label value: {}: at key: {}: {}",
       quote(value), quote(key), fmt::join(faults, "; "));
}

}  // namespace

class LabelSelector::Parser {
 public:
  explicit Parser(std::string_view text) { scan(text); }

  std::vector<Requirement> parse();

 private:
  // `word` is a label's key or value; operators and brackets are themselves.
  struct Token {
    enum Type { word, symbol, bad, end } type = end;
    std::string text;
  };

  void scan(std::string_view text);
  static Token scan_symbol(std::string_view text, std::size_t& i);
  const Token& peek() const { return tokens_[at_]; }
  const Token& next() {
    return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_];
  }
  bool at_symbol(std::string_view text) const {
    return peek().type == Token::symbol && peek().text == text;
  }
  Requirement parse_requirement();
  std::vector<std::string> parse_values();
  std::vector<std::string> parse_list();
  static void check(const Requirement& requirement, bool is_exact);

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

void LabelSelector::Parser::scan(std::string_view text) {
  constexpr std::string_view kSymbols = "=!(),><";
  constexpr std::string_view kSpaces = " \t\r\n";
  std::size_t i = 0;
  while ((i = text.find_first_not_of(kSpaces, i)) != text.npos && text[i]) {
    if (kSymbols.find(text[i]) != kSymbols.npos) {
      tokens_.push_back(scan_symbol(text, i));
      continue;
    }
    std::size_t end = text.find_first_of("=!(),>< \t\r\n", i);
    end = std::min({end, text.find('\0', i), text.size()});
    tokens_.push_back({Token::word, std::string(text.substr(i, end - i))});
    i = end;
  }
  tokens_.push_back({});
}

LabelSelector::Parser::Token LabelSelector::Parser::scan_symbol(
    std::string_view text, std::size_t& i) {
  for (const std::string_view two : {"==", "!="}) {
    if (text.substr(i).starts_with(two)) {
      i += 2;
      return {Token::symbol, std::string(two)};
    }
  }
  return {Token::symbol, std::string(1, text[i++])};
}

std::vector<LabelSelector::Requirement> LabelSelector::Parser::parse() {
  std::vector<Requirement> requirements;
  while (true) {
    if (peek().type == Token::end) return requirements;
    if (peek().type != Token::word && !at_symbol("!")) {
      fail(ErrorCode::invalid,
           "found '{}', expected: !, identifier, or 'end of string'",
           peek().text);
    }
    try {
      requirements.push_back(parse_requirement());
    } catch (const Error& error) {
      throw error.in("unable to parse requirement");
    }
    const bool is_comma = at_symbol(",");
    const Token& token = next();
    if (token.type == Token::end) return requirements;
    if (!is_comma) {
      fail(ErrorCode::invalid, "found '{}', expected: ',' or 'end of string'",
           token.text);
    }
    if (peek().type != Token::word && !at_symbol("!")) {
      fail(ErrorCode::invalid, "found '{}', expected: identifier after ','",
           peek().text);
    }
  }
}

LabelSelector::Requirement LabelSelector::Parser::parse_requirement() {
  Requirement requirement;
  const bool is_absent = at_symbol("!");
  if (is_absent) next();
  const Token key = next();
  if (key.type != Token::word) {
    fail(ErrorCode::invalid, "found '{}', expected: identifier", key.text);
  }
  check_key(key.text);
  requirement.key = key.text;
  if (is_absent || peek().type == Token::end || at_symbol(",")) {
    requirement.op = is_absent ? Operator::absent : Operator::exists;
    return requirement;
  }
  const Token op = next();
  if (op.type == Token::word && (op.text == "in" || op.text == "notin")) {
    requirement.op = op.text == "in" ? Operator::in : Operator::not_in;
    requirement.values = parse_values();
    check(requirement, false);
    return requirement;
  }
  if (op.text == "=" || op.text == "==") {
    requirement.op = Operator::in;
  } else if (op.text == "!=") {
    requirement.op = Operator::not_in;
  } else if (op.text == ">" || op.text == "<") {
    requirement.op = op.text == ">" ? Operator::greater : Operator::less;
  } else {
    fail(ErrorCode::invalid,
         "found '{}', expected: '=', '!=', '==', 'in', notin'", op.text);
  }
  if (peek().type == Token::end || at_symbol(",")) {
    requirement.values = {""};
  } else if (const Token value = next(); value.type == Token::word) {
    requirement.values = {value.text};
  } else {
    fail(ErrorCode::invalid, "found '{}', expected: identifier", value.text);
  }
  check(requirement, true);
  return requirement;
}

std::vector<std::string> LabelSelector::Parser::parse_values() {
  if (!at_symbol("(")) {
    fail(ErrorCode::invalid, "found '{}' expected: '('", next().text);
  }
  next();
  const std::string first = peek().text;
  if (at_symbol(")")) {
    next();
    return {""};
  }
  if (peek().type != Token::word && !at_symbol(",")) {
    fail(ErrorCode::invalid, "found '{}', expected: ',', ')' or identifier",
         first);
  }
  std::vector<std::string> values = parse_list();
  if (!at_symbol(")")) {
    fail(ErrorCode::invalid, "found '{}', expected: ')'", first);
  }
  next();
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// Words between commas, either of which may be missing; stops before ")".
std::vector<std::string> LabelSelector::Parser::parse_list() {
  std::vector<std::string> values;
  while (true) {
    const bool is_comma = at_symbol(",");
    const Token token = next();
    if (token.type == Token::word) {
      values.push_back(token.text);
      if (at_symbol(",")) continue;
      if (at_symbol(")")) return values;
      fail(ErrorCode::invalid, "found '{}', expected: ',' or ')'", peek().text);
    }
    if (!is_comma) {
      fail(ErrorCode::invalid, "found '{}', expected: ',', or identifier",
           token.text);
    }
    if (values.empty()) values.push_back("");
    if (at_symbol(")")) {
      values.push_back("");
      return values;
    }
    if (at_symbol(",")) {
      next();
      values.push_back("");
    }
  }
}

void LabelSelector::Parser::check(const Requirement& requirement,
                                  bool is_exact) {
  if (is_exact && (requirement.op == Operator::greater ||
                   requirement.op == Operator::less)) {
    if (!parse_number<std::int64_t>(requirement.values.front())) {
      fail(ErrorCode::invalid,
           "for 'Gt', 'Lt' operators, the value must be an integer");
    }
  }
  for (const std::string& value : requirement.values) {
    check_value(requirement.key, value);
  }
}

bool LabelSelector::Requirement::matches(
    const std::optional<std::string>& value) const {
  const bool is_listed =
      value && std::find(values.begin(), values.end(), *value) != values.end();
  switch (op) {
    case Operator::in:
      return is_listed;
    case Operator::not_in:
      return !is_listed;
    case Operator::exists:
      return value.has_value();
    case Operator::absent:
      return !value.has_value();
    case Operator::greater:
    case Operator::less:
      break;
  }
  if (!value) return false;
  const auto number = parse_number<std::int64_t>(*value);
  const auto limit = parse_number<std::int64_t>(values.front());
  if (!number || !limit) return false;
  return op == Operator::greater ? *number > *limit : *number < *limit;
}

LabelSelector::LabelSelector(std::string_view text)
    : requirements_(Parser(text).parse()) {}

bool LabelSelector::matches(const Labels& labels) const {
  return std::all_of(requirements_.begin(), requirements_.end(),
                     [&](const Requirement& requirement) {
                       return requirement.matches(labels(requirement.key));
                     });
}

}  // namespace skerry::chart::kustomize
