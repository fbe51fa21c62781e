// Making provenance files.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "helm/metadata.h"
#include "provenance/keyring.h"

namespace skerry::chart {

// The key whose name is, or else alone contains, `wanted`. Throws conflict when
// several do; not_found when none does.
const KeyOwner& choose_signer(const Keyring& keyring,
                              const std::string& wanted);

// Gets the name of the key, gives its passphrase.
using AskPassphrase = std::function<std::string(const std::string& name)>;

// The text of the .prov file, signed at `now` (seconds since 1970). Throws
// denied for a wrong passphrase, invalid for a key without a secret.
std::string sign_chart(const KeyOwner& signer, const AskPassphrase& ask,
                       std::string_view archive, const std::string& file_name,
                       const Metadata& metadata, std::int64_t now);

}  // namespace skerry::chart
