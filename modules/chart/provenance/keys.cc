#include "provenance/keys.h"

#include "core/error.h"
#include "provenance/packets.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kEd25519Oid("\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01",
                                       9);
constexpr std::size_t kPoint = 32;

// The algorithm's own part; what is not known is left unread.
void read_material(Octets& octets, PublicKey& key) {
  switch (key.algorithm) {
    case 1:
    case 3:
      key.kind = KeyKind::rsa;
      key.rsa.modulus = octets.integer();
      key.rsa.exponent = octets.integer();
      return;
    case 22: {
      auto curve = octets.take(octets.number(1));
      auto point = octets.integer();
      if (curve != kEd25519Oid) return;
      if (point.size() != kPoint + 1 || point[0] != '\x40') {
        fail_openpgp("a point that is not on Ed25519");
      }
      key.kind = KeyKind::eddsa;
      key.point = point.substr(1);
      return;
    }
    case 27:
      key.kind = KeyKind::ed25519;
      key.point = octets.take(kPoint);
      return;
    default:
      return;
  }
}

PublicKey read_key(Octets& octets, std::string_view body) {
  std::uint32_t version = octets.number(1);
  if (version != 4) {
    fail(ErrorCode::invalid,
         "openpgp: unsupported feature: keys of version {}", version);
  }
  PublicKey key;
  key.created = octets.number(4);
  key.algorithm = octets.number(1);
  read_material(octets, key);
  std::size_t size = key.kind == KeyKind::other
                         ? body.size()
                         : body.size() - octets.rest().size();
  key.body = body.substr(0, size);
  key.fingerprint = hash_of(
      HashKind::sha1, "\x99" + make_number(key.body.size(), 2) + key.body);
  return key;
}

void read_string_to_key(Octets& octets, SecretKey& secret) {
  secret.s2k_kind = octets.number(1);
  secret.s2k_hash = octets.number(1);
  if (secret.s2k_kind == 101) {  // GnuPG's own: no secret, or one on a card
    secret.is_stub = true;
    return;
  }
  if (secret.s2k_kind == 1 || secret.s2k_kind == 3) {
    secret.salt = octets.take(8);
  }
  if (secret.s2k_kind == 3) {
    std::uint32_t coded = octets.number(1);
    secret.s2k_count = (16 + (coded & 15)) << ((coded >> 4) + 6);
  }
}

std::size_t key_size(std::uint32_t cipher) {
  if (cipher == 7) return 16;
  if (cipher == 8) return 24;
  if (cipher == 9) return 32;
  fail(ErrorCode::invalid,
       "the secret key is encrypted with cipher {}: only AES is supported",
       cipher);
}

// Section 3.7.1.
std::string key_from(std::string_view passphrase, const SecretKey& secret) {
  auto hash = known_hash(secret.s2k_hash);
  bool is_known = secret.s2k_kind == 0 || secret.s2k_kind == 1 ||
                  secret.s2k_kind == 3;
  if (!hash || !is_known) {
    fail(ErrorCode::invalid,
         "the secret key's passphrase is hashed in a way (kind {}, hash {}) "
         "that is not supported",
         secret.s2k_kind, secret.s2k_hash);
  }
  std::string unit = secret.salt + std::string(passphrase);
  std::string input = unit;
  if (secret.s2k_kind == 3 && secret.s2k_count > unit.size()) {
    input.reserve(secret.s2k_count + unit.size());
    while (input.size() < secret.s2k_count) input += unit;
    input.resize(secret.s2k_count);
  }
  std::size_t size = key_size(secret.cipher);
  std::string key, zeros;
  while (key.size() < size) {
    std::string prefixed = zeros + input;
    key += hash_of(*hash, prefixed);
    wipe_secret(prefixed);
    zeros += '\0';
  }
  wipe_secret(input);
  wipe_secret(unit);
  key.resize(size);
  return key;
}

[[noreturn]] void fail_checksum() {
  fail(ErrorCode::denied,
       "openpgp: invalid data: private key checksum failure");
}

// Takes the check value off the end of the opened secret.
void check_secret(std::string& data, std::uint32_t usage) {
  std::size_t size = usage == 254 ? 20 : 2;
  if (data.size() < size) fail_openpgp("truncated private key data");
  std::string found = data.substr(data.size() - size);
  data.resize(data.size() - size);
  if (usage == 254) {
    if (hash_of(HashKind::sha1, data) != found) fail_checksum();
    return;
  }
  std::uint32_t sum = 0;
  for (char c : data) sum += static_cast<unsigned char>(c);
  if (make_number(sum & 0xFFFF, 2) != found) fail_checksum();
}

}  // namespace

OpenSecret::~OpenSecret() {
  for (auto* text : {&rsa.d, &rsa.p, &rsa.q, &seed}) wipe_secret(*text);
}

PublicKey read_public_key(std::string_view body) {
  Octets octets(body);
  return read_key(octets, body);
}

PublicKey read_secret_key(std::string_view body, SecretKey& secret) {
  Octets octets(body);
  PublicKey key = read_key(octets, body);
  if (key.kind == KeyKind::other) return key;
  secret.usage = octets.number(1);
  if (secret.usage >= 253) {
    secret.cipher = octets.number(1);
    if (secret.usage == 253) octets.number(1);  // the mode, see open_secret
    read_string_to_key(octets, secret);
    if (secret.is_stub) return key;
    if (secret.usage != 253) secret.iv = octets.take(16);
  } else if (secret.usage != 0) {
    secret.cipher = secret.usage;
    secret.s2k_hash = 1;  // MD5, which is refused when it is opened
    secret.iv = octets.take(16);
  }
  secret.data = octets.rest();
  return key;
}

OpenSecret open_secret(const PublicKey& key, const SecretKey& secret,
                       std::string_view passphrase) {
  if (secret.is_stub) {
    fail(ErrorCode::invalid, "the keyring holds no secret of this key, which "
         "is on a card or was left out");
  }
  if (secret.usage == 253) {
    fail(ErrorCode::invalid,
         "the secret key is encrypted with AEAD, which is not supported");
  }
  std::string data = secret.data;
  if (secret.is_encrypted()) {
    std::string opening = key_from(passphrase, secret);
    data = aes_cfb_decrypt(opening, secret.iv, secret.data);
    wipe_secret(opening);
  }
  check_secret(data, secret.usage);
  OpenSecret open;
  Octets octets(data);
  if (key.kind == KeyKind::rsa) {
    open.rsa.d = octets.integer();
    open.rsa.p = octets.integer();
    open.rsa.q = octets.integer();
  } else if (key.kind == KeyKind::eddsa) {
    std::string seed(octets.integer());
    open.seed =
        std::string(kPoint - std::min(kPoint, seed.size()), '\0') + seed;
  } else {
    open.seed = octets.take(kPoint);
  }
  wipe_secret(data);
  return open;
}

}  // namespace skerry::chart
