// Tells images, which somebody may run, from artifacts that are stored beside
// them: signatures, attestations, SBOMs, charts.
#pragma once

#include <functional>
#include <string_view>

#include "core/store/digest.h"
#include "manifests/manifest_cache.h"

namespace skerry::registry {

// An index, or a manifest with an image's configuration, unless it refers to
// another (an index, whose parts are looked at by themselves) or every layer
// of it is a document in text, as in cosign's signatures, whose configuration
// is an image's. `is_document` is asked for layers of other types than
// images have: the type alone is only what a client says.
bool is_runnable(const StoredManifest& manifest,
                 const std::function<bool(const Digest&)>& is_document);

// Text in UTF-8, which no archive and nothing compressed is: looks at the
// beginning.
bool looks_like_text(std::string_view bytes);

}  // namespace skerry::registry
