// A host for tests: the real sandbox, everything else in memory.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/os/clock.h"
#include "core/os/file.h"
#include "core/os/mutex.h"
#include "core/os/process.h"
#include "executor/host.h"
#include "executor/local_executor.h"
#include "executor/pipeline_run.h"

namespace skerry::ci {

struct StageEnd {
  int stage;
  Result result;
};

class TestHost : public RunHost {
 public:
  TestHost();

  void stage_started(int stage, std::uint64_t) override;
  void stage_finished(int stage, Result result, std::uint64_t) override;
  std::unique_ptr<Site> prepare_site() override;
  std::filesystem::path scratch() override { return folder.path() / "scratch"; }
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
  std::optional<std::vector<std::string>> changed_paths() override {
    return std::nullopt;
  }

  TempFolder folder;
  SystemProcessRunner processes;
  LocalOptions options;
  std::unique_ptr<Executor> executor;
  std::shared_ptr<const Tree> source;
  std::map<std::string, Credential> credentials;
  bool host_network = false;

  Mutex mutex;
  std::map<int, Result> stages GUARDED_BY(mutex);
  std::map<std::string, std::string> artifacts GUARDED_BY(mutex);
  std::vector<ChartOrder> charts GUARDED_BY(mutex);
  TestCounts tests GUARDED_BY(mutex);
};

struct Ran {
  Result result = Result::success;
  std::string error;
  std::string log;
  std::map<std::string, Result> stages;
  bool says(std::string_view line) const {
    return ("\n" + log).find("\n" + std::string(line) + "\n") !=
           std::string::npos;
  }
};

struct RunOptions {
  std::optional<Result> previous;
  std::string branch = "main";
  std::uint64_t max_log = 1u << 20;
  std::stop_token cancel, shutdown;
};

// Runs a whole Jenkinsfile.
Ran run_text(TestHost& host, const std::string& text,
             const RunOptions& options = {});
// One stage with these steps.
Ran run_steps(TestHost& host, const std::string& steps,
              const RunOptions& options = {});

}  // namespace skerry::ci
