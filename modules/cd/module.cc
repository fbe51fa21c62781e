// All that the syncer adds to the program.
#include "cd/cd.h"
#include "reconcile/reconciler.h"
#include "reconcile/used_images.h"
#include "routes.h"
#include "source/sources.h"
#include "store.h"
#include "target/directory.h"
#include "target/podman/podman.h"
#include "target/targets.h"

namespace skerry::cd {
namespace {

std::vector<Setting> settings() {
  using enum SettingType;
  return {
      {"cd.workers", integer, "2", "Applications that are worked on at once.",
       1, 32},
      {"cd.reconcile_interval", duration, "3s",
       "How often each application is looked at; a look that finds nothing "
       "changed costs well under a millisecond.",
       200, 3'600'000},
      {"cd.wave_timeout", duration, "5m",
       "How long the resources of a sync wave, or a hook, may take to become "
       "healthy.",
       1'000, 86'400'000},
      {"cd.own_hosts", text, "",
       "More names (host:port) under which repoURLs mean this server, "
       "separated by commas."},
      {"cd.targets", text, "",
       "Named destinations for spec.destination.name: name=server, separated "
       "by commas."},
      {"cd.directory_roots", text, "",
       "Folders below which directory:// destinations may lie, separated by "
       "commas; \"project=/folder\" is for one project only."},
      {"cd.podman_command", text, "podman", "The podman program."},
      {"cd.podman_storage_driver", text, "",
       "Podman's storage driver, used when its storage is first made; empty: "
       "overlay, or vfs where overlay fails."},
      {"cd.podman_runtime", text, "",
       "The OCI runtime; empty: crun where it can run, otherwise runc."},
      {"cd.podman_network", text, "",
       "Podman network of all pods; empty: a bridge for each project and "
       "namespace."},
      {"cd.podman_pull_timeout", duration, "10m",
       "How long pulling an image may take.", 1'000, 86'400'000},
      {"cd.podman_allow_privileged", boolean, "false",
       "Whether pods may be privileged, add capabilities, mount folders of "
       "this machine and use its namespaces."},
  };
}

PodmanSettings podman_settings(const Settings& settings) {
  return {{settings.text("cd.podman_command"),
           settings.text("cd.podman_storage_driver"),
           settings.text("cd.podman_runtime"),
           settings.duration("cd.podman_pull_timeout")},
          {settings.boolean("cd.podman_allow_privileged")},
          settings.text("cd.podman_network")};
}

// "project/name" or "project/name:ref".
struct Subject {
  std::string project, name;
};
Subject split_subject(const std::string& subject) {
  const auto slash = subject.find('/');
  if (slash == std::string::npos) return {};
  const auto colon = subject.find(':', slash);
  return {subject.substr(0, slash),
          subject.substr(slash + 1, colon == std::string::npos
                                        ? colon
                                        : colon - slash - 1)};
}

}  // namespace

struct CdModule::Parts {
  Parts(Services& s, GitSource& git, ChartSource& charts, Renderer& renderer,
        ImageAccess& images, ImagePolicy& policy)
      : services(s),
        store(s.db),
        sources(git, charts, renderer),
        targets(make_targets(images),
                [this] { return services.settings.text("cd.targets"); }),
        reconciler(s, store, sources, targets, policy,
                   [this] {
                     return services.settings.duration("cd.reconcile_interval");
                   }),
        api{s, store, reconciler, targets} {}

  // The reconciler's threads wait for targets, and those wake the reconciler:
  // both end before either is destroyed.
  ~Parts() {
    reconciler.prepare_stop();
    targets.stop();
    reconciler.stop();
  }

  std::vector<Targets::Scheme> make_targets(ImageAccess& images) {
    std::vector<Targets::Scheme> result;
    result.push_back({"directory://", make_directory_target([this] {
                        return services.settings.text("cd.directory_roots");
                      })});
    result.push_back(
        {"podman://",
         make_podman_target(services.paths.data, services.processes, store,
                            images,
                            [this] { return podman_settings(services.settings); },
                            [this] { reconciler.wake_all(); })});
    return result;
  }

  void handle(const Event& event) {
    const Subject subject = split_subject(event.subject);
    reconciler.wake_users_of(event.topic == "ChartPublished"
                                 ? SourceAddress::Kind::chart
                                 : SourceAddress::Kind::git,
                             subject.project, subject.name);
  }

  void rescan() {
    reconciler.start(static_cast<int>(services.settings.integer("cd.workers")));
    reconciler.wake_all();
  }

  Services& services;
  Store store;
  Sources sources;
  Targets targets;
  Reconciler reconciler;
  Api api;
};

CdModule::CdModule(Services& services, GitSource& git, ChartSource& charts,
                   Renderer& renderer, ImageAccess& images,
                   ImagePolicy& policy)
    : parts_(std::make_unique<Parts>(services, git, charts, renderer, images,
                                     policy)) {}

CdModule::~CdModule() = default;

std::vector<UsedImage> CdModule::images_in_use() {
  return used_images(parts_->store, parts_->sources);
}

Module CdModule::tables() {
  Module module;
  module.name = "cd";
  const auto migrations = Store::migrations();
  module.migrations.assign(migrations.begin(), migrations.end());
  module.settings = settings();
  module.routes = routes(parts_->api);
  module.subscriptions = {{
      "cd.sources",
      {"ChartPublished", "RefUpdated", "RepositoryDeleted"},
      [this](const Event& event) { parts_->handle(event); },
      [this] { parts_->rescan(); },
      std::chrono::minutes(1),
  }};
  module.holdings = {
      {"application", "applications", [this](std::string_view project) {
         return static_cast<std::int64_t>(
             parts_->store.of_project(project).size());
       }}};
  module.health = {
      {"deployment targets", [this] { return parts_->targets.health(); }}};
  return module;
}

}  // namespace skerry::cd
