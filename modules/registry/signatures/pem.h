// PEM (RFC 7468): a labelled block of base64.
#pragma once

#include <string>
#include <string_view>

namespace skerry::registry {

struct PemBlock {
  std::string label;  // "PUBLIC KEY"
  std::string bytes;
};

// The only block of the text ("EC PARAMETERS" before it is passed over). What
// stands around it is ignored. Throws invalid.
PemBlock parse_pem(std::string_view text);
std::string to_pem(std::string_view label, std::string_view bytes);

}  // namespace skerry::registry
