#include "provenance/sign.h"

#include "core/error.h"
#include "core/store/digest.h"
#include "core/text/yaml.h"
#include "gotemplate/print.h"
#include "provenance/clear_text.h"

namespace skerry::chart {

const KeyOwner& choose_signer(const Keyring& keyring,
                              const std::string& wanted) {
  const KeyOwner* found = nullptr;
  bool is_vague = false;
  for (auto& owner : keyring) {
    for (auto& identity : owner.identities) {
      if (identity.name == wanted) return owner;
      if (identity.name.find(wanted) == std::string::npos) continue;
      is_vague = is_vague || found;
      found = &owner;
    }
  }
  if (is_vague) {
    fail(ErrorCode::conflict, "more than one key contain the id {}",
         quote(wanted));
  }
  if (!found) fail(ErrorCode::not_found, "private key not found");
  return *found;
}

std::string sign_chart(const KeyOwner& signer, const AskPassphrase& ask,
                       std::string_view archive, const std::string& file_name,
                       const Metadata& metadata, std::int64_t now) {
  if (!signer.secret) {
    fail(ErrorCode::invalid, "provided key is not a private key. Try providing "
         "a keyring with secret keys");
  }
  std::string passphrase;
  if (signer.secret->is_encrypted() && !signer.secret->is_stub) {
    passphrase = ask(signer.main_identity().name);
  }
  OpenSecret secret = open_secret(signer.key, *signer.secret, passphrase);
  wipe_secret(passphrase);
  Json sums = {{"files", {{file_name, digest_of(archive).to_string()}}}};
  std::string text =
      to_yaml(metadata_as_json(metadata)) + "\n...\n" + to_yaml(sums);
  return write_clear_text(text, "SHA512", [&](const std::string& canonical) {
    return sign_text(signer.key, secret, canonical,
                     static_cast<std::uint32_t>(now));
  });
}

}  // namespace skerry::chart
