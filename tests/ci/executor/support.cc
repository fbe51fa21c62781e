#include "ci/executor/support.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <regex>

#include "core/error.h"
#include "jenkinsfile/load.h"

namespace skerry::ci {

TestHost::TestHost()
    : folder(std::filesystem::temp_directory_path(), "skerry-ci-test-") {
  // An unprivileged daemon's parent folders must let it through.
  ::chmod(folder.path().c_str(), 0755);
  options.folder = folder.path() / "work";
  options.data = folder.path();
  options.owner = "test" + std::to_string(::getpid());
  options.limits.bounds.processes = 200;
  options.limits.bounds.file_size = 64u << 20;
  options.limits.bounds.open_files = 256;
  options.limits.processes = 200;
  options.limits.memory_bytes = 512u << 20;
  executor = make_local_executor([this] { return options; }, processes);
  std::filesystem::create_directories(scratch());
  source = make_memory_tree({});
}

void TestHost::stage_started(int, std::uint64_t) {}

void TestHost::stage_finished(int stage, Result result, std::uint64_t) {
  MutexLock lock(mutex);
  stages[stage] = result;
}

std::unique_ptr<Site> TestHost::prepare_site() {
  return executor->prepare({"test", host_network});
}

void TestHost::check_out_scm(
    Site& site, std::string_view below,
    const std::function<void(std::string_view)>& note) {
  check_out(*source, site.workspace(), below, note);
}

void TestHost::check_out_git(const std::string& url, const std::string& branch,
                             const std::string&, Site& site,
                             std::string_view below,
                             const std::function<void(std::string_view)>& note,
                             std::stop_token) {
  const auto tree =
      make_memory_tree({{"cloned", {url + " " + branch, EntryKind::file}}});
  check_out(*tree, site.workspace(), below, note);
}

Credential TestHost::credential(const std::string& id) {
  const auto it = credentials.find(id);
  if (it == credentials.end()) {
    fail(ErrorCode::not_found, "no credential '{}'", id);
  }
  return it->second;
}

void TestHost::add_artifact(const std::string& path, const Fd& content) {
  std::string bytes;
  char buffer[4096];
  for (ssize_t got; (got = ::read(content.get(), buffer, sizeof buffer)) > 0;) {
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
  MutexLock lock(mutex);
  artifacts[path] = bytes;
}

void TestHost::add_tests(const std::vector<TestSuite>& suites) {
  MutexLock lock(mutex);
  tests = count(suites);
}

BuiltImage TestHost::build_image(
    const Tree& context, const ImageOrder& order,
    const std::function<void(std::string_view)>& log, std::stop_token) {
  log("dockerfile: " + context.read(order.dockerfile));
  return {"host/demo/" + order.image, "t1", "sha256:abc", {"t1", "t2"}};
}

PublishedChart TestHost::publish_chart(const Tree& workspace,
                                       const ChartOrder& order) {
  workspace.read(order.path + "/Chart.yaml");
  MutexLock lock(mutex);
  charts.push_back(order);
  return {"hello", "1.0.0", "sha256:def"};
}

Ran run_text(TestHost& host, const std::string& text,
             const RunOptions& options) {
  Ran ran;
  // Tests write several sections on one line; Groovy wants a line each.
  const LoadResult plan = load_pipeline(
      {{}, {}, std::regex_replace(text, std::regex("\\} ([a-z])"), "}\n$1")});
  if (!plan.ok()) {
    ADD_FAILURE() << plan.message() << "\n" << text;
    return ran;
  }
  const SystemClock clock;
  {
    MutexLock lock(host.mutex);
    host.stages.clear();
  }
  RunLog log([&](std::string_view bytes) { ran.log += bytes; }, clock,
             options.max_log);
  RunFacts facts;
  facts.job_name = "demo/hello";
  facts.number = 7;
  facts.branch = options.branch;
  facts.previous = options.previous;
  facts.environment = {{"BUILD_NUMBER", "7"}, {"BRANCH_NAME", options.branch}};
  facts.post_time = std::chrono::seconds(5);
  for (const Parameter& parameter : plan.pipeline.parameters) {
    facts.parameters[parameter.name] = parameter.default_value;
  }
  PipelineRun run(plan.pipeline, facts, host, log, options.cancel,
                  options.shutdown);
  const auto outcome = run.run();
  ran.result = outcome.result;
  ran.error = outcome.error;
  std::map<int, Result> ends;
  {
    MutexLock lock(host.mutex);
    ends = host.stages;
  }
  int number = 0;
  each_stage(plan.pipeline.stages, [&](const Stage& stage, int) {
    const auto it = ends.find(number++);
    if (it != ends.end()) ran.stages[stage.name] = it->second;
  });
  return ran;
}

Ran run_steps(TestHost& host, const std::string& steps,
              const RunOptions& options) {
  return run_text(host,
                  "pipeline {\n agent any\n stages {\n stage('S') {\n"
                  " steps {\n" +
                      steps + "\n}\n}\n}\n}\n",
                  options);
}

}  // namespace skerry::ci
