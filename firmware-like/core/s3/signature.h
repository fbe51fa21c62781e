// AWS Signature Version 4, as S3 wants it: in the header Authorization, or in
// the query of a URL that works for anybody for a while (a presigned URL).
//
// S3 does not encode a path twice and does not normalize it, unlike AWS's other
// services. Pure, thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/os/clock.h"

namespace skerry::s3 {

// Who signs, and for which part of the service.
struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string region;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A payload that the signature does not speak of.
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

struct Unsigned {
  std::string method;
  std::string path;  // "/bucket/key", percent-encoded as it is sent
  Pairs query{};     // not encoded, in any order
  // In lower case, all that are to be signed; "host" must be among them.
  Pairs headers{};
  std::string payload_hash{};  // SHA-256 in hex, or kUnsignedPayload
};

// "/a/b c" -> "/a/b%20c"
std::string encoded_path(std::string_view path);
// Sorted and encoded: "a=1&b=%2F".
std::string encoded_query(const Pairs& query);
// "20130524T000000Z"
std::string amz_date(UnixMillis time);

// The value of Authorization. The headers must hold x-amz-date of `time` and
// x-amz-content-sha256.
std::string authorization(const Credentials& credentials,
                          const Unsigned& request, UnixMillis time);
// The whole query of a URL that is valid for `lifetime` from `time` on.
std::string presigned_query(const Credentials& credentials, Unsigned request,
                            UnixMillis time, std::chrono::seconds lifetime);

}  // namespace skerry::s3
