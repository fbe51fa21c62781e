#include <algorithm>

#include "core/error.h"
#include "core/store/digest.h"
#include "target/podman/container.h"

namespace skerry::cd::podman {
namespace {

bool selects(const Json& selector, const Json& labels) {
  if (!selector.is_object() || selector.empty()) return false;
  for (const auto& [key, value] : selector.items()) {
    const auto it = labels.find(key);
    if (it == labels.end() || *it != value) return false;
  }
  return true;
}

// The container port that a Service's port leads to.
std::int64_t target_port(const Json& port, const Json& containers,
                         const std::string& where) {
  const auto target = port.find("targetPort");
  if (target == port.end() || target->is_null()) {
    return optional_int(port, "port", 0);
  }
  if (target->is_number_integer()) return target->get<std::int64_t>();
  for (const Json& container : containers) {
    for (const Json& own : container["ports"]) {
      if (own.value("name", Json()) == *target) {
        return optional_int(own, "containerPort", 0);
      }
    }
  }
  fail(ErrorCode::invalid, "{}: no container has a port named {}", where,
       target->dump());
}

// Publishes `container_port` as `host_port`, in the container that has it or
// else in the first one.
void publish(Json& containers, std::int64_t container_port,
             std::int64_t host_port, const std::string& protocol) {
  for (Json& container : containers) {
    for (Json& own : container["ports"]) {
      if (own["containerPort"] == container_port &&
          own["protocol"] == protocol && !own.contains("hostPort")) {
        own["hostPort"] = host_port;
        return;
      }
    }
  }
  containers[0]["ports"].push_back({{"containerPort", container_port},
                                    {"hostPort", host_port},
                                    {"protocol", protocol}});
}

// The same for the same Service port at each look, so that nothing has to be
// remembered. Two that meet are told by podman, which names the port.
std::int64_t chosen_port(const TargetApp& app, const ResourceKey& service,
                         std::int64_t port) {
  const std::string name =
      fmt::format("{}/{}/{}", app.name, service.to_string(), port);
  const std::string hex = digest_of(name).hex.substr(0, 8);
  return 30'000 + std::stol(hex, nullptr, 16) % 2'768;
}

void apply_port(PodContext& context, Json& containers, const std::string& type,
                Fields& f, const Json& raw, const ResourceKey& service) {
  const auto port = f.integer("port", 0);
  const auto node_port = f.integer("nodePort", 0);
  const std::string protocol = f.text("protocol", "TCP");
  f.drop({"name", "targetPort", "appProtocol"});
  const auto target = target_port(raw, containers, service.describe());
  if (type == "ClusterIP") {
    if (port != target) {
      context.notice(service, fmt::format(
          "the podman target has no service proxy: {} answers on port {} of "
          "its pods, not on {}",
          service.name, target, port));
    }
    return;
  }
  auto host = type == "NodePort" ? node_port : port;
  if (host == 0) {
    host = chosen_port(context.app, service, port);
    context.notice(service, fmt::format("port {} is published as port {} of "
                                        "this machine; nodePort would say "
                                        "which", port, host));
  }
  publish(containers, target, host, protocol);
  context.workload.publishes = true;
}

void apply_service(PodContext& context, const Json& service,
                   Json& containers) {
  const std::string where = key_of(service).describe();
  const Json& labels =
      context.template_metadata.value("labels", Json::object());
  const Json empty = Json::object();
  const Json& spec = service.contains("spec") && service["spec"].is_object()
                         ? service["spec"]
                         : empty;
  if (!selects(spec.value("selector", Json()), labels)) return;
  const std::string type = optional_string(spec, "type", "ClusterIP");
  const std::string name = key_of(service).name;
  context.workload.aliases.push_back(name);
  if (!spec.contains("ports") || !spec["ports"].is_array()) return;
  std::size_t index = 0;
  for (const Json& port : spec["ports"]) {
    Fields f(port, fmt::format("{}: spec.ports[{}]", where, index++), kUnknown);
    apply_port(context, containers, type, f, port, key_of(service));
    f.done();
  }
}

}  // namespace

void apply_services(PodContext& context, Json& containers) {
  for (const Json& object : context.desired) {
    const ResourceKey key = key_of(object);
    if (key.kind == "Service" && key.group.empty() &&
        key.namespace_name == context.namespace_name) {
      apply_service(context, object, containers);
    }
  }
}

}  // namespace skerry::cd::podman
