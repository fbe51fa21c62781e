// The routes that speak of the whole server: health, readiness, metrics, the
// event stream, jobs, the API's description.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/boot/collector.h"
#include "core/boot/module.h"
#include "core/boot/scrubber.h"

namespace skerry::boot {

// What the routes need beside the Services. Filled while booting; `ready` is
// set last and cleared first. Must outlive the HTTP server.
struct SystemState {
  std::string version;
  UnixMillis started = 0;
  std::vector<HealthCheck> checks;
  std::string openapi;  // the document, made from all routes
  std::atomic<bool> ready{false};
};

Module system_module(Services& services, SystemState& state,
                     Collector& collector, Scrubber& scrubber);

}  // namespace skerry::boot
