// cosign's payload before bundles: what containers/image calls simple signing
// (containers/image, "containers-signature.5.md", with cosign's type), each a
// layer whose annotation is the signature.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/store/digest.h"

namespace skerry::registry {

struct SimplePayload {
  std::string identity;  // docker-reference
  std::string image;     // digest
  std::map<std::string, std::string> annotations;
};

// Throws invalid.
SimplePayload parse_payload(std::string_view text);
std::string payload_text(const SimplePayload& payload);

}  // namespace skerry::registry
