// What the syncer asks of the Git remote, the chart module and the registry.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "cd/cd.h"
#include "cd/chart_source.h"
#include "cd/git_source.h"
#include "cd/image_access.h"
#include "cd/image_policy.h"
#include "cd/renderer.h"
#include "chart/chart.h"
#include "chart/render.h"
#include "core/boot/module.h"
#include "git/git.h"
#include "registry/image_users.h"
#include "registry/registry.h"

namespace skerry::app {

class CdGit : public cd::GitSource {
 public:
  explicit CdGit(git::GitModule& git) : git_(git) {}
  std::string resolve(std::string_view project, std::string_view repository,
                      std::string_view revision) override;
  std::shared_ptr<const Tree> tree(std::string_view project,
                                   std::string_view repository,
                                   std::string_view commit) override;

 private:
  git::GitModule& git_;
};

class CdCharts : public cd::ChartSource {
 public:
  explicit CdCharts(chart::ChartModule& charts) : charts_(charts) {}
  cd::ChartVersion resolve(std::string_view project, std::string_view chart,
                           std::string_view constraint) override;
  std::shared_ptr<const Tree> tree(std::string_view project,
                                   std::string_view chart,
                                   const cd::ChartVersion& version) override;

 private:
  chart::ChartModule& charts_;
};

class CdRenderer : public cd::Renderer {
 public:
  std::vector<Json> render_helm(std::shared_ptr<const Tree> tree,
                                std::string_view path,
                                const cd::HelmRequest& request) override;
  std::vector<Json> render_kustomize(
      std::shared_ptr<const Tree> tree, std::string_view path,
      const cd::KustomizeRequest& request) override;

 private:
  chart::Renderer renderer_;
};

// Lets the embedded target pull with a robot token of the project, which lives
// for a day and is renewed in time.
class CdImages : public cd::ImageAccess {
 public:
  CdImages(Services& services, std::function<std::string()> base_url)
      : services_(services), base_url_(std::move(base_url)) {}
  std::optional<cd::PullAccess> pull_access(std::string_view project) override;

 private:
  struct Held {
    std::string secret;
    UnixMillis renew = 0;
  };
  std::string secret_of(std::string_view project);

  Services& services_;
  const std::function<std::string()> base_url_;
  Mutex mutex_;
  // By the project's number: one that is made anew needs a token of its own.
  std::map<std::int64_t, Held> tokens_ GUARDED_BY(mutex_);
};

// Asks the registry what its policies demand.
class CdImagePolicy : public cd::ImagePolicy {
 public:
  CdImagePolicy(Services& services, registry::RegistryModule& registry,
                std::function<std::string()> base_url)
      : services_(services),
        registry_(registry),
        base_url_(std::move(base_url)) {}
  void require_deployable(std::string_view project,
                          std::string_view image) override;

 private:
  bool is_ours(std::string_view host) const;

  Services& services_;
  registry::RegistryModule& registry_;
  const std::function<std::string()> base_url_;
};

// No rule of the registry removes what applications run.
class DeployedImages : public registry::ImageUsers {
 public:
  explicit DeployedImages(cd::CdModule& cd) : cd_(cd) {}
  std::vector<registry::ImageUse> images_in_use() override;

 private:
  cd::CdModule& cd_;
};

}  // namespace skerry::app
