// What RegistryModule holds.
#pragma once

#include "parts.h"
#include "registry/registry.h"

namespace skerry::registry {

struct RegistryModule::Impl {
  explicit Impl(Services& services) : parts(services) {}
  Parts parts;
};

}  // namespace skerry::registry
