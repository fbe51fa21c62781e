// `skerry pipeline run FILE`: the same interpreter and sandbox, the current
// folder as workspace, no server.
#include <filesystem>
#include <iostream>

#include "ci/run_pipeline.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/os/process.h"
#include "executor/file_set.h"
#include "executor/local_executor.h"
#include "executor/pipeline_run.h"
#include "jenkinsfile/load.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

[[noreturn]] void needs_server(std::string_view step) {
  fail(ErrorCode::unavailable,
       "{} needs a server: push the repository to Skerry to run it", step);
}

class LocalHost : public RunHost {
 public:
  LocalHost(const LocalRunOptions& options, const ProcessRunner& processes,
            fs::path scratch)
      : options_(options), processes_(processes), scratch_(std::move(scratch)) {}

  void stage_started(int, std::uint64_t) override {}
  void stage_finished(int, Result, std::uint64_t) override {}

  std::unique_ptr<Site> prepare_site() override {
    LocalOptions local;
    local.data = scratch_;
    return make_folder_site(fs::absolute(options_.folder), scratch_, local,
                            processes_, options_.host_network);
  }
  fs::path scratch() override { return scratch_; }

  void check_out_scm(Site&, std::string_view,
                     const std::function<void(std::string_view)>& note)
      override {
    note("The workspace is the current folder as it is");
  }
  void check_out_git(const std::string&, const std::string&,
                     const std::string&, Site&, std::string_view,
                     const std::function<void(std::string_view)>&,
                     std::stop_token) override {
    needs_server("git");
  }
  Credential credential(const std::string& id) override {
    needs_server(fmt::format("the credential '{}'", id));
  }
  // They stay where they are; nothing else is promised to a local run.
  void add_artifact(const std::string&, const Fd&) override {}
  void add_tests(const std::vector<TestSuite>&) override {}
  BuiltImage build_image(const Tree&, const ImageOrder&,
                         const std::function<void(std::string_view)>&,
                         std::stop_token) override {
    needs_server("buildImage");
  }
  PublishedChart publish_chart(const Tree&, const ChartOrder&) override {
    needs_server("publishChart");
  }
  std::optional<std::vector<std::string>> changed_paths() override {
    return std::nullopt;
  }

 private:
  const LocalRunOptions& options_;
  const ProcessRunner& processes_;
  const fs::path scratch_;
};

std::map<std::string, Value> parameters_of(const Pipeline& pipeline,
                                           const LocalRunOptions& options) {
  std::map<std::string, Value> values;
  for (const Parameter& parameter : pipeline.parameters) {
    const auto it = options.parameters.find(parameter.name);
    const std::string text = it == options.parameters.end()
                                 ? parameter.default_value
                                 : it->second;
    values[parameter.name] = parameter.kind == Parameter::Kind::boolean
                                 ? Value(text == "true")
                                 : Value(text);
  }
  for (const auto& [name, value] : options.parameters) {
    if (!values.contains(name)) {
      fail(ErrorCode::invalid, "the pipeline has no parameter '{}'", name);
    }
  }
  return values;
}

RunFacts facts_of(const Pipeline& pipeline, const LocalRunOptions& options,
                  const Clock& clock) {
  RunFacts facts;
  facts.job_name = fs::absolute(options.folder).filename().native();
  facts.number = 0;
  facts.started = clock.now();
  facts.branch = options.branch;
  facts.parameters = parameters_of(pipeline, options);
  facts.environment = {{"CI", "true"},
                       {"BUILD_NUMBER", "0"},
                       {"BUILD_ID", "0"},
                       {"JOB_NAME", facts.job_name},
                       {"BRANCH_NAME", options.branch},
                       {"GIT_BRANCH", options.branch}};
  return facts;
}

}  // namespace

int run_pipeline_file(const fs::path& file, const LocalRunOptions& options,
                      std::ostream& output, std::ostream& errors) {
  PipelineTexts texts;
  texts.repository = read_file(file, kMaxPipelineBytes);
  LoadResult plan = load_pipeline(texts);
  if (!plan.ok()) {
    errors << plan.message() << "\n";
    return 2;
  }
  if (options.timestamps) plan.pipeline.options.timestamps = true;
  const SystemClock clock;
  const SystemProcessRunner processes;
  const TempFolder scratch(fs::temp_directory_path(), "skerry-run-");
  LocalHost host(options, processes, scratch.path());
  RunLog log(
      [&](std::string_view bytes) {
        output << bytes << std::flush;
      },
      clock, kNoLimit);
  PipelineRun run(plan.pipeline, facts_of(plan.pipeline, options, clock), host,
                  log, options.stop, {});
  const auto outcome = run.run();
  output << "Finished: " << to_string(outcome.result) << std::endl;
  return outcome.result <= Result::unstable ? 0 : 1;
}

}  // namespace skerry::ci
