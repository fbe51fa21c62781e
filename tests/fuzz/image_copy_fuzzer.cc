// Names of images to copy, and the headers of archives that hold them.
#include <cstdint>
#include <string_view>

#include "client/copy/place_name.h"
#include "client/copy/tar.h"
#include "core/error.h"

namespace {

template <typename Parse>
void attempt(Parse&& parse) {
  try {
    parse();
  } catch (const skerry::Error&) {
    // Refused, as most of this should be.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  attempt([&] { skerry::app::parse_place(text); });
  attempt([&] { skerry::app::parse_pax(text); });
  attempt([&] {
    skerry::app::parse_tar_header(text.substr(0, skerry::app::kTarBlock));
  });
  return 0;
}
