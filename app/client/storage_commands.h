// The commands that look after a server's storage: gc, fsck.
#pragma once

#include <CLI/CLI.hpp>

#include "client/options.h"

namespace skerry::app {

void add_storage_commands(CLI::App& root, ClientOptions& options);

}  // namespace skerry::app
