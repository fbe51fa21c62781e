// The tokens of the part of Groovy that declarative pipelines are written in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression.h"

namespace skerry::ci {

// A piece of a string: text, or the source of an interpolated expression.
struct TextPiece {
  bool is_code = false;
  std::string text;
  Place place;  // of the first byte of the code
};

struct Token {
  enum class Kind { word, text, integer, decimal, sign, newline, end };
  Kind kind = Kind::end;
  Place place;
  // A word; a sign ("{", "==", ...); a number as it was written.
  std::string spelling;
  std::int64_t integer = 0;
  double decimal = 0;
  std::vector<TextPiece> pieces;  // of a text
  bool after_space = false;       // space stands before it

  bool is_sign(std::string_view sign) const {
    return kind == Kind::sign && spelling == sign;
  }
  bool is_word(std::string_view word) const {
    return kind == Kind::word && spelling == word;
  }
};

}  // namespace skerry::ci
