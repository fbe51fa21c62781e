// The private root: an empty tmpfs with read-only pieces of the host, the
// run's own folders, /proc and a minimal /dev. Called by the sandbox's first
// process, before it has threads or a command.
#pragma once

#include "sandbox/spec.h"

namespace skerry::ci::sandbox {

// Builds the view below spec.root, makes it "/" and forgets the host's root.
// Needs a mount namespace of its own and, for /proc, its pid namespace.
// Throws with the mount that failed.
void enter_view(const Spec& spec);

}  // namespace skerry::ci::sandbox
