#include "upkeep/upkeep.h"

#include <fmt/format.h>

#include <chrono>

#include "core/os/file.h"
#include "core/telemetry/log.h"
#include "repositories.h"

namespace skerry::registry {
namespace {

constexpr std::chrono::minutes kEvery{30};
constexpr std::uint64_t kLeastFree = 256u << 20;

void enqueue(Services& services, std::chrono::milliseconds delay) {
  services.db.write([&](Transaction& tx) {
    services.jobs.enqueue(tx, kUpkeepJob, "", Json::object(), delay, true);
  });
}

// Repositories whose project is gone, or was made anew under the same name.
void remove_orphans(Parts& parts) {
  auto& services = parts.services;
  const auto known = services.db.read(
      [](Connection& db) { return projects_with_repositories(db); });
  for (const auto& project : known) {
    const auto now = services.accounts.find_project(project.name);
    if (now && now->id == project.id) continue;
    const auto removed = services.db.write(
        [&](Transaction& tx) { return remove_project(tx, project.id); });
    parts.manifests.forget();
    log::info("image repositories of a deleted project removed",
              {{"project", project.name}, {"repositories", removed}});
  }
}

}  // namespace

void recover(Parts& parts) {
  parts.policies.load();
  parts.notifier.start();
  parts.pulls.start();
  parts.manifests.configure();
  parts.uploads.recover();
  parts.upstreams.recover();
  parts.downloads.recover();
  enqueue(parts.services, std::chrono::seconds(30));
  parts.retention.schedule(std::chrono::hours(1));
}

void run_upkeep(Parts& parts) {
  const auto removed = parts.uploads.remove_stale(
      parts.services.settings.duration("registry.upload_expiry"));
  if (!removed.empty()) {
    log::info("stale uploads removed", {{"uploads", removed.size()}});
  }
  parts.deletions.purge_expired();
  remove_orphans(parts);
  enqueue(parts.services, kEvery);
}

std::string storage_trouble(Parts& parts) {
  const auto space = disk_space(parts.services.paths.data);
  if (space.free_bytes >= kLeastFree) return {};
  return fmt::format(
      "only {} MiB are free below {}: pushes will soon be refused",
      space.free_bytes >> 20, parts.services.paths.data.native());
}

}  // namespace skerry::registry
