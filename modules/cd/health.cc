#include "health.h"

#include <fmt/format.h>

#include <array>

#include "resource.h"

namespace skerry::cd {
namespace {

constexpr std::array<std::string_view, 6> kNames = {
    "Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"};

const Json kNothing = Json::object();

const Json& part(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_object() ? *it : kNothing;
}

std::int64_t number(const Json& object, const char* key,
                    std::int64_t otherwise = 0) {
  const auto it = object.find(key);
  return it != object.end() && it->is_number_integer()
             ? it->get<std::int64_t>()
             : otherwise;
}

std::string text(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

// The status ("True") of a condition type, with its message.
struct Condition {
  std::string status, reason, message;
};
std::optional<Condition> condition(const Json& status, std::string_view type) {
  const auto list = status.find("conditions");
  if (list == status.end() || !list->is_array()) return std::nullopt;
  for (const Json& item : *list) {
    if (item.is_object() && text(item, "type") == type) {
      return Condition{text(item, "status"), text(item, "reason"),
                       text(item, "message")};
    }
  }
  return std::nullopt;
}

Health replicas_health(const Json& spec, const Json& status,
                       const char* ready_key) {
  const std::int64_t wanted = number(spec, "replicas", 1);
  const std::int64_t updated = number(status, "updatedReplicas",
                                      number(status, ready_key));
  const std::int64_t ready = number(status, ready_key);
  if (const auto failure = condition(status, "ReplicaFailure");
      failure && failure->status == "True") {
    return {HealthStatus::degraded, failure->message};
  }
  if (const auto progress = condition(status, "Progressing");
      progress && progress->reason == "ProgressDeadlineExceeded") {
    return {HealthStatus::degraded, progress->message};
  }
  if (updated < wanted) {
    return {HealthStatus::progressing,
            fmt::format("{} of {} replicas are updated", updated, wanted)};
  }
  if (number(status, "replicas") > updated) {
    return {HealthStatus::progressing, "old replicas are still there"};
  }
  if (ready < wanted) {
    return {HealthStatus::progressing,
            fmt::format("{} of {} replicas are available", ready, wanted)};
  }
  return {};
}

Health deployment_health(const Json& live) {
  const Json& spec = part(live, "spec");
  const Json& status = part(live, "status");
  if (spec.value("paused", Json(false)) == Json(true)) {
    return {HealthStatus::suspended, "the deployment is paused"};
  }
  const std::int64_t generation = number(part(live, "metadata"), "generation");
  if (number(status, "observedGeneration", generation) < generation) {
    return {HealthStatus::progressing, "the new specification is not seen yet"};
  }
  return replicas_health(spec, status, "availableReplicas");
}

Health daemon_set_health(const Json& live) {
  const Json& status = part(live, "status");
  const std::int64_t wanted = number(status, "desiredNumberScheduled");
  const std::int64_t ready = number(status, "numberAvailable");
  if (ready < wanted) {
    return {HealthStatus::progressing,
            fmt::format("{} of {} pods are available", ready, wanted)};
  }
  return {};
}

Health job_health(const Json& live) {
  const Json& status = part(live, "status");
  for (const char* type : {"Failed", "Complete", "Suspended"}) {
    const auto found = condition(status, type);
    if (!found || found->status != "True") continue;
    if (std::string_view(type) == "Failed") {
      return {HealthStatus::degraded, found->message};
    }
    if (std::string_view(type) == "Suspended") {
      return {HealthStatus::suspended, found->message};
    }
    return {HealthStatus::healthy, found->message};
  }
  return {HealthStatus::progressing,
          number(status, "failed") > 0 ? "the job failed and is tried again"
                                       : "the job runs"};
}

Health pod_health(const Json& live) {
  const Json& status = part(live, "status");
  const std::string phase = text(status, "phase");
  const std::string message = text(status, "message");
  const bool restarts = text(part(live, "spec"), "restartPolicy") != "Never" &&
                        text(part(live, "spec"), "restartPolicy") !=
                            "OnFailure";
  if (phase == "Failed") return {HealthStatus::degraded, message};
  if (phase == "Succeeded") return {HealthStatus::healthy, message};
  if (phase == "Running") {
    if (!restarts) return {HealthStatus::progressing, message};
    const auto ready = condition(status, "Ready");
    if (ready && ready->status == "True") return {};
    return {HealthStatus::progressing,
            ready ? ready->message : "not ready yet"};
  }
  return {HealthStatus::progressing, message};
}

Health claim_health(const Json& live) {
  const std::string phase = text(part(live, "status"), "phase");
  if (phase == "Bound") return {};
  if (phase == "Lost") return {HealthStatus::degraded, "the volume is lost"};
  return {HealthStatus::progressing, "waits for a volume"};
}

// Healthy once it has an address, for the kinds that get one from outside.
Health address_health(const Json& live, bool needs_address) {
  if (!needs_address) return {};
  const Json& balancer = part(part(live, "status"), "loadBalancer");
  const auto ingress = balancer.find("ingress");
  if (ingress != balancer.end() && ingress->is_array() && !ingress->empty()) {
    return {};
  }
  return {HealthStatus::progressing, "has no address yet"};
}

Health autoscaler_health(const Json& live) {
  const auto able = condition(part(live, "status"), "AbleToScale");
  if (able && able->status == "False") {
    return {HealthStatus::degraded, able->message};
  }
  const auto active = condition(part(live, "status"), "ScalingActive");
  if (active && active->status == "False" && active->reason != "ScalingDisabled") {
    return {HealthStatus::degraded, active->message};
  }
  return {};
}

Health api_service_health(const Json& live) {
  const auto available = condition(part(live, "status"), "Available");
  if (available && available->status == "True") return {};
  return {HealthStatus::progressing, available ? available->message : ""};
}

}  // namespace

std::string_view to_string(HealthStatus status) {
  return kNames[static_cast<std::size_t>(status)];
}

std::optional<HealthStatus> parse_health(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<HealthStatus>(i);
  }
  return std::nullopt;
}

std::optional<Health> health_of(const Json& live) {
  const ResourceKey key = key_of(live);
  if (key.group == "apps") {
    if (key.kind == "Deployment") return deployment_health(live);
    if (key.kind == "StatefulSet" || key.kind == "ReplicaSet") {
      return replicas_health(part(live, "spec"), part(live, "status"),
                             "readyReplicas");
    }
    if (key.kind == "DaemonSet") return daemon_set_health(live);
  } else if (key.group == "batch") {
    if (key.kind == "Job") return job_health(live);
    if (key.kind == "CronJob") return Health{};
  } else if (key.group.empty()) {
    if (key.kind == "Pod") return pod_health(live);
    if (key.kind == "PersistentVolumeClaim") return claim_health(live);
    if (key.kind == "Service") {
      return address_health(live, text(part(live, "spec"), "type") ==
                                      "LoadBalancer");
    }
  } else if (key.kind == "Ingress") {
    return address_health(live, true);
  } else if (key.kind == "HorizontalPodAutoscaler") {
    return autoscaler_health(live);
  } else if (key.kind == "APIService") {
    return api_service_health(live);
  }
  return std::nullopt;
}

}  // namespace skerry::cd
