// How a resource fares, read from its manifest and status as Kubernetes
// writes them. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/text/json.h"

namespace skerry::cd {

// From best to worst.
enum class HealthStatus {
  healthy,
  suspended,
  progressing,
  missing,
  degraded,
  unknown,
};
std::string_view to_string(HealthStatus status);  // "Healthy"
std::optional<HealthStatus> parse_health(std::string_view text);

struct Health {
  HealthStatus status = HealthStatus::healthy;
  std::string message;
};

// Nothing for kinds that have no health (a ConfigMap, a Role, an unknown
// custom resource).
std::optional<Health> health_of(const Json& live);

}  // namespace skerry::cd
