// What the images of an upstream registry run on: known only when their
// configuration arrives, after their manifests.
#pragma once

#include "core/boot/module.h"
#include "repositories.h"

namespace skerry::registry {

// To be called when a small blob has become part of the repository: if it is
// the configuration of images, they and the indexes that they are in learn
// their platforms (manifests/platform.h).
void learn_platforms(Services& services, const Place& place,
                     const Digest& blob);

}  // namespace skerry::registry
