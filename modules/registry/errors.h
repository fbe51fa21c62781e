// The specification's error codes (distribution specification 1.1, "Error
// Codes") with the status that goes with each. Each function throws.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/http/route.h"
#include "core/store/digest.h"

namespace skerry::registry {

[[noreturn]] void fail_blob_unknown(const Digest& digest);
// The repository has it, the store does not.
[[noreturn]] void fail_blob_lost(const Digest& digest);
[[noreturn]] void fail_manifest_unknown(std::string_view repository,
                                        std::string_view reference);
[[noreturn]] void fail_manifest_invalid(std::string message);
[[noreturn]] void fail_manifest_blob_unknown(std::string_view digest,
                                             std::string_view what);
[[noreturn]] void fail_name_invalid(std::string_view name);
[[noreturn]] void fail_name_unknown(std::string message);
// For a path without a project in front.
[[noreturn]] void fail_name_without_project(std::string_view path);
[[noreturn]] void fail_digest_invalid(std::string message);
[[noreturn]] void fail_upload_unknown();
[[noreturn]] void fail_upload_invalid(std::string message);
// 416, with how much has arrived in Range.
[[noreturn]] void fail_out_of_order(std::uint64_t have, std::string location);
[[noreturn]] void fail_too_large(std::string message);
[[noreturn]] void fail_unsupported(std::string message);
[[noreturn]] void fail_denied(std::string message);

// Parses a digest of a path or a query; DIGEST_INVALID for anything else.
Digest require_digest(std::string_view text);

}  // namespace skerry::registry
