// Any bytes are read into suites of well-formed text or refused.
#include <cstdint>

#include "core/error.h"
#include "core/text/unicode.h"
#include "quality/junit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  try {
    for (const auto& suite : skerry::ci::parse_junit(xml, "report.xml")) {
      for (const auto& one : suite.cases) {
        if (skerry::unicode::repaired(one.details) != one.details) {
          __builtin_trap();
        }
      }
    }
  } catch (const skerry::Error&) {
  }
  return 0;
}
