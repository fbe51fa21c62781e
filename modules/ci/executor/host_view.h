// Which parts of the host a script sees.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sandbox/spec.h"

namespace skerry::ci {

// The programs and libraries of the machine, and of /etc only what they need;
// no account, key or configuration of a service. Read-only.
void add_host_view(sandbox::Spec& spec, bool host_network);
// Throws invalid for a path that is relative, is the root, or holds (or lies
// in) the data folder.
void add_host_paths(sandbox::Spec& spec, const std::vector<std::string>& paths,
                    const std::filesystem::path& data);
// /etc/passwd, /etc/group and /etc/hosts for the one user inside.
void add_identity(sandbox::Spec& spec);

}  // namespace skerry::ci
