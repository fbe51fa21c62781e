// Provenance files (.prov): what a packaged chart's author says of it, signed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "provenance/keyring.h"

namespace skerry::chart {

struct Verification {
  std::vector<std::string> signers;  // names of the key
  std::string fingerprint;           // in capital hex digits
  std::string file_hash;             // "sha256:..."
};

// Throws denied or invalid, with Helm's sentences, when the provenance does not
// hold for an archive of this name. `now`: seconds since 1970.
Verification verify_provenance(std::string_view archive,
                               std::string_view provenance,
                               const Keyring& keyring,
                               const std::string& file_name, std::int64_t now);
// With a keyring's file, now.
Verification verify_archive(std::string_view archive,
                            std::string_view provenance,
                            const std::string& keyring_file,
                            const std::string& file_name);
// A chart's archive on the disk, with its .prov beside it.
Verification verify_file(const std::string& path,
                         const std::string& keyring_file);

}  // namespace skerry::chart
