// A position in a text that counts lines and columns. Used by the lexer.
#pragma once

#include <string_view>

#include "expression.h"

namespace skerry::ci {

class Cursor {
 public:
  Cursor(std::string_view text, Place place) : text_(text), place_(place) {}

  bool at_end() const { return offset_ >= text_.size(); }
  // The byte `ahead` of here, '\0' past the end.
  char peek(std::size_t ahead = 0) const {
    return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0';
  }
  bool at(std::string_view what) const {
    return text_.substr(offset_).starts_with(what);
  }
  char next() {
    const char c = text_[offset_++];
    if (c == '\n') {
      ++place_.line;
      place_.column = 1;
    } else {
      ++place_.column;
    }
    return c;
  }
  void skip(std::size_t count) {
    while (count-- > 0 && !at_end()) next();
  }
  const Place& place() const { return place_; }
  std::size_t offset() const { return offset_; }
  std::string_view since(std::size_t offset) const {
    return text_.substr(offset, offset_ - offset);
  }

 private:
  std::string_view text_;
  Place place_;
  std::size_t offset_ = 0;
};

}  // namespace skerry::ci
