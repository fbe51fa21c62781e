// Pipelines and what becomes of them: results, order, log lines.
#include <gtest/gtest.h>

#include <chrono>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

#include "ci/executor/support.h"

namespace skerry::ci {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kPosts =
    " post { always { echo 'P always' } changed { echo 'P changed' }"
    " fixed { echo 'P fixed' } regression { echo 'P regression' }"
    " aborted { echo 'P aborted' } success { echo 'P success' }"
    " unsuccessful { echo 'P unsuccessful' } unstable { echo 'P unstable' }"
    " failure { echo 'P failure' } notBuilt { echo 'P notBuilt' }"
    " cleanup { echo 'P cleanup' } }";

std::string posts_said(const std::string& log) {
  std::string said;
  for (std::size_t at = 0; (at = log.find("P ", at)) != std::string::npos;) {
    const std::size_t end = log.find('\n', at);
    if (at == 0 || log[at - 1] == '\n') {
      said += (said.empty() ? "" : " ") + log.substr(at + 2, end - at - 2);
    }
    at = end;
  }
  return said;
}

TEST(Pipeline, RunsThePostsThatItsEndCallsFor) {
  const auto none = std::optional<Result>();
  const struct {
    const char* steps;
    std::optional<Result> previous;
    Result result;
    const char* posts;
  } cases[] = {
      {"echo 'x'", none, Result::success, "always changed success cleanup"},
      {"echo 'x'", Result::success, Result::success, "always success cleanup"},
      {"echo 'x'", Result::failure, Result::success,
       "always changed fixed success cleanup"},
      {"echo 'x'", Result::unstable, Result::success,
       "always changed fixed success cleanup"},
      {"echo 'x'", Result::aborted, Result::success,
       "always changed success cleanup"},
      {"error 'x'", none, Result::failure,
       "always changed unsuccessful failure cleanup"},
      {"error 'x'", Result::success, Result::failure,
       "always changed regression unsuccessful failure cleanup"},
      {"error 'x'", Result::failure, Result::failure,
       "always unsuccessful failure cleanup"},
      {"unstable 'x'", Result::success, Result::unstable,
       "always changed regression unsuccessful unstable cleanup"},
      {"timeout(time: 50, unit: 'MILLISECONDS') { sleep 60 }", Result::aborted,
       Result::aborted, "always unsuccessful aborted cleanup"},
  };
  for (const auto& c : cases) {
    TestHost host;
    RunOptions options;
    options.previous = c.previous;
    const std::string body = c.steps;
    const Ran top =
        run_text(host,
                 "pipeline { agent none\n stages { stage('S') { steps { " +
                     body + " } } }\n" + kPosts + " }",
                 options);
    const Ran stage =
        run_text(host,
                 "pipeline { agent none\n stages { stage('S') { steps { " +
                     body + " }\n" + kPosts + " } } }",
                 options);
    for (const Ran& ran : {top, stage}) {
      EXPECT_EQ(ran.result, c.result) << body << "\n" << ran.log;
      std::string said = posts_said(ran.log);
      // The order among conditions is the plan's; as sets they must agree.
      std::istringstream want(c.posts), got(said);
      std::multiset<std::string> w{std::istream_iterator<std::string>(want),
                                   {}};
      std::multiset<std::string> g{std::istream_iterator<std::string>(got), {}};
      EXPECT_EQ(w, g) << body << "\n" << ran.log;
      EXPECT_TRUE(said.starts_with("always")) << said;
      EXPECT_TRUE(said.ends_with("cleanup")) << said;
    }
  }
}

TEST(Pipeline, GivesResultsAndStages) {
  const struct {
    const char* name;
    const char* text;  // of stages and what follows
    Result result;
    std::map<std::string, Result> stages;
    std::vector<std::string> says;
  } cases[] = {
      {"later stages are skipped after a failure",
       "stages { stage('A') { steps { error 'broken' } }\n"
       "stage('B') { steps { echo 'not here' } } }",
       Result::failure,
       {{"A", Result::failure}, {"B", Result::not_built}},
       {"ERROR: broken", "Stage \"B\" skipped due to earlier failure(s)"}},
      {"an unstable stage does not stop the rest",
       "stages { stage('A') { steps { unstable 'meh' } }\n"
       "stage('B') { steps { echo 'here' } } }",
       Result::unstable,
       {{"A", Result::unstable}, {"B", Result::success}},
       {"WARNING: meh", "here"}},
      {"unless the options say so",
       "options { skipStagesAfterUnstable() }\n"
       "stages { stage('A') { steps { unstable 'meh' } }\n"
       "stage('B') { steps { echo 'here' } } }",
       Result::unstable,
       {{"A", Result::unstable}, {"B", Result::not_built}},
       {}},
      {"when skips a stage",
       "stages { stage('A') { when { branch 'release/*' }\n"
       "steps { error 'no' } }\n"
       "stage('B') { when { branch 'main' }\nsteps { echo 'yes' } } }",
       Result::success,
       {{"A", Result::not_built}, {"B", Result::success}},
       {"Stage \"A\" skipped due to when conditional", "yes"}},
      {"catchError goes on",
       "stages { stage('A') { steps {\n"
       "catchError(buildResult: 'UNSTABLE', stageResult: 'FAILURE') {\n"
       "error 'inner' }\necho 'after' } } }",
       Result::unstable,
       {{"A", Result::failure}},
       {"ERROR: inner", "after"}},
      {"warnError marks both unstable",
       "stages { stage('A') { steps { warnError('careful') { error 'inner' }\n"
       "echo 'after' } } }",
       Result::unstable,
       {{"A", Result::unstable}},
       {"WARNING: careful", "ERROR: inner", "after"}},
      {"nested stages pass their failure up",
       "stages { stage('A') { stages { stage('A1') { steps { error 'x' } }\n"
       "stage('A2') { steps { echo 'no' } } } }\n"
       "stage('B') { steps { echo 'no' } } }",
       Result::failure,
       {{"A", Result::failure},
        {"A1", Result::failure},
        {"A2", Result::not_built},
        {"B", Result::not_built}},
       {}},
      {"a failing branch lets the others end",
       "stages { stage('P') { parallel {\n"
       "stage('x') { steps { error 'bad' } }\n"
       "stage('y') { steps { sleep(time: 200, unit: 'MILLISECONDS')\n"
       "echo 'y ended' } } } } }",
       Result::failure,
       {{"P", Result::failure}, {"x", Result::failure}, {"y", Result::success}},
       {"[x] ERROR: bad", "[y] y ended"}},
      {"failFast stops them",
       "stages { stage('P') { failFast true\nparallel {\n"
       "stage('x') { steps { error 'bad' } }\n"
       "stage('y') { steps { sleep 60\necho 'y ended' } } } } }",
       Result::failure,
       {{"P", Result::failure}, {"x", Result::failure}, {"y", Result::aborted}},
       {"[x] ERROR: bad"}},
      {"retry tries again",
       "stages { stage('A') { options { retry(3) }\nsteps { error 'x' } } }",
       Result::failure,
       {{"A", Result::failure}},
       {"Retrying: attempt 2 of 3", "Retrying: attempt 3 of 3"}},
      {"a timeout of a stage aborts it",
       "stages { stage('A') { options { timeout(time: 1, unit: 'SECONDS') }\n"
       "steps { sleep 60 } } }",
       Result::aborted,
       {{"A", Result::aborted}},
       {"ERROR: timed out after 1 s"}},
      {"a timeout of the pipeline too, and posts still run",
       "options { timeout(time: 1, unit: 'SECONDS') }\n"
       "stages { stage('A') { steps { sleep 60 } }\n"
       "stage('B') { steps { echo 'no' } } }\n"
       "post { aborted { echo 'post ran' } }",
       Result::aborted,
       {{"A", Result::aborted}, {"B", Result::not_built}},
       {"post ran"}},
      {"a failing post fails the stage",
       "stages { stage('A') { steps { echo 'x' }\n"
       "post { always { error 'in post' }\ncleanup { echo 'cleaned' } } } }",
       Result::failure,
       {{"A", Result::failure}},
       {"ERROR: in post", "cleaned"}},
      {"environment is nested and interpolated",
       "environment { A = 'top'\nB = \"${A}-${BUILD_NUMBER}\" }\n"
       "stages { stage('A') { environment { A = 'stage' }\n"
       "steps { echo \"A=${env.A} B=${env.B}\"\n"
       "withEnv(['A=with']) { echo \"A=${env.A}\" } } } }",
       Result::success,
       {{"A", Result::success}},
       {"A=stage B=top-7", "A=with"}},
      {"parameters have their defaults",
       "parameters { string(name: 'WHO', defaultValue: 'world')\n"
       "booleanParam(name: 'LOUD', defaultValue: true) }\n"
       "stages { stage('A') { steps { echo \"hello ${params.WHO}\" } } }",
       Result::success,
       {{"A", Result::success}},
       {"hello world"}},
      {"currentBuild is known",
       "stages { stage('A') { steps { unstable 'x'\n"
       "echo \"#${currentBuild.number} ${currentBuild.currentResult}\" } } }",
       Result::unstable,
       {{"A", Result::unstable}},
       {"#7 UNSTABLE"}},
  };
  for (const auto& c : cases) {
    TestHost host;
    const Ran ran =
        run_text(host, std::string("pipeline { agent none\n") + c.text + " }");
    EXPECT_EQ(ran.result, c.result) << c.name << "\n" << ran.log;
    EXPECT_EQ(ran.stages, c.stages) << c.name << "\n" << ran.log;
    for (const std::string& line : c.says) {
      EXPECT_TRUE(ran.says(line)) << c.name << ": " << line << "\n" << ran.log;
    }
    EXPECT_EQ(ran.log.find("not here"), std::string::npos) << c.name;
  }
}

TEST(Pipeline, CanBeCancelledAndCleansUp) {
  TestHost host;
  std::stop_source cancel;
  std::jthread later([&] {
    std::this_thread::sleep_for(milliseconds(400));
    cancel.request_stop();
  });
  RunOptions options;
  options.cancel = cancel.get_token();
  const auto begin = steady_clock::now();
  const Ran ran =
      run_text(host,
               "pipeline { agent any\nstages { stage('A') { steps {\n"
               "sh 'sleep 60' } }\nstage('B') { steps { echo 'no' } } }\n"
               "post { aborted { sh 'echo cleaning up' }\n"
               "failure { echo 'wrong' } } }",
               options);
  EXPECT_EQ(ran.result, Result::aborted) << ran.log;
  EXPECT_TRUE(ran.says("cleaning up")) << ran.log;
  EXPECT_FALSE(ran.says("wrong"));
  EXPECT_EQ(ran.stages.at("B"), Result::not_built);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(4'000));
}

TEST(Pipeline, EndsPostsOfACancelledRunInTime) {
  TestHost host;
  std::stop_source cancel;
  cancel.request_stop();
  RunOptions options;
  options.cancel = cancel.get_token();
  const auto begin = steady_clock::now();
  const Ran ran =
      run_text(host,
               "pipeline { agent none\nstages { stage('A') { steps {\n"
               "echo 'no' } } }\npost { always { sleep 60 } } }",
               options);
  EXPECT_EQ(ran.result, Result::aborted);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(7'000));
}

TEST(Pipeline, RunsNoPostWhenTheServerStops) {
  TestHost host;
  std::stop_source shutdown;
  shutdown.request_stop();
  RunOptions options;
  options.shutdown = shutdown.get_token();
  const Ran ran =
      run_text(host,
               "pipeline { agent none\nstages { stage('A') { steps {\n"
               "echo 'no' } } }\npost { always { echo 'wrong' } } }",
               options);
  EXPECT_FALSE(ran.says("wrong"));
  EXPECT_NE(ran.result, Result::success);
}

TEST(Pipeline, RunsManyBranches) {
  std::string branches;
  for (int i = 0; i < 40; ++i) {
    branches += "stage('b" + std::to_string(i) + "') { steps { echo 'x' } }\n";
  }
  TestHost host;
  const Ran ran = run_text(host,
                           "pipeline { agent none\nstages { stage('P') { "
                           "parallel {\n" +
                               branches + "} } } }");
  EXPECT_EQ(ran.result, Result::success) << ran.log;
  EXPECT_EQ(ran.stages.size(), 41u);
  EXPECT_TRUE(ran.says("[b39] x"));
}

TEST(Pipeline, RetriesOnlyUntilItSucceeds) {
  TestHost host;
  const Ran ran =
      run_steps(host,
                "retry(3) { sh 'test -e tried || { touch tried; exit 1; }' }\n"
                "echo 'done'");
  EXPECT_EQ(ran.result, Result::success) << ran.log;
  EXPECT_TRUE(ran.says("Retrying: attempt 2 of 3"));
  EXPECT_FALSE(ran.says("Retrying: attempt 3 of 3"));
}

TEST(Pipeline, StampsLinesWithTheTime) {
  TestHost host;
  const Ran ran =
      run_text(host,
               "pipeline { agent none\noptions { timestamps() }\n"
               "stages { stage('A') { steps { echo 'hello' } } } }");
  EXPECT_NE(ran.log.find("Z] hello\n"), std::string::npos) << ran.log;
}

TEST(Pipeline, GivesAStageAWorkspaceOfItsOwn) {
  TestHost host;
  host.source = make_memory_tree({{"a", {"1", EntryKind::file}}});
  const Ran ran = run_text(
      host,
      "pipeline { agent any\nstages {\n"
      "stage('A') { steps { sh 'test -e a; touch mine' } }\n"
      "stage('B') { agent any\nsteps { sh 'test -e a; test ! -e mine' } }"
      "\nstage('C') { agent any\noptions { skipDefaultCheckout() }\n"
      "steps { sh 'test ! -e a' } } } }");
  EXPECT_EQ(ran.result, Result::success) << ran.log;
}

}  // namespace
}  // namespace skerry::ci
