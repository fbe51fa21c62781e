#include "wiring/cd.h"

#include "core/error.h"
#include "core/os/random.h"
#include "wiring/local_url.h"

namespace skerry::app {
namespace {

constexpr UnixMillis kTokenLife = 24LL * 3'600'000;
constexpr UnixMillis kRenewAfter = 12LL * 3'600'000;

}  // namespace

std::string CdGit::resolve(std::string_view project,
                           std::string_view repository,
                           std::string_view revision) {
  auto commit = git_.resolve(project, repository, revision);
  if (!commit) {
    fail(ErrorCode::not_found, "repository {}/{} has no revision '{}'", project,
         repository, revision);
  }
  return *commit;
}

std::shared_ptr<const Tree> CdGit::tree(std::string_view project,
                                        std::string_view repository,
                                        std::string_view commit) {
  return git_.tree(project, repository, commit);
}

cd::ChartVersion CdCharts::resolve(std::string_view project,
                                   std::string_view chart,
                                   std::string_view constraint) {
  chart::ChartVersion found = charts_.resolve(project, chart, constraint);
  return {std::move(found.version), std::move(found.digest)};
}

std::shared_ptr<const Tree> CdCharts::tree(std::string_view /*project*/,
                                           std::string_view chart,
                                           const cd::ChartVersion& version) {
  return charts_.open({std::string(chart), version.version, version.digest});
}

std::string CdImages::secret_of(std::string_view project) {
  const UnixMillis now = services_.clock.now();
  const auto found = services_.accounts.find_project(project);
  if (!found) {
    fail(ErrorCode::not_found, "there is no project '{}'", project);
  }
  MutexLock lock(mutex_);
  Held& held = tokens_[found->id];
  if (now >= held.renew) {
    held.secret = services_.db.write([&](Transaction& tx) {
      return services_.accounts
          .create_robot_token(
              tx, fmt::format("embedded-target-{}", random_name(8)),
              {fmt::format("project:{}:viewer", project)}, now + kTokenLife)
          .secret;
    });
    held.renew = now + kRenewAfter;
  }
  return held.secret;
}

std::optional<cd::PullAccess> CdImages::pull_access(std::string_view project) {
  const std::string url = base_url_();
  cd::PullAccess access;
  access.registries = {authority_of(url)};
  access.user = "embedded-target";
  access.secret = secret_of(project);
  access.plain_http = url.rfind("http://", 0) == 0;
  if (!access.plain_http) access.ca_file = services_.paths.keys / "ca.crt";
  return access;
}

std::vector<registry::ImageUse> DeployedImages::images_in_use() {
  std::vector<registry::ImageUse> uses;
  for (auto& used : cd_.images_in_use()) {
    uses.push_back({std::move(used.image), "application " + used.application});
  }
  return uses;
}

}  // namespace skerry::app
