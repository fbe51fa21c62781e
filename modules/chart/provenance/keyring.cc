#include "provenance/keyring.h"

#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "core/os/file.h"
#include "provenance/armor.h"
#include "provenance/packets.h"

namespace skerry::chart {

namespace {

constexpr std::uint64_t kMaxKeyring = 64u << 20;

bool begins_key(Tag tag) {
  return tag == Tag::public_key || tag == Tag::secret_key;
}

std::string hashed_key(const PublicKey& key) {
  return "\x99" + make_number(key.body.size(), 2) + key.body;
}

// Reads one key with what follows it.
class OwnerReader {
 public:
  KeyOwner read(const std::vector<Packet>& packets, std::size_t begin,
                std::size_t end) {
    read_primary(packets[begin]);
    std::size_t at = begin + 1;
    while (at < end) {
      std::size_t next = at + 1;
      while (next < end && (packets[next].tag == Tag::signature ||
                            packets[next].tag == Tag::trust)) {
        ++next;
      }
      read_part(packets[at], signatures_in(packets, at + 1, next));
      at = next;
    }
    if (owner_.identities.empty()) {
      fail_openpgp("v4 entity without any identities");
    }
    return std::move(owner_);
  }

 private:
  void read_primary(const Packet& packet) {
    if (packet.tag == Tag::secret_key) {
      owner_.secret.emplace();
      owner_.key = read_secret_key(packet.body, *owner_.secret);
    } else {
      owner_.key = read_public_key(packet.body);
    }
    if (owner_.key.kind == KeyKind::other) {
      fail(ErrorCode::invalid,
           "openpgp: unsupported feature: public key algorithm {}: only RSA "
           "and Ed25519 keys are supported",
           owner_.key.algorithm);
    }
  }

  // Those that can be read: a key may carry signatures of all the world.
  static std::vector<Signature> signatures_in(
      const std::vector<Packet>& packets, std::size_t begin, std::size_t end) {
    std::vector<Signature> signatures;
    for (std::size_t i = begin; i < end; ++i) {
      if (packets[i].tag != Tag::signature) continue;
      try {
        signatures.push_back(read_signature(packets[i].body));
      } catch (const Error&) {
        continue;
      }
    }
    return signatures;
  }

  void read_part(const Packet& packet,
                 const std::vector<Signature>& signatures) {
    if (packet.tag == Tag::signature) {
      try {
        note_revocation(read_signature(packet.body));
      } catch (const Error&) {
        return;
      }
      for (auto& signature : signatures) note_revocation(signature);
    } else if (packet.tag == Tag::user_id) {
      read_identity(std::string(packet.body), signatures);
    } else if (packet.tag == Tag::public_subkey) {
      read_sub_key(read_public_key(packet.body), signatures);
    } else if (packet.tag == Tag::secret_subkey) {
      SecretKey ignored;
      read_sub_key(read_secret_key(packet.body, ignored), signatures);
    }
  }

  bool is_own(const Signature& signature, const std::string& content) const {
    return is_signed_by(owner_.key, signature, content, true);
  }

  // Of the whole key.
  void note_revocation(const Signature& signature) {
    if (signature.type == SignatureType::key_revocation &&
        is_own(signature, hashed_key(owner_.key))) {
      owner_.is_revoked = true;
    }
  }

  void read_identity(const std::string& name,
                     const std::vector<Signature>& signatures) {
    std::string content = hashed_key(owner_.key) + "\xB4" +
                          make_number(name.size(), 4) + name;
    std::optional<Identity> identity;
    bool is_revoked = false;
    for (auto& signature : signatures) {
      if (!signature.claims(owner_.key)) continue;
      bool revokes = signature.type == SignatureType::certification_revocation;
      if (!revokes && !signature.is_certification()) {
        note_revocation(signature);
        continue;
      }
      if (!is_own(signature, content)) {
        fail_openpgp("user ID self-signature invalid");
      }
      is_revoked = is_revoked || revokes;
      bool is_newer =
          !identity || signature.created > identity->signature.created;
      if (!revokes && is_newer) identity = Identity{name, signature};
    }
    if (!identity) return;
    identity->is_revoked = is_revoked;
    owner_.identities.push_back(std::move(*identity));
  }

  void read_sub_key(PublicKey key, const std::vector<Signature>& signatures) {
    std::string content = hashed_key(owner_.key) + hashed_key(key);
    std::optional<SubKey> sub;
    bool is_revoked = false;
    for (auto& signature : signatures) {
      bool revokes = signature.type == SignatureType::subkey_revocation;
      if (!revokes && signature.type != SignatureType::subkey_binding) continue;
      if (!is_own(signature, content)) {
        fail_openpgp("subkey signature invalid");
      }
      is_revoked = is_revoked || revokes;
      bool is_newer = !sub || signature.created > sub->binding.created;
      if (!revokes && is_newer) sub = SubKey{key, signature};
    }
    if (!sub) fail_openpgp("subkey packet not followed by signature");
    if (!may_sign(*sub, content)) return;
    sub->is_revoked = is_revoked;
    owner_.sub_keys.push_back(std::move(*sub));
  }

  // A key that signs must itself agree to belong to the other one.
  static bool may_sign(const SubKey& sub, const std::string& content) {
    if ((sub.binding.key_flags.value_or(0) & kMaySign) == 0) return false;
    if (sub.key.kind == KeyKind::other || sub.binding.embedded.empty()) {
      return false;
    }
    auto back = read_signature(sub.binding.embedded);
    return back.type == SignatureType::primary_binding &&
           is_signed_by(sub.key, back, content, true);
  }

  KeyOwner owner_;
};

bool is_over(std::uint32_t created, std::uint32_t lifetime, std::int64_t now) {
  return lifetime != 0 && now > std::int64_t{created} + lifetime;
}

[[noreturn]] void fail_signer(std::string_view why) {
  fail(ErrorCode::denied, "openpgp: {}", why);
}

// The key with the signature's id, which says what it may be used for.
struct Candidate {
  const KeyOwner* owner = nullptr;
  const SubKey* sub = nullptr;
  const PublicKey& key() const { return sub ? sub->key : owner->key; }
};

std::vector<Candidate> candidates_for(const Keyring& keyring,
                                      const std::string& id) {
  std::vector<Candidate> found;
  for (auto& owner : keyring) {
    auto flags = owner.main_identity().signature.key_flags;
    if (owner.key.id() == id && (flags.value_or(0) & kMaySign) != 0) {
      found.push_back({&owner, nullptr});
    }
    for (auto& sub : owner.sub_keys) {
      if (sub.key.id() == id) found.push_back({&owner, &sub});
    }
  }
  return found;
}

void check_candidate(const Candidate& candidate, const Signature& signature,
                     std::int64_t now) {
  const Identity& identity = candidate.owner->main_identity();
  const Signature& own = identity.signature;
  if (signature.has_unknown_critical || own.has_unknown_critical) {
    fail_signer("invalid signature: unknown critical notation");
  }
  if (candidate.owner->is_revoked || identity.is_revoked ||
      (candidate.sub && candidate.sub->is_revoked)) {
    fail_signer("signature made by revoked key");
  }
  bool is_expired =
      is_over(candidate.owner->key.created, own.key_lifetime, now) ||
      (candidate.sub && is_over(candidate.sub->key.created,
                                candidate.sub->binding.key_lifetime, now));
  if (is_expired) fail_signer("key expired");
  if (is_over(signature.created, signature.lifetime, now) ||
      is_over(own.created, own.lifetime, now)) {
    fail_signer("signature expired");
  }
}

std::string_view name_of(KeyKind kind) {
  if (kind == KeyKind::rsa) return "RSA";
  return kind == KeyKind::eddsa ? "EdDSA" : "Ed25519";
}

}  // namespace

const Identity& KeyOwner::main_identity() const {
  return *std::max_element(
      identities.begin(), identities.end(),
      [](const Identity& a, const Identity& b) {
        if (a.is_revoked != b.is_revoked) return a.is_revoked;
        if (a.signature.is_primary_user != b.signature.is_primary_user) {
          return b.signature.is_primary_user;
        }
        return a.signature.created < b.signature.created;
      });
}

Keyring parse_keyring(std::string_view bytes) {
  std::string unarmored;
  if (bytes.starts_with("-----BEGIN ")) {
    auto armored = read_armor(bytes);
    if (!armored) fail_openpgp("armor invalid");
    unarmored = std::move(armored->bytes);
    bytes = unarmored;
  }
  auto packets = read_packets(bytes);
  Keyring keyring;
  std::optional<Error> problem;
  for (std::size_t at = 0; at < packets.size();) {
    std::size_t next = at + 1;
    while (next < packets.size() && !begins_key(packets[next].tag)) ++next;
    try {
      if (!begins_key(packets[at].tag)) {
        fail_openpgp("first packet was not a public/private key");
      }
      keyring.push_back(OwnerReader().read(packets, at, next));
    } catch (const Error& error) {
      problem = error;
    }
    at = next;
  }
  if (keyring.empty() && problem) throw *problem;
  return keyring;
}

Keyring read_keyring(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    fail(ErrorCode::not_found, "open {}: no such file or directory", file);
  }
  return parse_keyring(read_file(file, kMaxKeyring));
}

const KeyOwner& find_signer(const Keyring& keyring,
                            const std::vector<Signature>& signatures,
                            std::string_view content, std::int64_t now) {
  for (auto& signature : signatures) {
    std::string id = signature.issuer;
    if (id.empty() && !signature.fingerprint.empty()) {
      id = signature.fingerprint.substr(12);
    }
    if (id.empty()) {
      fail_signer("invalid data: signature doesn't have an issuer");
    }
    auto candidates = candidates_for(keyring, id);
    if (candidates.empty()) continue;
    for (auto& candidate : candidates) {
      if (!is_signed_by(candidate.key(), signature, content, false)) continue;
      check_candidate(candidate, signature, now);
      return *candidate.owner;
    }
    const PublicKey& last = candidates.back().key();
    if (last.algorithm != signature.algorithm) {
      fail_signer("invalid argument: public key and signature use different "
                  "algorithms");
    }
    fail_signer(fmt::format("invalid signature: {} verification failure",
                            name_of(last.kind)));
  }
  fail_signer("signature made by unknown entity");
}

}  // namespace skerry::chart
