#include "modules.h"

#include "cd/cd.h"
#include "chart/chart.h"
#include "ci/ci.h"
#include "git/git.h"
#include "registry/registry.h"
#include "wiring/cd.h"
#include "wiring/chart.h"
#include "wiring/ci.h"

namespace skerry::app {

// In the order in which a push travels; each module after what it asks.
struct Modules::List {
  List(Services& services, const std::function<std::string()>& base_url)
      : git(services),
        registry(services, base_url),
        chart_oci(registry),
        charts(services, chart_oci),
        ci_sources(git, base_url),
        ci_images(registry),
        ci_charts(charts),
        ci(services, ci_sources, ci_images, ci_charts, base_url),
        cd_git(git),
        cd_charts(charts),
        cd_images(services, base_url),
        cd_policy(services, registry, base_url),
        cd(services, cd_git, cd_charts, cd_renderer, cd_images, cd_policy),
        deployed_images(cd) {
    registry.protect(deployed_images);
  }

  git::GitModule git;
  registry::RegistryModule registry;
  ChartOci chart_oci;
  chart::ChartModule charts;
  CiSources ci_sources;
  CiImages ci_images;
  CiCharts ci_charts;
  ci::CiModule ci;
  CdGit cd_git;
  CdCharts cd_charts;
  CdRenderer cd_renderer;
  CdImages cd_images;
  CdImagePolicy cd_policy;
  cd::CdModule cd;
  DeployedImages deployed_images;
};

Modules::Modules(Services& services, std::function<std::string()> base_url)
    : list_(std::make_unique<List>(services, base_url)) {}

Modules::~Modules() = default;

std::vector<Module> Modules::tables() {
  std::vector<Module> tables;
  tables.push_back(list_->git.tables());
  tables.push_back(list_->ci.tables());
  tables.push_back(list_->registry.tables());
  tables.push_back(list_->charts.tables());
  tables.push_back(list_->cd.tables());
  return tables;
}

}  // namespace skerry::app
