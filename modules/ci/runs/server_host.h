// The server as the surroundings of a run.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "executor/host.h"
#include "runs/context.h"
#include "runs/run.h"
#include "runs/run_log.h"

namespace skerry::ci {

// "http://ci.example:8080/" -> "ci.example:8080", as images are named.
std::string registry_host(const std::string& base_url);
// Paths that differ between two trees; at most `limit`.
std::vector<std::string> differing_paths(const Tree& before, const Tree& after,
                                         std::size_t limit);

class ServerHost : public RunHost {
 public:
  // `folder` is scratch space that goes with the run.
  ServerHost(Context& context, const Run& run, std::filesystem::path folder);

  void stage_started(int stage, std::uint64_t log_offset) override;
  void stage_finished(int stage, Result result,
                      std::uint64_t log_offset) override;
  std::unique_ptr<Site> prepare_site() override;
  std::filesystem::path scratch() override { return folder_; }
  void check_out_scm(Site& site, std::string_view folder,
                     const std::function<void(std::string_view)>& note)
      override;
  void check_out_git(const std::string& url, const std::string& branch,
                     const std::string& credentials_id, Site& site,
                     std::string_view folder,
                     const std::function<void(std::string_view)>& note,
                     std::stop_token stop) override;
  Credential credential(const std::string& id) override;
  void add_artifact(const std::string& path, const Fd& content) override;
  void add_tests(const std::vector<TestSuite>& suites) override;
  BuiltImage build_image(const Tree& context, const ImageOrder& order,
                         const std::function<void(std::string_view)>& log,
                         std::stop_token stop) override;
  PublishedChart publish_chart(const Tree& workspace,
                               const ChartOrder& order) override;
  std::optional<std::vector<std::string>> changed_paths() override;

 private:
  void check_access(const LocalRepository& repository,
                    const Credential& credential);
  std::string repository_of(const std::string& image) const;
  std::string run_url() const;

  Context& context_;
  const Run run_;
  const std::filesystem::path folder_;
  std::atomic<int> workspaces_{0};
};

}  // namespace skerry::ci
