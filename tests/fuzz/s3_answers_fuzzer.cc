// Any bytes are read as each of S3's answers, into well-formed text, or
// refused.
#include <cstdint>

#include "core/error.h"
#include "core/s3/answers.h"
#include "core/text/unicode.h"

namespace {

void demand_text(const std::string& text) {
  if (skerry::unicode::repaired(text) != text) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  try {
    for (const auto& object : skerry::s3::parse_listing(xml).objects) {
      demand_text(object.key);
    }
  } catch (const skerry::Error&) {
  }
  try {
    demand_text(skerry::s3::parse_upload_id(xml));
  } catch (const skerry::Error&) {
  }
  if (const auto fault = skerry::s3::parse_fault(xml)) {
    demand_text(fault->code);
    demand_text(fault->message);
  }
  skerry::s3::is_answer(xml, "CopyObjectResult");
  skerry::s3::parse_iso_time(xml);
  skerry::s3::parse_http_time(xml);
  return 0;
}
