// Cloning a foreign repository into a folder, for a pipeline's `git url:`.
#pragma once

#include <stop_token>
#include <string>

#include "git/git.h"

namespace skerry::git {

// See GitModule::clone_external.
std::string clone_foreign(const ExternalClone& clone, std::stop_token stop);

}  // namespace skerry::git
