// The addresses that answers carry. They are relative: a client behind a
// proxy knows better than we do under which host it reached us.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "core/store/digest.h"
#include "repositories.h"

namespace skerry::registry {

inline std::string blob_location(const Place& place, const Digest& digest) {
  return fmt::format("/v2/{}/blobs/{}", place.full_name(), digest.to_string());
}
inline std::string upload_location(const Place& place, std::string_view id) {
  return fmt::format("/v2/{}/blobs/uploads/{}", place.full_name(), id);
}
inline std::string manifest_location(const Place& place,
                                     std::string_view reference) {
  return fmt::format("/v2/{}/manifests/{}", place.full_name(), reference);
}

}  // namespace skerry::registry
