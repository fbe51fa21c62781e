// From a built stage to an image in the store: layers compressed into blobs,
// configuration, manifest, tags.
#pragma once

#include "image/build.h"
#include "image/stage_builder.h"

namespace skerry::ci {

BuildResult publish(const BuildRequest& request, ImageStore& store,
                    BuiltStage stage);

}  // namespace skerry::ci
