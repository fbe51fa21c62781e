// A certificate authority of our own, for networks that have none, made with
// mbedTLS on first boot.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace skerry::http {

// Makes keys/ca.key, keys/ca.crt (EC P-256, 10 years) when absent, and
// keys/server.pem (certificate, key; 825 days) for `names` (DNS names and IP
// addresses) when absent, expiring within 30 days or not covering a name.
// Private keys are readable by their owner only.
void ensure_certificates(const std::filesystem::path& keys_folder,
                         const std::vector<std::string>& names);

}  // namespace skerry::http
