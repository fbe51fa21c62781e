#include "api/storage_routes.h"

#include <algorithm>

#include "core/os/file.h"

namespace skerry::registry {

void get_storage(Parts& parts, http::Request& request,
                 http::Response& response) {
  auto& services = parts.services;
  const auto projects = services.accounts.projects_of(request.identity);
  Json list = services.db.read([&](Connection& db) {
    Json all = Json::array();
    for (const auto& project : projects) {
      const auto quota = parts.policies.of(project.id)->quota_bytes;
      all.push_back({{"project", project.name},
                     {"used_bytes", used_bytes(db, project.id)},
                     {"quota_bytes", quota ? Json(*quota) : Json()}});
    }
    return all;
  });
  const auto space = disk_space(services.paths.data);
  response.send_json({{"projects", std::move(list)},
                      {"disk",
                       {{"free_bytes", space.free_bytes},
                        {"total_bytes", space.total_bytes}}}});
}

}  // namespace skerry::registry
