// What S3 answers in XML. Bytes from outside: bounded, and refused when they
// are not what was asked for. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"

namespace skerry::s3 {

// An <Error> document (API reference, "Error responses").
struct Fault {
  std::string code;     // "NoSuchBucket"
  std::string message;
};
// Nothing for a body that is none.
std::optional<Fault> parse_fault(std::string_view xml);

struct Object {
  std::string key;
  std::uint64_t size = 0;
  UnixMillis modified = 0;
};
// One page of ListObjectsV2.
struct Listing {
  std::vector<Object> objects;
  std::string next;  // the token of the next page; empty: this is the last
};
// These throw unavailable for a body that is not such an answer.
Listing parse_listing(std::string_view xml);
// The upload's id, of InitiateMultipartUpload.
std::string parse_upload_id(std::string_view xml);
// CompleteMultipartUpload and CopyObject send 200 before they know how it ends:
// true for the named root, false for an <Error> or anything else.
bool is_answer(std::string_view xml, std::string_view root);

// "2026-11-22T19:50:00.123Z", and "Sun, 22 Nov 2026 19:50:00 GMT".
std::optional<UnixMillis> parse_iso_time(std::string_view text);
std::optional<UnixMillis> parse_http_time(std::string_view text);

}  // namespace skerry::s3
