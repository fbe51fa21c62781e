// All that the chart module adds to the program.
#include "chart/chart.h"
#include "repository/chart_store.h"
#include "repository/repository.h"
#include "repository/routes.h"

namespace skerry::chart {

struct ChartModule::Parts {
  Parts(Services& s, OciStore& oci) : services(s), repository(s, oci) {}
  Services& services;
  Repository repository;
};

ChartModule::ChartModule(Services& services, OciStore& oci)
    : parts_(std::make_unique<Parts>(services, oci)) {}

ChartModule::~ChartModule() = default;

Module ChartModule::tables() {
  Services& services = parts_->services;
  Repository& repository = parts_->repository;
  Module module;
  module.name = "chart";
  const auto migrations = chart_migrations();
  module.migrations.assign(migrations.begin(), migrations.end());
  module.settings = {
      {"chart.max_size", SettingType::size, "20MiB",
       "The largest packaged chart that is taken", 1 << 10, 1 << 30},
  };
  for (auto routes :
       {repository_routes(services, repository),
        museum_routes(services, repository), api_routes(repository)}) {
    module.routes.insert(module.routes.end(), routes.begin(), routes.end());
  }
  module.holdings = {
      {"chart", "charts", [&services](std::string_view project) {
         return services.db.read(
             [&](Connection& db) { return count_charts(db, project); });
       }}};
  module.blobs.user = blob_user;
  module.subscriptions = {
      {"chart.import",
       {"ImagePushed"},
       [&repository](const Event& event) {
         repository.import_artifact(event.subject);
       }}};
  return module;
}

ChartVersion ChartModule::publish(const Publication& publication) {
  return parts_->repository.publish(publication);
}

ChartVersion ChartModule::resolve(std::string_view project,
                                  std::string_view name,
                                  std::string_view constraint) {
  return parts_->repository.resolve(project, name, constraint);
}

std::shared_ptr<const Tree> ChartModule::open(const ChartVersion& version) {
  return parts_->repository.open(version);
}

}  // namespace skerry::chart
