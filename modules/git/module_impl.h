// What GitModule keeps.
#pragma once

#include "context.h"
#include "git/git.h"

namespace skerry::git {

struct GitModule::Impl {
  explicit Impl(Services& services) : context(services) {}
  Context context;
};

}  // namespace skerry::git
