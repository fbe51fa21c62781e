#include "core/auth/signed_token.h"

#include "core/auth/hmac.h"
#include "core/text/encoding.h"
#include "core/text/json.h"

namespace skerry::auth {
namespace {

// base64url without padding, back to bytes.
std::optional<std::string> from_base64url(std::string text) {
  for (char& c : text) {
    if (c == '-') c = '+';
    else if (c == '_') c = '/';
  }
  while (text.size() % 4 != 0) text += '=';
  return from_base64(text);
}

}  // namespace

std::string sign_claims(std::string_view key, const SignedClaims& claims) {
  const Json payload = {{"user", claims.user_id},   {"name", claims.name},
                        {"token", claims.token_id}, {"epoch", claims.epoch},
                        {"expires", claims.expires}, {"scopes", claims.scopes}};
  const std::string text = to_base64url(payload.dump());
  return std::string(kSignedTokenPrefix) + text + "." +
         to_base64url(hmac_sha256(key, text));
}

std::optional<SignedClaims> verify_claims(std::string_view key,
                                          std::string_view token) {
  if (!token.starts_with(kSignedTokenPrefix)) return std::nullopt;
  token.remove_prefix(kSignedTokenPrefix.size());
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view text = token.substr(0, dot);
  const std::string expected = to_base64url(hmac_sha256(key, text));
  if (!equal_in_constant_time(expected, token.substr(dot + 1))) {
    return std::nullopt;
  }
  // From here on it is our own text.
  const auto payload = from_base64url(std::string(text));
  if (!payload) return std::nullopt;
  const Json json = parse_json(*payload);
  SignedClaims claims;
  json.at("user").get_to(claims.user_id);
  json.at("name").get_to(claims.name);
  json.at("token").get_to(claims.token_id);
  json.at("epoch").get_to(claims.epoch);
  json.at("expires").get_to(claims.expires);
  json.at("scopes").get_to(claims.scopes);
  return claims;
}

}  // namespace skerry::auth
