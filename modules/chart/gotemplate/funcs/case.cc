// sprig: upper and lower case, and words.
#include "core/text/unicode.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/funcs/words.h"

namespace skerry::chart {

namespace {

std::string mapped(std::string_view text, char32_t (*change)(char32_t)) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    unicode::append(out, change(unicode::next(text, i)));
  }
  return out;
}

// strings.Title: what is no letter, digit or underscore parts words.
std::string title(std::string_view text) {
  std::string out;
  bool starts_word = true;
  for (std::size_t i = 0; i < text.size();) {
    char32_t c = unicode::next(text, i);
    unicode::append(out, starts_word ? unicode::to_title(c) : c);
    bool in_word =
        c == '_' || unicode::is_letter(c) || unicode::is_digit(c);
    starts_word = c < 0x80 ? !in_word : !in_word && unicode::is_space(c);
  }
  return out;
}

std::string untitle(std::string_view text) {
  std::string out;
  bool starts_word = true;
  for (std::size_t i = 0; i < text.size();) {
    char32_t c = unicode::next(text, i);
    if (unicode::is_space(c)) {
      starts_word = true;
    } else if (starts_word) {
      c = unicode::to_lower(c);
      starts_word = false;
    }
    unicode::append(out, c);
  }
  return out;
}

// The first small letter of a word becomes its title form.
std::string swapcase(std::string_view text) {
  std::string out;
  bool after_space = true;
  for (std::size_t i = 0; i < text.size();) {
    char32_t c = unicode::next(text, i);
    bool is_lower = !unicode::is_upper(c) && unicode::to_upper(c) != c;
    if (unicode::is_upper(c)) {
      c = unicode::to_lower(c);
      after_space = false;
    } else if (is_lower) {
      c = after_space ? unicode::to_title(c) : unicode::to_upper(c);
      after_space = false;
    } else {
      after_space = unicode::is_space(c);
    }
    unicode::append(out, c);
  }
  return out;
}

}  // namespace

std::span<const Function> case_functions() {
  using In = Invocation&;
  constexpr Type S = Type::string;
  static const Function kTable[] = {
      {"upper", {S}, false,
       [](In in) { return Value(mapped(in.string(0), unicode::to_upper)); }},
      {"lower", {S}, false,
       [](In in) { return Value(mapped(in.string(0), unicode::to_lower)); }},
      {"title", {S}, false, [](In in) { return Value(title(in.string(0))); }},
      {"untitle", {S}, false,
       [](In in) { return Value(untitle(in.string(0))); }},
      {"swapcase", {S}, false,
       [](In in) { return Value(swapcase(in.string(0))); }},
      {"snakecase", {S}, false,
       [](In in) { return Value(joined_words(in.string(0), U'_')); }},
      {"kebabcase", {S}, false,
       [](In in) { return Value(joined_words(in.string(0), U'-')); }},
      {"camelcase", {S}, false,
       [](In in) { return Value(pascal_case(in.string(0))); }},
  };
  return kTable;
}

}  // namespace skerry::chart
