// Giving up power for good: user, capabilities, system calls, bounds. Called
// by the sandbox's first process when its view is ready.
#pragma once

#include "sandbox/spec.h"

namespace skerry::ci::sandbox {

// rlimits of `bounds`, which children inherit.
void apply_bounds(const Bounds& bounds);
// Becomes spec.uid with no group, no capability, and no way to gain one.
void drop_privileges(const Spec& spec);
// Refuses, with EPERM, the system calls that reach for the kernel: mounts,
// modules, keys, tracing of the machine, new user namespaces. A kernel without
// seccomp filters is left as it is.
void filter_system_calls();

}  // namespace skerry::ci::sandbox
