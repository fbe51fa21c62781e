// `skerry image copy`: images between registries and OCI layouts.
#pragma once

#include "client/noun.h"
#include "client/options.h"

namespace skerry::app {

void add_copy_command(Noun& image, ClientOptions& options);

}  // namespace skerry::app
