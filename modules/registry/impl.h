// What RegistryModule holds.
#pragma once

#include "parts.h"
#include "registry/registry.h"

namespace skerry::registry {

struct RegistryModule::Impl {
  Impl(Services& services, std::function<std::string()> base_url)
      : parts(services, std::move(base_url)) {}
  Parts parts;
};

}  // namespace skerry::registry
