// sprig: regular expressions, by RE2, whose syntax is Go's.
#include "gotemplate/funcs/regex.h"

#include "core/text/unicode.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, I = Type::integer;

constexpr std::size_t kMaxSearched = 8u << 20;

// The work of a search grows with both texts.
void charge_search(In in) {
  if (in.string(1).size() > kMaxSearched) {
    fail(ErrorCode::too_large, "a text to search has more than {} bytes",
         kMaxSearched);
  }
  in.execution().charge_steps(in.string(0).size() + in.string(1).size() / 16);
}

// Go panics from the functions without "must" and fails in those with it.
std::unique_ptr<RE2> compile(In in, bool panics) {
  charge_search(in);
  const std::string& pattern = in.string(0);
  auto regex = std::make_unique<RE2>(go_pattern(pattern), go_regex_options());
  if (regex->ok()) return regex;
  std::string error = go_regex_error(*regex);
  if (!panics) fail_call("{}", error);
  bool plain = pattern.find('`') == pattern.npos;
  fail_call("regexp: Compile({}): {}",
            plain ? "`" + pattern + "`" : quote(pattern), error);
}

using Groups = std::vector<re2::StringPiece>;

// Calls `visit` for each match as Go's FindAll does: an empty match right
// behind another one does not count.
template <typename Visit>
void each_match(In in, const RE2& regex, int groups, const Visit& visit) {
  const std::string& text = in.string(1);
  Groups found(static_cast<std::size_t>(groups));
  std::size_t position = 0;
  std::size_t previous_end = std::string::npos;
  while (position <= text.size()) {
    if (!regex.Match(text, position, text.size(), RE2::UNANCHORED,
                     found.data(), groups)) {
      return;
    }
    auto start = static_cast<std::size_t>(found[0].data() - text.data());
    std::size_t end = start + found[0].size();
    bool counts = true;
    if (end == position && start == end) {
      counts = start != previous_end;
      if (position < text.size()) {
        unicode::next(text, position);
      } else {
        position = text.size() + 1;
      }
    } else {
      position = end;
    }
    previous_end = end;
    in.execution().charge_bytes(kMemberBytes);
    if (counts && !visit(found, start, end)) return;
  }
}

bool matches(In in, bool panics) {
  return RE2::PartialMatch(in.string(1), *compile(in, panics));
}

Value find(In in, bool panics) {
  auto regex = compile(in, panics);
  re2::StringPiece found;
  if (!regex->Match(in.string(1), 0, in.string(1).size(), RE2::UNANCHORED,
                    &found, 1)) {
    return "";
  }
  return found.as_string();
}

Value find_all(In in, bool panics) {
  auto regex = compile(in, panics);
  std::vector<std::string> all;
  std::int64_t most = in.integer(2);
  if (most == 0) return Value::of_strings(all);
  each_match(in, *regex, 1,
             [&](const Groups& found, std::size_t, std::size_t) {
               all.push_back(found[0].as_string());
               return most < 0 ||
                      static_cast<std::int64_t>(all.size()) < most;
             });
  return Value::of_strings(all);
}

// "$1", "${1}", "$name", "${name}", "$$"; the longest name counts.
void expand(std::string& out, const RE2& regex, std::string_view with,
            const Groups& found) {
  for (std::size_t i = 0; i < with.size();) {
    if (with[i] != '$' || i + 1 >= with.size()) {
      out += with[i++];
      continue;
    }
    if (with[i + 1] == '$') {
      out += '$';
      i += 2;
      continue;
    }
    bool braces = with[i + 1] == '{';
    std::size_t start = i + (braces ? 2 : 1), end = start;
    while (end < with.size()) {
      std::size_t after = end;
      char32_t c = unicode::next(with, after);
      if (c != '_' && !unicode::is_letter(c) && !unicode::is_digit(c)) break;
      end = after;
    }
    bool closed = !braces || (end < with.size() && with[end] == '}');
    if (end == start || !closed) {
      out += with[i++];
      continue;
    }
    std::string name(with.substr(start, end - start));
    i = end + (braces ? 1 : 0);
    std::size_t group = found.size();
    if (name.find_first_not_of("0123456789") == name.npos) {
      if (name.size() <= 8) group = std::stoul(name);
    } else if (auto named = regex.NamedCapturingGroups().find(name);
               named != regex.NamedCapturingGroups().end()) {
      group = static_cast<std::size_t>(named->second);
    }
    if (group < found.size() && found[group].data()) {
      out.append(found[group].data(), found[group].size());
    }
  }
}

Value replace(In in, bool is_literal, bool panics) {
  auto regex = compile(in, panics);
  const std::string &text = in.string(1), &with = in.string(2);
  std::string out;
  std::size_t copied = 0;
  int groups = regex->NumberOfCapturingGroups() + 1;
  each_match(in, *regex, is_literal ? 1 : groups,
             [&](const Groups& found, std::size_t start, std::size_t end) {
               std::size_t before = out.size();
               out.append(text, copied, start - copied);
               copied = end;
               if (is_literal) {
                 out += with;
               } else {
                 expand(out, *regex, with, found);
               }
               in.execution().charge_bytes(out.size() - before);
               return true;
             });
  return out.append(text, copied);
}

Value split(In in, bool panics) {
  auto regex = compile(in, panics);
  const std::string& text = in.string(1);
  std::int64_t most = in.integer(2);
  std::vector<std::string> parts;
  if (most == 0) return Value::of_strings(parts);
  if (!in.string(0).empty() && text.empty()) return Value::of_strings({""});
  std::size_t begin = 0, end = 0;
  each_match(in, *regex, 1,
             [&](const Groups&, std::size_t start, std::size_t stop) {
               if (most > 0 &&
                   static_cast<std::int64_t>(parts.size()) == most - 1) {
                 return false;
               }
               end = start;
               if (stop != 0) parts.push_back(text.substr(begin, end - begin));
               begin = stop;
               return true;
             });
  if (end != text.size()) parts.push_back(text.substr(begin));
  return Value::of_strings(parts);
}

std::string quote_meta(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

Value match_or_false(In in) {
  charge_search(in);
  RE2 regex(go_pattern(in.string(0)), go_regex_options());
  return regex.ok() && RE2::PartialMatch(in.string(1), regex);
}

}  // namespace

RE2::Options go_regex_options() {
  RE2::Options made;
  made.set_log_errors(false);
  made.set_max_mem(8 << 20);
  return made;
}

std::string go_pattern(const std::string& pattern) {
  if (pattern.find("(?<") == pattern.npos) return pattern;
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    auto rest = std::string_view(pattern).substr(i);
    if (rest[0] == '\\' && rest.size() > 1) {
      out += rest.substr(0, 2);
      ++i;
      continue;
    }
    if (rest[0] == '[') in_class = true;
    if (rest[0] == ']') in_class = false;
    bool is_name = !in_class && rest.starts_with("(?<") && rest.size() > 3 &&
                   rest[3] != '=' && rest[3] != '!';
    out += rest[0];
    if (!is_name) continue;
    out += "?P";
    ++i;
  }
  return out;
}

std::string go_regex_error(const RE2& regex) {
  std::string what;
  switch (regex.error_code()) {
    case RE2::ErrorBadEscape: what = "invalid escape sequence"; break;
    case RE2::ErrorBadCharClass: what = "invalid character class"; break;
    case RE2::ErrorBadCharRange:
      what = "invalid character class range";
      break;
    case RE2::ErrorMissingBracket: what = "missing closing ]"; break;
    case RE2::ErrorMissingParen: what = "missing closing )"; break;
    case RE2::ErrorUnexpectedParen: what = "unexpected )"; break;
    case RE2::ErrorTrailingBackslash:
      what = "trailing backslash at end of expression";
      break;
    case RE2::ErrorRepeatArgument:
      what = "missing argument to repetition operator";
      break;
    case RE2::ErrorRepeatSize: what = "invalid repeat count"; break;
    case RE2::ErrorRepeatOp: what = "invalid nested repetition operator"; break;
    case RE2::ErrorBadPerlOp: what = "invalid or unsupported Perl syntax"; break;
    case RE2::ErrorBadUTF8: what = "invalid UTF-8"; break;
    case RE2::ErrorBadNamedCapture: what = "invalid named capture"; break;
    default: what = "expression nests too deeply"; break;
  }
  std::string argument = regex.error_arg();
  bool whole = regex.error_code() == RE2::ErrorMissingParen ||
               regex.error_code() == RE2::ErrorUnexpectedParen;
  if (whole) argument = regex.pattern();
  return fmt::format("error parsing regexp: {}: `{}`", what, argument);
}

std::span<const Function> regex_functions() {
  static const Function kTable[] = {
      {"regexMatch", {S, S}, false, match_or_false},
      {"mustRegexMatch", {S, S}, false,
       [](In in) { return Value(matches(in, false)); }},
      {"regexFind", {S, S}, false, [](In in) { return find(in, true); }},
      {"mustRegexFind", {S, S}, false, [](In in) { return find(in, false); }},
      {"regexFindAll", {S, S, I}, false,
       [](In in) { return find_all(in, true); }},
      {"mustRegexFindAll", {S, S, I}, false,
       [](In in) { return find_all(in, false); }},
      {"regexReplaceAll", {S, S, S}, false,
       [](In in) { return replace(in, false, true); }},
      {"mustRegexReplaceAll", {S, S, S}, false,
       [](In in) { return replace(in, false, false); }},
      {"regexReplaceAllLiteral", {S, S, S}, false,
       [](In in) { return replace(in, true, true); }},
      {"mustRegexReplaceAllLiteral", {S, S, S}, false,
       [](In in) { return replace(in, true, false); }},
      {"regexSplit", {S, S, I}, false, [](In in) { return split(in, true); }},
      {"mustRegexSplit", {S, S, I}, false,
       [](In in) { return split(in, false); }},
      {"regexQuoteMeta", {S}, false,
       [](In in) { return Value(quote_meta(in.string(0))); }},
  };
  return kTable;
}

}  // namespace skerry::chart
