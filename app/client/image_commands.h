// `skerry image`: what a server's registry holds, and its deletion.
#pragma once

#include <CLI/CLI.hpp>

#include "client/options.h"

namespace skerry::app {

void add_image_commands(CLI::App& root, ClientOptions& options);

}  // namespace skerry::app
