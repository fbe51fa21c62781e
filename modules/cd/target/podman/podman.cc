#include "target/podman/podman.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/error.h"
#include "core/os/file.h"
#include "core/store/digest.h"
#include "target/podman/images.h"
#include "target/podman/jobs.h"
#include "target/podman/kinds.h"
#include "target/podman/replace.h"
#include "target/podman/status.h"
#include "target/podman/watcher.h"

namespace skerry::cd {
namespace fs = std::filesystem;
using namespace podman;

namespace {

constexpr const char* kPodHash = "skerry.dev/pod-hash";
void append(const Notices& from, Notices& to) {
  for (const auto& [key, sentences] : from) {
    std::vector<std::string>& all = to[key];
    for (const std::string& sentence : sentences) {
      if (std::find(all.begin(), all.end(), sentence) == all.end()) {
        all.push_back(sentence);
      }
    }
  }
}

class PodmanTarget : public Target {
 public:
  PodmanTarget(const fs::path& data, const ProcessRunner& processes,
               AppliedObjects& applied, ImageAccess& images,
               std::function<PodmanSettings()> settings,
               std::function<void()> changed)
      : applied_(applied),
        access_(images),
        settings_(std::move(settings)),
        engine_(data, processes, [this] { return settings_().engine; }),
        images_(engine_),
        jobs_(engine_),
        watcher_(engine_, jobs_, std::move(changed)) {}

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
          append(plan_workload(app, object, desired, policy).notices,
                 result.notices);
        } else if (auto notices = review_remembered(object);
                   !notices.empty()) {
          append({{key, std::move(notices)}}, result.notices);
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
      hasher.update(fmt::format("{} {} {} {} {} {}\n", c.pod, c.name, c.state,
                                c.image, c.exit_code, c.retrying));
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
      bring(app, work, network_of(app, work, settings));
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
      MutexLock lock(jobs_.mutex());
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

  void tidy(const std::set<std::string>& wanted) override {
    // Podman refuses to remove an image in use, but not one of its names.
    std::set<std::string> kept = wanted;
    for (const ContainerState& c : *watcher_.refresh()) kept.insert(c.image);
    images_.tidy(kept);
  }

  std::string health() override { return engine_.problem(); }

 private:
  void bring(const TargetApp& app, const Workload& work,
             const std::string& network) {
    const Snapshot snapshot = watcher_.refresh();
    Replacement(engine_, images_, jobs_, access_, network, *snapshot)
        .bring(app, work);
  }

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
  ImageAccess& access_;
  const std::function<PodmanSettings()> settings_;
  Engine engine_;
  Images images_;
  Jobs jobs_;
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
