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

// The address that the server knows itself by, the same port of this machine,
// and the names in cd.own_hosts.
bool CdImagePolicy::is_ours(std::string_view host) const {
  const auto own = authority_of(base_url_());
  if (host == own) return true;
  const auto port = own.rfind(':');
  if (port != std::string::npos) {
    const auto suffix = own.substr(port);
    if (host == "127.0.0.1" + suffix || host == "localhost" + suffix ||
        host == "[::1]" + suffix) {
      return true;
    }
  }
  const std::string hosts = services_.settings.text("cd.own_hosts");
  std::string_view rest = hosts;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    auto one = rest.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one == host) return true;
    rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
  }
  return false;
}

void CdImagePolicy::require_deployable(std::string_view project,
                                       std::string_view image) {
  registry_.require_deployable(
      project, image,
      [this](std::string_view host) { return is_ours(host); });
}

std::vector<registry::ImageUse> DeployedImages::images_in_use() {
  std::vector<registry::ImageUse> uses;
  for (auto& used : cd_.images_in_use()) {
    uses.push_back({std::move(used.image), "application " + used.application});
  }
  return uses;
}

}  // namespace skerry::app
