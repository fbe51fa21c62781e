// `skerry image sign`, `verify` and `key`: signatures by keys, in cosign's
// formats, of images in any registry or OCI layout.
#pragma once

#include "client/noun.h"
#include "client/options.h"

namespace skerry::app {

void add_sign_commands(Noun& image, ClientOptions& options);

}  // namespace skerry::app
