// Keys, bundles and payloads of any bytes: refused by an Error, or read. And
// whatever lies beside an image, it is not signed by a key that signed
// nothing.
#include <cstdint>
#include <string_view>

#include "core/error.h"
#include "registry/signatures/check.h"
#include "signatures/bundle.h"
#include "signatures/pem.h"
#include "signatures/simple_signing.h"

namespace {

using namespace skerry;
using namespace skerry::registry;

// One manifest, by the tag and as a referrer; every blob is the same bytes.
class AnySource : public SignatureSource {
 public:
  AnySource(std::string_view manifest, std::string_view blob)
      : manifest_(manifest), blob_(blob) {}
  std::optional<Manifest> tagged(const std::string&) override {
    return Manifest{digest_of(manifest_), manifest_};
  }
  std::vector<Manifest> referrers(const Digest&) override {
    return {{digest_of(manifest_), manifest_}};
  }
  std::string blob(const Digest&, std::uint64_t) override { return blob_; }

 private:
  const std::string manifest_, blob_;
};

template <typename Do>
void try_to(Do&& act) {
  try {
    act();
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const PrivateKey kKey = PrivateKey::generate();
  static const std::vector<NamedKey> kKeys{{"key", kKey.public_key()}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_to([&] { PublicKey::parse(text); });
  try_to([&] { PublicKey::parse(to_pem("PUBLIC KEY", text)); });
  // Without a password: what scrypt costs is not what is looked for.
  const auto stop = []() -> std::string { fail(ErrorCode::denied, "no"); };
  try_to([&] { PrivateKey::parse(text, stop); });
  try_to([&] { PrivateKey::parse(to_pem("EC PRIVATE KEY", text), stop); });
  try_to([&] {
    const auto bundle = parse_bundle(text);
    parse_statement(bundle.payload);
  });
  try_to([&] { parse_statement(text).about(digest_of("x")); });
  try_to([&] { parse_payload(text); });
  const auto half = text.find('\n');
  if (half == text.npos) return 0;
  AnySource source(text.substr(0, half), text.substr(half + 1));
  for (const auto& one :
       check_signatures(source, digest_of("image"), "image", kKeys)) {
    if (one.valid()) __builtin_trap();
  }
  return 0;
}
