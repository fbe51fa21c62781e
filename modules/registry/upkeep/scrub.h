// The registry's part of the scrub (core/boot/scrub.h): every blob that a
// repository has is in the store, and every manifest hashes to its digest.
#pragma once

#include "core/boot/scrub.h"
#include "parts.h"

namespace skerry::registry {

void scrub_images(Parts& parts, Scrub& scrub);

}  // namespace skerry::registry
