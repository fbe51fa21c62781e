// What an upstream registry says in headers and token answers, and what an
// administrator sends as its configuration.
#include <cstdint>
#include <string_view>

#include "core/error.h"
#include "core/text/json.h"
#include "registry/challenge.h"
#include "upstream/config.h"
#include "upstream/trouble.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry::registry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& one : parse_challenges(text)) {
    if (one.scheme.empty() || one.params.size() > 32) __builtin_trap();
  }
  parse_next_link(text);
  if (const auto range = parse_content_range(text)) {
    if (range->last < range->first) __builtin_trap();
  }
  if (const auto issued = parse_token_answer(text)) {
    if (issued->token.find_first_of("\r\n ") != std::string::npos) {
      __builtin_trap();
    }
  }
  for (const char c : warning_text(std::string(text))) {
    if (c < ' ' || c >= 0x7f) __builtin_trap();
  }
  try {
    const auto config = read_config(skerry::parse_json(text), nullptr);
    // What is shown can be sent again, but for the password.
    if (show_config(config).at("url") != config.url) __builtin_trap();
    is_allowed(config, "library/alpine");
  } catch (const skerry::Error&) {
  }
  return 0;
}
