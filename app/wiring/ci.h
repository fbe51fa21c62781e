// What CI asks of the Git remote, the registry and the chart repository.
#pragma once

#include <functional>
#include <string>

#include "chart/chart.h"
#include "ci/chart_publisher.h"
#include "ci/image_store.h"
#include "ci/sources.h"
#include "git/git.h"
#include "registry/registry.h"

namespace skerry::app {

class CiSources : public ci::SourceProvider {
 public:
  CiSources(git::GitModule& git, std::function<std::string()> base_url)
      : git_(git), base_url_(std::move(base_url)) {}

  std::shared_ptr<const Tree> tree(std::string_view project,
                                   std::string_view repo,
                                   std::string_view commit) override;
  std::optional<std::string> resolve(std::string_view project,
                                     std::string_view repo,
                                     std::string_view revision) override;
  ci::CommitInfo commit(std::string_view project, std::string_view repo,
                        std::string_view id) override;
  std::string clone_external(const ci::ExternalSource& source,
                             const std::filesystem::path& folder,
                             std::stop_token stop) override;
  std::optional<ci::LocalRepository> local_repository(
      std::string_view url) override;

 private:
  git::GitModule& git_;
  const std::function<std::string()> base_url_;
};

class CiImages : public ci::ImageStore {
 public:
  explicit CiImages(registry::RegistryModule& registry) : registry_(registry) {}

  std::optional<ci::StoredManifest> find_manifest(
      std::string_view repository, std::string_view reference) const override;
  Fd open_blob(std::string_view repository,
               const Digest& digest) const override;
  std::unique_ptr<BlobWriter> create_blob(std::string_view repository) override;
  void link_blob(std::string_view repository, const Digest& digest,
                 std::string_view from_repository) override;
  Digest put_manifest(std::string_view repository,
                      const std::vector<std::string>& tags,
                      std::string_view media_type,
                      std::string_view bytes) override;

 private:
  registry::RegistryModule& registry_;
};

class CiCharts : public ci::ChartPublisher {
 public:
  explicit CiCharts(chart::ChartModule& charts) : charts_(charts) {}
  ci::ChartPublicationResult publish(
      const ci::ChartPublication& chart) override;

 private:
  chart::ChartModule& charts_;
};

}  // namespace skerry::app
