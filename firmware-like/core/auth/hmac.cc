#include "core/auth/hmac.h"

#include <mbedtls/md.h>

#include "core/error.h"

namespace skerry::auth {
namespace {

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string code(32, '\0');
  const int status = mbedtls_md_hmac(
      mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), bytes(key), key.size(),
      bytes(message), message.size(),
      reinterpret_cast<unsigned char*>(code.data()));
  if (status != 0) {
    fail(ErrorCode::internal, "HMAC-SHA256 failed ({})", status);
  }
  return code;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

}  // namespace skerry::auth
