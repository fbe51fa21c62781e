// What upload-pack and receive-pack say first: capabilities and refs
// (gitprotocol-pack(5) "Reference Discovery", gitprotocol-v2(5)).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ref_cache.h"
#include "upload_request.h"

namespace skerry::git {

enum class Service { upload_pack, receive_pack };
std::string_view to_string(Service service);  // "git-upload-pack"
std::optional<Service> parse_service(std::string_view name);

// The version in the header "Git-Protocol: version=2"; 0 when there is none or
// it is unknown. Pushing knows no version 2.
int protocol_version(std::optional<std::string_view> header, Service service);

// The body of GET info/refs.
std::string advertisement(Service service, int version, const RefList& refs);
// The answer to the command ls-refs.
std::string list_refs(const LsRefsRequest& request, const RefList& refs);

}  // namespace skerry::git
