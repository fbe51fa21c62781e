// sprig: keys and certificates.
#include <arpa/inet.h>

#include "core/text/encoding.h"
#include "gotemplate/crypto/certificate.h"
#include "gotemplate/crypto/der.h"
#include "gotemplate/crypto/private_key.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, I = Type::integer, L = Type::list,
               C = Type::certificate;
constexpr unsigned kCertificateBits = 2048, kKeyBits = 4096;
// What making a key weighs against the limits.
constexpr std::uint64_t kRsaSteps = 500'000, kCurveSteps = 20'000;

// sprig's certificate
class CertificateObject : public Object {
 public:
  CertificateObject(std::string pem_cert, std::string pem_key)
      : cert(std::move(pem_cert)), key(std::move(pem_key)) {}
  std::string type_name() const override { return "sprig.certificate"; }
  Value to_plain() const override {
    Value map = Value::new_map();
    map.set("Cert", cert);
    map.set("Key", key);
    return map;
  }
  std::string to_text() const override {
    return fmt::format("{{{} {}}}", cert, key);
  }
  std::optional<Value> field(std::string_view name) const override {
    if (name == "Cert") return Value(cert);
    if (name == "Key") return Value(key);
    return {};
  }

  const std::string cert, key;
};

Value certificate_value(std::string cert, std::string key) {
  return Value(ObjectPtr(
      std::make_shared<CertificateObject>(std::move(cert), std::move(key))));
}

const RandomBytes& random_of(In in) {
  return in.execution().environment().random_bytes;
}

PrivateKey new_rsa(In in, unsigned bits) {
  in.execution().charge_steps(kRsaSteps * (bits / kCertificateBits) *
                              (bits / kCertificateBits));
  return PrivateKey::make_rsa(bits, random_of(in));
}

PrivateKey read_key(In in, const std::string& pem, std::string_view what) {
  in.execution().charge_steps(kCurveSteps);
  try {
    return PrivateKey::from_pem(pem, random_of(in));
  } catch (const TemplateError& error) {
    fail_call("{}: {}", what, error.message());
  }
}

// net.ParseIP, as the bytes that a certificate holds.
std::string address_bytes(const std::string& text) {
  std::string bytes(16, '\0');
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    return bytes.substr(0, 4);
  }
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) {
    fail_call("error parsing ip: {}", text);
  }
  constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  return bytes.starts_with(kMapped) ? bytes.substr(kMapped.size()) : bytes;
}

std::vector<std::string> texts_of(const Value& list, std::string_view what) {
  std::vector<std::string> texts;
  if (!list.is_list()) return texts;
  for (auto& item : list.items()) {
    if (!item.is_string()) {
      fail_call("error {}: {} is not a string", what, format_value(item));
    }
    texts.push_back(item.string());
  }
  return texts;
}

CertificateRequest request_for(In in, const std::string& name,
                               const Value& addresses, const Value& names,
                               std::int64_t days) {
  constexpr std::uint64_t kDay = 24ull * 3600 * 1'000'000'000;
  constexpr std::int64_t kMilli = 1'000'000, kSecond = 1'000'000'000;
  CertificateRequest request;
  request.common_name = name;
  for (auto& address : texts_of(addresses, "parsing ip")) {
    request.addresses.push_back(address_bytes(address));
  }
  request.names = texts_of(names, "processing alternate dns name");
  std::int64_t millis = in.execution().environment().now_millis();
  request.not_before = millis / 1000;
  // time.Duration holds 292 years and wraps.
  auto validity = static_cast<std::int64_t>(
      static_cast<std::uint64_t>(days) * kDay);
  request.not_after = request.not_before + validity / kSecond;
  std::int64_t rest = millis % 1000 * kMilli + validity % kSecond;
  if (rest < 0) --request.not_after;
  if (rest >= kSecond) ++request.not_after;
  request.names_keys_by_sha1 =
      in.execution().environment().helm_version == 3;
  return request;
}

Value self_signed(In in, CertificateRequest request, PrivateKey key) {
  std::string cert =
      make_certificate(request, key, nullptr, key, random_of(in));
  return certificate_value(std::move(cert), key.to_pem());
}

Value authority(In in, PrivateKey key) {
  auto request = request_for(in, in.string(0), {}, {}, in.integer(1));
  request.is_ca = true;
  return self_signed(in, std::move(request), std::move(key));
}

Value self_signed_for(In in, PrivateKey key) {
  return self_signed(
      in, request_for(in, in.string(0), in[1], in[2], in.integer(3)),
      std::move(key));
}

Value signed_for(In in, PrivateKey key) {
  auto& ca = static_cast<const CertificateObject&>(in[4].object());
  auto block = der::decode_pem(ca.cert);
  if (!block) fail_call("unable to decode certificate");
  CertificateIssuer issuer;
  try {
    issuer = read_issuer(block->bytes);
  } catch (const TemplateError& error) {
    fail_call("error parsing certificate: decodedSignerCert.Bytes: {}",
              error.message());
  }
  auto signer = read_key(in, ca.key, "error parsing private key");
  auto request = request_for(in, in.string(0), in[1], in[2], in.integer(3));
  std::string cert =
      make_certificate(request, key, &issuer, signer, random_of(in));
  return certificate_value(std::move(cert), key.to_pem());
}

Value custom_certificate(In in) {
  auto cert = from_base64(in.string(0));
  if (!cert) fail_call("unable to decode base64 certificate");
  auto key = from_base64(in.string(1));
  if (!key) fail_call("unable to decode base64 private key");
  auto block = der::decode_pem(*cert);
  if (!block) fail_call("unable to decode certificate");
  try {
    read_issuer(block->bytes);
  } catch (const TemplateError& error) {
    fail_call("error parsing certificate: decodedCert.Bytes: {}",
              error.message());
  }
  read_key(in, *key, "error parsing private key");
  return certificate_value(std::move(*cert), std::move(*key));
}

Value private_key(In in) {
  const std::string& type = in.string(0);
  if (type.empty() || type == "rsa") return new_rsa(in, kKeyBits).to_pem();
  if (type == "dsa") fail_call("DSA keys are not supported by Skerry");
  in.execution().charge_steps(kCurveSteps);
  if (type == "ecdsa") return PrivateKey::make_p256(random_of(in)).to_pem();
  if (type == "ed25519") {
    return PrivateKey::make_ed25519(random_of(in)).to_pem();
  }
  return "Unknown type " + type;
}

PrivateKey given_key(In in, std::size_t argument) {
  return read_key(in, in.string(argument), "parsing private key");
}

}  // namespace

std::span<const Function> crypto_functions() {
  static const Function kTable[] = {
      {"genPrivateKey", {S}, false, private_key},
      {"buildCustomCert", {S, S}, false, custom_certificate},
      {"genCA", {S, I}, false,
       [](In in) { return authority(in, new_rsa(in, kCertificateBits)); }},
      {"genCAWithKey", {S, I, S}, false,
       [](In in) { return authority(in, given_key(in, 2)); }},
      {"genSelfSignedCert", {S, L, L, I}, false,
       [](In in) { return self_signed_for(in, new_rsa(in, kCertificateBits)); }},
      {"genSelfSignedCertWithKey", {S, L, L, I, S}, false,
       [](In in) { return self_signed_for(in, given_key(in, 4)); }},
      {"genSignedCert", {S, L, L, I, C}, false,
       [](In in) { return signed_for(in, new_rsa(in, kCertificateBits)); }},
      {"genSignedCertWithKey", {S, L, L, I, C, S}, false,
       [](In in) { return signed_for(in, given_key(in, 5)); }},
  };
  return kTable;
}

}  // namespace skerry::chart
