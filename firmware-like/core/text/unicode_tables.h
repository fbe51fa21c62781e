// The data behind core/text/unicode.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace skerry::unicode {

struct CodePointRange {
  char32_t first, last;
};

// What to add for upper, lower and title case. kUL: capitals and small letters
// alternate, beginning with a capital.
struct CaseRange {
  char32_t first, last;
  std::int32_t upper, lower, title;
};
inline constexpr std::int32_t kUL = 0x110000;

extern const CodePointRange kLetters[], kDigits[], kPrintable[], kUpperCase[];
extern const CaseRange kCases[];
extern const std::size_t kLettersCount, kDigitsCount, kPrintableCount,
    kUpperCaseCount, kCasesCount;

}  // namespace skerry::unicode
