// The settings of a webhook, and the references of a manifest.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/error.h"
#include "notify/webhook.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry::registry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto webhook = change_webhook({}, skerry::parse_json(text));
    auto again = change_webhook({}, settings_json(webhook));
    read_secrets(again, secrets_json(webhook));
    if (settings_json(again) != settings_json(webhook)) std::abort();
  } catch (const skerry::Error&) {
  }
  try {
    references_text(text);
  } catch (const skerry::Error&) {
  }
  return 0;
}
