#include "signatures/simple_signing.h"

#include <fmt/format.h>

#include "core/error.h"
#include "signatures/document.h"
#include "signatures/formats.h"

namespace skerry::registry {
namespace {

constexpr const char* kPayload = "the payload";

}  // namespace

SimplePayload parse_payload(std::string_view text) {
  const Json json = parse_json(text, kDeepestDocument);
  const auto& critical = need_member(json, "critical", kPayload);
  const auto type = need_text(critical, "type", kPayload);
  if (type != kSimpleSigningClaim && type != kSignPredicate) {
    fail(ErrorCode::invalid, "it claims to be a '{}', not a '{}'",
         shown(type), kSimpleSigningClaim);
  }
  return {text_or_empty(need_member(critical, "identity", kPayload),
                        "docker-reference"),
          need_text(need_member(critical, "image", kPayload),
                    "docker-manifest-digest", kPayload),
          text_members(find_member(json, "optional"))};
}

std::string payload_text(const SimplePayload& payload) {
  return fmt::format(
      R"({{"critical":{{"identity":{{"docker-reference":{}}},)"
      R"("image":{{"docker-manifest-digest":{}}},"type":"{}"}},)"
      R"("optional":{}}})",
      Json(payload.identity).dump(), Json(payload.image).dump(),
      kSimpleSigningClaim,
      payload.annotations.empty() ? "null" : Json(payload.annotations).dump());
}

}  // namespace skerry::registry
