// The files of keys, and the password of a private one: from a file, from
// COSIGN_PASSWORD, or asked for at the terminal.
#pragma once

#include <string>
#include <vector>

#include "registry/signatures/check.h"
#include "registry/signatures/keys.h"

namespace skerry::app {

// `password_file` may be empty.
registry::PrivateKey read_private_key(const std::string& file,
                                      const std::string& password_file);
// Each is called by its file's name.
std::vector<registry::NamedKey> read_public_keys(
    const std::vector<std::string>& files);

// Makes a key pair, PREFIX.key and PREFIX.pub; throws conflict when one of
// them is there. Gives the public key.
registry::PublicKey write_key_pair(const std::string& prefix,
                                   const std::string& password_file);

}  // namespace skerry::app
