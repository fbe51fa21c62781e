#include "provenance/signature.h"

#include <algorithm>

#include "core/error.h"
#include "provenance/packets.h"

namespace skerry::chart {

namespace {

constexpr std::size_t kEd25519Half = 32, kEd25519Whole = 64;

// Numbers of section 5.2.3.7.
enum class Part : std::uint32_t {
  created = 2,
  expires = 3,
  key_expires = 9,
  issuer = 16,
  notation = 20,
  primary_user = 25,
  key_flags = 27,
  embedded = 32,
  fingerprint = 33,
};

// Of these nothing is asked here, critical or not.
bool is_harmless(std::uint32_t number) {
  static constexpr std::uint32_t kKnown[] = {4,  5,  6,  7,  11, 21, 22, 23,
                                             24, 26, 28, 29, 30, 31, 35, 39};
  return std::find(std::begin(kKnown), std::end(kKnown), number) !=
         std::end(kKnown);
}

std::size_t part_length(Octets& octets) {
  std::uint32_t first = octets.number(1);
  if (first < 192) return first;
  if (first < 255) return ((first - 192) << 8) + octets.number(1) + 192;
  return octets.number(4);
}

void read_part(std::uint32_t number, bool is_critical, std::string_view body,
               bool is_hashed, Signature& signature) {
  Octets octets(body);
  switch (static_cast<Part>(number)) {
    case Part::issuer:
      signature.issuer = octets.take(8);
      return;
    case Part::embedded:
      signature.embedded = body;
      return;
    case Part::fingerprint:
      if (octets.number(1) == 4) signature.fingerprint = octets.take(20);
      return;
    default:
      break;
  }
  if (!is_hashed) return;  // anybody may have put it there
  switch (static_cast<Part>(number)) {
    case Part::created:
      signature.created = octets.number(4);
      return;
    case Part::expires:
      signature.lifetime = octets.number(4);
      return;
    case Part::key_expires:
      signature.key_lifetime = octets.number(4);
      return;
    case Part::primary_user:
      signature.is_primary_user = octets.number(1) != 0;
      return;
    case Part::key_flags:
      signature.key_flags = body.empty() ? 0 : octets.number(1);
      return;
    default:
      if (is_critical && !is_harmless(number)) {
        signature.has_unknown_critical = true;
      }
  }
}

void read_parts(std::string_view bytes, bool is_hashed, Signature& signature) {
  Octets octets(bytes);
  while (!octets.empty()) {
    std::string_view part = octets.take(part_length(octets));
    if (part.empty()) fail_openpgp("zero length signature subpacket");
    auto number = static_cast<unsigned char>(part[0]);
    read_part(number & 0x7F, (number & 0x80) != 0, part.substr(1), is_hashed,
              signature);
  }
}

std::string make_part(Part part, bool is_critical, std::string_view body) {
  auto number = static_cast<std::uint32_t>(part) | (is_critical ? 0x80u : 0u);
  return make_number(body.size() + 1, 1) + make_number(number, 1) +
         std::string(body);
}

// What is hashed behind the content (section 5.2.4).
std::string with_trailer(std::string_view content, std::string_view hashed) {
  return std::string(content) + std::string(hashed) + "\x04\xFF" +
         make_number(hashed.size(), 4);
}

std::string padded(std::string_view number, std::size_t size) {
  return std::string(size - std::min(size, number.size()), '\0') +
         std::string(number);
}

}  // namespace

bool Signature::is_certification() const {
  return type >= SignatureType::generic_certification &&
         type <= SignatureType::positive_certification;
}

bool Signature::claims(const PublicKey& key) const {
  if (!fingerprint.empty()) return fingerprint == key.fingerprint;
  return issuer == key.id();
}

Signature read_signature(std::string_view body) {
  Octets octets(body);
  std::uint32_t version = octets.number(1);
  if (version != 4) {
    fail(ErrorCode::invalid,
         "openpgp: unsupported feature: signatures of version {}", version);
  }
  Signature signature;
  signature.type = static_cast<SignatureType>(octets.number(1));
  signature.algorithm = octets.number(1);
  signature.hash_number = octets.number(1);
  read_parts(octets.take(octets.number(2)), true, signature);
  signature.hashed = body.substr(0, body.size() - octets.rest().size());
  read_parts(octets.take(octets.number(2)), false, signature);
  octets.take(2);  // the hash's first bytes, a hint only
  signature.values = octets.rest();
  return signature;
}

bool is_signed_by(const PublicKey& key, const Signature& signature,
                  std::string_view content, bool allows_old) {
  auto kind = known_hash(signature.hash_number);
  if (!kind || (*kind == HashKind::sha1 && !allows_old)) {
    fail(ErrorCode::invalid,
         "openpgp: unsupported feature: hash function {} of a signature",
         signature.hash_number);
  }
  if (signature.algorithm != key.algorithm) return false;
  std::string hash = hash_of(*kind, with_trailer(content, signature.hashed));
  Octets octets(signature.values);
  if (key.kind == KeyKind::rsa) {
    return rsa_verify(key.rsa, *kind, hash, octets.integer());
  }
  if (key.kind == KeyKind::eddsa) {
    std::string first = padded(octets.integer(), kEd25519Half);
    return ed25519_verify(key.point, hash,
                          first + padded(octets.integer(), kEd25519Half));
  }
  return key.kind == KeyKind::ed25519 &&
         ed25519_verify(key.point, hash, octets.take(kEd25519Whole));
}

std::string sign_text(const PublicKey& key, const OpenSecret& secret,
                      std::string_view content, std::uint32_t now) {
  std::string parts = make_part(Part::created, true, make_number(now, 4)) +
                      make_part(Part::issuer, false, key.id()) +
                      make_part(Part::fingerprint, false,
                                "\x04" + key.fingerprint);
  std::string body = make_number(4, 1) + make_number(1, 1) +
                     make_number(key.algorithm, 1) +
                     make_number(static_cast<unsigned>(HashKind::sha512), 1) +
                     make_number(parts.size(), 2) + parts;
  std::string hash = hash_of(HashKind::sha512, with_trailer(content, body));
  body += make_number(0, 2) + hash.substr(0, 2);
  if (key.kind == KeyKind::rsa) {
    body += make_integer(
        rsa_sign(key.rsa, secret.rsa, HashKind::sha512, hash));
  } else {
    auto made = ed25519_sign(secret.seed, key.point, hash);
    body += key.kind == KeyKind::ed25519
                ? made
                : make_integer(made.substr(0, kEd25519Half)) +
                      make_integer(made.substr(kEd25519Half));
  }
  return make_packet(Tag::signature, body);
}

}  // namespace skerry::chart
