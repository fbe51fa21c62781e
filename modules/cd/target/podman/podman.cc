#include "target/podman/podman.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/error.h"
#include "core/os/file.h"
#include "core/store/digest.h"
#include "fields.h"
#include "target/podman/replace.h"
#include "target/podman/status.h"
#include "target/podman/watcher.h"

namespace skerry::cd {
namespace fs = std::filesystem;
using namespace podman;

namespace {

constexpr const char* kPodHash = "skerry.dev/pod-hash";
constexpr const char* kUnknown = "is not supported by the podman target";

// Kinds that are remembered only, because pods are made from them.
bool is_remembered(const ResourceKey& key) {
  if (!key.group.empty()) return false;
  return key.kind == "ConfigMap" || key.kind == "Secret" ||
         key.kind == "Service" || key.kind == "Namespace" ||
         key.kind == "PersistentVolumeClaim";
}

void check_service(const Json& object) {
  if (!object.contains("spec")) return;
  Fields f(object["spec"], "spec", kUnknown);
  const std::string type = f.text("type", "ClusterIP");
  if (type != "ClusterIP" && type != "NodePort" && type != "LoadBalancer") {
    fail(ErrorCode::invalid, "spec.type {} {}", type, kUnknown);
  }
  if (const auto ip = f.text("clusterIP"); !ip.empty() && ip != "None") {
    fail(ErrorCode::invalid, "spec.clusterIP {}", kUnknown);
  }
  if (f.text("sessionAffinity", "None") != "None") {
    fail(ErrorCode::invalid, "spec.sessionAffinity {}", kUnknown);
  }
  f.drop({"ports", "selector", "ipFamilies", "ipFamilyPolicy",
          "internalTrafficPolicy", "externalTrafficPolicy",
          "publishNotReadyAddresses", "allocateLoadBalancerNodePorts"});
  f.done();
}

void check_claim(const Json& object) {
  if (!object.contains("spec")) return;
  Fields f(object["spec"], "spec", kUnknown);
  f.drop({"accessModes", "resources", "storageClassName", "volumeMode"});
  f.done();
}

class PodmanTarget : public Target {
 public:
  PodmanTarget(const fs::path& data, const ProcessRunner& processes,
               AppliedObjects& applied, ImageAccess& images,
               std::function<PodmanSettings()> settings,
               std::function<void()> changed)
      : applied_(applied),
        images_(images),
        settings_(std::move(settings)),
        engine_(data, processes, [this] { return settings_().engine; }),
        watcher_(engine_, std::move(changed)) {}

  ~PodmanTarget() override { PodmanTarget::stop(); }

  void stop() final {
    engine_.stop();
    watcher_.stop();
  }

  void prepare(const TargetApp& app, std::vector<Json>& desired) override {
    const Policy policy = settings_().policy;
    for (Json& object : desired) {
      if (!is_workload(key_of(object))) continue;
      try {
        set_annotation(object, kPodHash,
                       plan_workload(app, object, desired, policy).hash);
      } catch (const Error&) {
        // review() says what is wrong.
      }
    }
  }

  Review review(const TargetApp& app,
                const std::vector<Json>& desired) override {
    if (app.server != "podman://") {
      fail(ErrorCode::invalid,
           "destination \"{}\" must be podman:// (this machine)", app.server);
    }
    const Policy policy = settings_().policy;
    Review result;
    for (const Json& object : desired) {
      const ResourceKey key = key_of(object);
      try {
        if (is_workload(key)) {
          const Workload work = plan_workload(app, object, desired, policy);
          for (const auto& [service, text] : work.notices) {
            result.notices[service] = text;
          }
        } else if (!is_remembered(key)) {
          fail(ErrorCode::invalid, "kind {} {}", key.kind, kUnknown);
        } else if (key.kind == "Service") {
          check_service(object);
        } else if (key.kind == "PersistentVolumeClaim") {
          check_claim(object);
        }
      } catch (const Error& error) {
        result.problems[key] = error.message();
      }
    }
    return result;
  }

  std::string fingerprint(const TargetApp& app) override {
    Hasher hasher;
    hasher.update(fmt::format("{}\n", applied_.version(app.id)));
    const Snapshot snapshot = watcher_.snapshot();
    for (const ContainerState& c : *snapshot) {
      if (c.app != app.name) continue;
      hasher.update(fmt::format("{} {} {} {} {}\n", c.pod, c.name, c.state,
                                c.image, c.exit_code));
    }
    return hasher.finish().hex;
  }

  std::vector<LiveResource> live(const TargetApp& app) override {
    return podman::live_resources(app, applied_.all(app.id),
                                  *watcher_.snapshot());
  }

  void apply(const TargetApp& app, const Json& object,
             const std::vector<Json>& desired) override {
    const ResourceKey key = key_of(object);
    if (is_workload(key)) {
      const PodmanSettings settings = settings_();
      const Workload work =
          plan_workload(app, object, desired, settings.policy);
      Replacement(engine_, images_, network_of(app, work, settings),
                  *watcher_.refresh())
          .bring(app, work);
      watcher_.refresh();
    } else if (key.kind == "PersistentVolumeClaim") {
      engine_.create_volume(volume_name(app, key));
    }
    applied_.put(app.id, key, object);
  }

  void remove(const TargetApp& app, const ResourceKey& key) override {
    if (is_workload(key)) {
      const std::string owner = tracking_id(app.name, key);
      std::set<std::string> pods;
      for (const ContainerState& c : *watcher_.refresh()) {
        if (c.app == app.name && c.owner == owner) pods.insert(c.pod);
      }
      for (const std::string& pod : pods) {
        engine_.remove_pod(pod, 10);
        remove_tree(engine_.pods_folder() / pod);
      }
      watcher_.refresh();
    } else if (key.kind == "PersistentVolumeClaim") {
      engine_.remove_volume(volume_name(app, key));
    }
    applied_.erase(app.id, key);
  }

  void forget(const TargetApp&) override {}

  std::string health() override { return engine_.problem(); }

 private:
  // "" for a pod on the machine's own network.
  //
  // netavark names its iptables chains after the network, whatever storage
  // folder it comes from: a name shared with another daemon, or with one whose
  // data folder is gone, would mix their rules. So it holds the data folder's.
  std::string network_of(const TargetApp& app, const Workload& work,
                         const PodmanSettings& settings) const {
    if (work.host_network) return "host";
    if (!settings.network.empty()) return settings.network;
    return fmt::format(
        "skerry-{}-{}-{}", engine_.instance(), app.project,
        app.namespace_name.empty() ? "default" : app.namespace_name);
  }

  AppliedObjects& applied_;
  ImageAccess& images_;
  const std::function<PodmanSettings()> settings_;
  Engine engine_;
  Watcher watcher_;
};

}  // namespace

std::unique_ptr<Target> make_podman_target(
    const fs::path& data, const ProcessRunner& processes,
    AppliedObjects& applied, ImageAccess& images,
    std::function<PodmanSettings()> settings, std::function<void()> changed) {
  return std::make_unique<PodmanTarget>(data, processes, applied, images,
                                        std::move(settings),
                                        std::move(changed));
}

}  // namespace skerry::cd
