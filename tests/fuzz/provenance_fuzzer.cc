// Reads any bytes as a keyring, as its secrets, as a signed message and as a
// provenance file.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "provenance/armor.h"
#include "provenance/clear_text.h"
#include "provenance/verify.h"

namespace {

using namespace skerry::chart;

template <typename Work>
void try_to(const Work& work) {
  try {
    work();
  } catch (const skerry::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  Keyring keyring;
  try_to([&] { keyring = parse_keyring(text); });
  for (auto& owner : keyring) {
    if (!owner.secret) continue;
    // The passphrase is hashed for as long as the key says, up to 65 MB.
    if (owner.secret->s2k_count > 100'000) continue;
    try_to([&] { open_secret(owner.key, *owner.secret, "secret"); });
  }
  try_to([&] { read_armor(text); });
  try_to([&] { read_signature(text); });
  try_to([&] { verify_provenance("archive", text, keyring, "a.tgz", 0); });
  if (auto message = read_clear_text(text)) {
    std::string again = write_clear_text(
        message->text, "SHA512",
        [&](const std::string&) { return message->signature; });
    auto read = read_clear_text(again);
    if (!read || read->signature != message->signature) __builtin_trap();
  }
  return 0;
}
