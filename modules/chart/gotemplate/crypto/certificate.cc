#include "gotemplate/crypto/certificate.h"

#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>

#include <algorithm>

#include "core/text/unicode.h"
#include "gotemplate/crypto/der.h"
#include "gotemplate/error.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

constexpr std::size_t kKeyIdBytes = 20;
constexpr std::string_view kSubjectKeyId("\x55\x1d\x0e", 3);

const unsigned char* unsigned_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string key_id(std::string_view public_der, bool by_sha1) {
  auto whole = der::take(public_der);
  auto parts = whole ? der::take_all(whole->content) : std::nullopt;
  if (!parts || parts->size() != 2) return "";
  std::string_view point = (*parts)[1].content.substr(1);
  unsigned char hash[32];
  if (by_sha1) {
    mbedtls_sha1(unsigned_bytes(point), point.size(), hash);
  } else {
    mbedtls_sha256(unsigned_bytes(point), point.size(), hash, 0);
  }
  return {reinterpret_cast<const char*>(hash), kKeyIdBytes};
}

std::string name_der(const std::string& common_name) {
  if (common_name.empty()) return der::sequence("");
  if (unicode::repaired(common_name) != common_name) {
    fail_call("error creating certificate: asn1: string not valid UTF-8");
  }
  return der::sequence(der::set(der::sequence(
      der::identifier("\x55\x04\x03") + der::text(common_name))));
}

std::string extension(std::string_view id, bool is_critical,
                      std::string_view value) {
  return der::sequence(der::identifier(id) +
                       (is_critical ? der::boolean(true) : "") +
                       der::octets(value));
}

std::string alternative_names(const CertificateRequest& request) {
  std::string names;
  for (auto& name : request.names) {
    bool ascii = std::all_of(name.begin(), name.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x80;
    });
    if (!ascii) {
      fail_call("error creating certificate: x509: {} cannot be encoded as an "
                "IA5String", quote(name));
    }
    names += der::element(0x82, name);
  }
  for (auto& address : request.addresses) names += der::element(0x87, address);
  return der::sequence(names);
}

std::string extensions(const CertificateRequest& request,
                       std::string_view public_key,
                       std::string_view issuer_key_id) {
  std::string all;
  // digitalSignature, keyEncipherment and, for an authority, keyCertSign
  all += extension("\x55\x1d\x0f", true,
                   request.is_ca ? der::bits("\xA4", 2) : der::bits("\xA0", 5));
  all += extension(
      "\x55\x1d\x25", false,
      der::sequence(der::identifier("\x2b\x06\x01\x05\x05\x07\x03\x01") +
                    der::identifier("\x2b\x06\x01\x05\x05\x07\x03\x02")));
  all += extension("\x55\x1d\x13", true,
                   der::sequence(request.is_ca ? der::boolean(true) : ""));
  if (request.is_ca) {
    all += extension(
        kSubjectKeyId, false,
        der::octets(key_id(public_key, request.names_keys_by_sha1)));
  }
  if (!issuer_key_id.empty()) {
    all += extension("\x55\x1d\x23", false,
                     der::sequence(der::element(0x80, issuer_key_id)));
  }
  if (!request.names.empty() || !request.addresses.empty()) {
    all += extension("\x55\x1d\x11", request.common_name.empty(),
                     alternative_names(request));
  }
  return der::element(0xA3, der::sequence(all));
}

// The extension's octets in an octet string, or "".
std::string find_key_id(std::string_view list) {
  auto outer = der::take(list);
  auto all = outer ? der::take_all(outer->content) : std::nullopt;
  if (!all) return "";
  for (auto& each : *all) {
    auto parts = der::take_all(each.content);
    if (!parts || parts->size() < 2) continue;
    if ((*parts)[0].content != kSubjectKeyId) continue;
    std::string_view value = parts->back().content;
    auto id = der::take(value);
    return id ? std::string(id->content) : "";
  }
  return "";
}

}  // namespace

CertificateIssuer read_issuer(std::string_view certificate) {
  auto malformed = [] { fail_call("x509: malformed certificate"); };
  auto whole = der::take(certificate);
  auto parts = whole && whole->tag == 0x30 ? der::take_all(whole->content)
                                           : std::nullopt;
  if (!parts || parts->size() != 3) malformed();
  auto body = der::take_all((*parts)[0].content);
  if (!body) malformed();
  auto& fields = *body;
  std::size_t at = !fields.empty() && fields[0].tag == 0xA0 ? 1 : 0;
  if (fields.size() < at + 6) malformed();
  CertificateIssuer issuer;
  issuer.subject = fields[at + 4].whole;
  issuer.public_key = fields[at + 5].whole;
  for (auto& field : fields) {
    if (field.tag == 0xA3) issuer.key_id = find_key_id(field.content);
  }
  return issuer;
}

std::string make_certificate(const CertificateRequest& request,
                             const PrivateKey& key,
                             const CertificateIssuer* issuer,
                             PrivateKey& signer, const RandomBytes& random) {
  constexpr std::size_t kSerialBytes = 16;
  std::string public_key = key.public_der();
  std::string subject = name_der(request.common_name);
  bool is_own = !issuer || issuer->subject == subject;
  if (issuer && signer.public_der() != issuer->public_key) {
    fail_call("error creating certificate: x509: provided PrivateKey doesn't "
              "match parent's PublicKey");
  }
  std::string algorithm = signer.signature_algorithm();
  std::string body = der::sequence(
      der::element(0xA0, der::integer("\x02")) +
      der::integer(random(kSerialBytes)) + algorithm +
      (issuer ? issuer->subject : subject) +
      der::sequence(der::time(request.not_before) +
                    der::time(request.not_after)) +
      subject + public_key +
      extensions(request, public_key, is_own ? "" : issuer->key_id));
  std::string signature = signer.sign(body, random);
  return der::encode_pem(
      "CERTIFICATE",
      der::sequence(body + algorithm + der::bits(signature)));
}

}  // namespace skerry::chart
