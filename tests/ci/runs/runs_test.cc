// The queue, the log, what a run leaves, and who may what.
#include <gtest/gtest.h>

#include <thread>

#include "ci/runs/world.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

const std::string kRuns = "/projects/demo/repos/hello/runs";

using Environment = std::map<std::string, std::string>;

struct Fixture {
  TempFolder folder{fs::temp_directory_path(), "skerry-ci-runs-"};
  World world;
  explicit Fixture(Environment settings = {})
      : world(folder.path(), std::move(settings)) {}
};

TEST(Runs, StartWithParameters) {
  Fixture f;
  f.world.sources.set_ref(
      "refs/heads/main",
      f.world.sources.add_jenkinsfile(
          "pipeline {\nagent any\nparameters {\n"
          "string(name: 'WHO', defaultValue: 'world')\n"
          "choice(name: 'SIZE', choices: ['s', 'l'])\n"
          "password(name: 'PW', defaultValue: 'dflt-pw')\n}\n"
          "stages {\nstage('S') {\nsteps {\n"
          "sh 'echo \"hello $WHO $SIZE $PW\"'\n}\n}\n}\n}"));
  f.world.start();
  const Json run = f.world.api(
      "POST", kRuns,
      {{"ref", "main"},
       {"parameters", {{"WHO", "you"}, {"SIZE", "l"}, {"PW", "pass-w0rd"}}}},
      201);
  EXPECT_EQ(run["number"], 1);
  EXPECT_EQ(run["cause"], "started by dev");
  const Json ended = f.world.wait_for(1, "finished");
  EXPECT_EQ(ended["parameters"]["PW"], "****");
  EXPECT_NE(f.world.log(1).find("hello you l ****"), std::string::npos)
      << f.world.log(1);
  // The same again.
  f.world.api("POST", kRuns + "/1/rerun", {}, 201);
  const Json again = f.world.wait_for(2, "finished");
  EXPECT_EQ(again["cause"], "rerun of #1 by dev");
  EXPECT_NE(f.world.log(2).find("hello you l ****"), std::string::npos);

  f.world.api("POST", kRuns, {{"ref", "nowhere"}}, 404);
  f.world.api("POST", kRuns, {{"ref", "main"}, {"parameters", {{"X", "1"}}}},
              400);
  f.world.api("POST", kRuns,
              {{"ref", "main"}, {"parameters", {{"SIZE", "xl"}}}}, 400);
  f.world.api("POST", kRuns, {{"parameters", Json::object()}}, 400);
  f.world.api("GET", kRuns + "/99", {}, 404);
  f.world.api("GET", kRuns + "/x", {}, 400);
}

TEST(Runs, WaitForTheirTurnAndCanBeCancelled) {
  Fixture f(Environment{{"SKERRY_CI_MAX_PARALLEL", "1"}});
  const auto slow = f.world.sources.add_jenkinsfile(
      pipeline("sh 'while ! test -e /tmp/go; do sleep 0.1; done'"));
  const auto quick = f.world.sources.add_jenkinsfile(pipeline("echo 'x'"));
  f.world.start();
  f.world.push("refs/heads/a", slow);
  f.world.wait_for(1, "running");
  f.world.push("refs/heads/b", quick);
  f.world.push("refs/heads/c", quick);
  ASSERT_TRUE(eventually(
      [&] { return f.world.api("GET", kRuns)["runs"].size() == 3; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(f.world.run(2)["state"], "queued");
  f.world.api("POST", kRuns + "/2/cancel", {}, 202);
  EXPECT_EQ(f.world.run(2)["result"], "ABORTED");
  EXPECT_EQ(f.world.run(2)["error"], "cancelled by dev");
  f.world.api("POST", kRuns + "/1/cancel", {}, 202);
  EXPECT_EQ(f.world.wait_for(1, "finished")["result"], "ABORTED");
  EXPECT_NE(f.world.log(1).find("cancelled by dev"), std::string::npos);
  EXPECT_EQ(f.world.wait_for(3, "finished")["result"], "SUCCESS");
  f.world.api("POST", kRuns + "/1/cancel", {}, 409);
}

TEST(Runs, OfOneBranchMayExcludeOrReplaceEachOther) {
  Fixture f;
  const auto one_at_a_time = f.world.sources.add_jenkinsfile(
      "pipeline {\nagent none\noptions {\ndisableConcurrentBuilds()\n}\n"
      "stages {\nstage('S') {\nsteps {\nsleep(time: 700, unit: 'MILLISECONDS')"
      "\n}\n}\n}\n}");
  const auto replacing = f.world.sources.add_jenkinsfile(
      "pipeline {\nagent none\noptions {\n"
      "disableConcurrentBuilds(abortPrevious: true)\n}\n"
      "stages {\nstage('S') {\nsteps {\nsleep 60\n}\n}\n}\n}");
  f.world.start();
  f.world.push("refs/heads/a", one_at_a_time);
  f.world.wait_for(1, "running");
  f.world.push("refs/heads/a", one_at_a_time);
  f.world.push("refs/heads/b", one_at_a_time);
  f.world.wait_for(3, "running");
  EXPECT_EQ(f.world.run(2)["state"], "queued");
  EXPECT_EQ(f.world.wait_for(2, "finished")["result"], "SUCCESS");
  f.world.push("refs/heads/c", replacing);
  f.world.wait_for(4, "running");
  f.world.push("refs/heads/c", replacing);
  const Json old = f.world.wait_for(4, "finished");
  EXPECT_EQ(old["result"], "ABORTED");
  EXPECT_EQ(old["error"], "cancelled by #5");
  f.world.wait_for(5, "running");
  f.world.api("POST", kRuns + "/5/cancel", {}, 202);
  f.world.wait_for(5, "finished");
}

TEST(Runs, KeepArtifactsTestsAndOffsets) {
  Fixture f;
  const auto commit = f.world.sources.add_jenkinsfile(
      "pipeline {\nagent any\nstages {\nstage('A') {\nsteps {\necho 'in A'\n}\n"
      "}\nstage('B') {\nsteps {\n"
      "sh 'mkdir out; printf data > out/x.bin; ln -s /etc/passwd evil'\n"
      "archiveArtifacts 'out/*'\n"
      "writeFile(file: 't.xml', text: '<testsuite name=\"s\">"
      "<testcase name=\"ok\" classname=\"c\" time=\"0.5\"/>"
      "<testcase name=\"bad\"><failure message=\"m\">d</failure></testcase>"
      "</testsuite>')\njunit 't.xml'\njunit 't.xml'\n}\n}\n}\n}");
  f.world.start();
  f.world.push("refs/heads/main", commit);
  const Json run = f.world.wait_for(1, "finished");
  EXPECT_EQ(run["result"], "UNSTABLE") << f.world.log(1);
  EXPECT_EQ(run["tests"]["total"], 4);
  EXPECT_EQ(run["tests"]["failed"], 2);
  const Json artifacts = f.world.api("GET", kRuns + "/1/artifacts");
  ASSERT_EQ(artifacts["artifacts"].size(), 1u);
  EXPECT_EQ(artifacts["artifacts"][0]["path"], "out/x.bin");
  EXPECT_EQ(f.world.text(kRuns + "/1/artifacts/out/x.bin"), "data");
  f.world.api("GET", kRuns + "/1/artifacts/evil", {}, 404);
  const Json tests = f.world.api("GET", kRuns + "/1/tests");
  ASSERT_EQ(tests["suites"].size(), 2u);
  EXPECT_EQ(tests["suites"][0]["cases"][1]["status"], "failed");
  const Json& a = run["stages"][0];
  const std::string log = f.world.log(1);
  const auto part = log.substr(
      a["log_start"].get<std::size_t>(),
      a["log_end"].get<std::size_t>() - a["log_start"].get<std::size_t>());
  EXPECT_EQ(part, "[stage] A\nin A\n");
  EXPECT_EQ(
      f.world.text(kRuns + "/1/log?offset=" + std::to_string(log.size() - 5)),
      log.substr(log.size() - 5));
}

TEST(Runs, StreamTheirLog) {
  Fixture f;
  const auto commit = f.world.sources.add_jenkinsfile(
      pipeline("sh 'for i in 1 2 3; do echo line $i; sleep 0.2; done'"));
  f.world.start();
  f.world.push("refs/heads/main", commit);
  f.world.wait_for(1, "running");
  const std::string stream = f.world.text(kRuns + "/1/log/stream");
  std::string log;
  std::size_t pieces = 0;
  for (std::size_t at = 0;
       (at = stream.find("event: log\ndata: ", at)) != std::string::npos;) {
    at += 17;
    log += parse_json(stream.substr(at, stream.find('\n', at) - at))["text"];
    ++pieces;
  }
  EXPECT_EQ(log, f.world.log(1));
  EXPECT_GE(pieces, 3u);
  EXPECT_NE(stream.find("event: run\ndata: {"), std::string::npos);
  EXPECT_TRUE(stream.ends_with("event: end\ndata: {}\n\n")) << stream;
}

TEST(Runs, AreForgottenInTime) {
  Fixture f(Environment{{"SKERRY_CI_KEEP_RUNS", "4"}});
  const auto all = f.world.sources.add_jenkinsfile(pipeline("echo 'x'"));
  const auto two = f.world.sources.add_jenkinsfile(
      "pipeline {\nagent none\noptions {\n"
      "buildDiscarder(logRotator(numToKeepStr: '2'))\n}\n"
      "stages {\nstage('S') {\nsteps {\necho 'x'\n}\n}\n}\n}");
  f.world.start();
  int number = 0;
  for (int i = 0; i < 5; ++i) {
    f.world.push("refs/heads/all", all);
    f.world.wait_for(++number, "finished");
  }
  EXPECT_TRUE(eventually(
      [&] { return f.world.api("GET", kRuns)["runs"].size() == 4; }));
  EXPECT_TRUE(eventually(
      [&] { return !fs::exists(f.folder.path() / "runs/demo/hello/1"); }));
  for (int i = 0; i < 3; ++i) {
    f.world.push("refs/heads/two", two);
    f.world.wait_for(++number, "finished");
  }
  // #6 went by its branch's own rule.
  EXPECT_TRUE(eventually([&] {
    const Json runs = f.world.api("GET", kRuns)["runs"];
    return runs.size() == 3 && runs[2]["number"] == 5;
  })) << f.world.api("GET", kRuns)["runs"].dump();
}

TEST(Runs, ReadOtherRepositoriesOnlyIfTheyMay) {
  Fixture f;
  f.world.sources.set_ref("refs/heads/main",
                          f.world.sources.add({{"f", {"x", EntryKind::file}}}));
  const auto git = [](const std::string& url, const std::string& more = "") {
    return pipeline("git(url: '" + url + "', branch: 'main'" + more +
                    ")\nsh 'ls'");
  };
  const auto own =
      f.world.sources.add_jenkinsfile(git("http://skerry.test/git/demo/x"));
  const auto denied =
      f.world.sources.add_jenkinsfile(git("http://skerry.test/git/private/x"));
  const auto allowed = f.world.sources.add_jenkinsfile(
      git("http://skerry.test/git/private/x", ", credentialsId: 'r'"));
  const auto external = f.world.sources.add_jenkinsfile(
      pipeline("git(url: 'http://else.test/x.git', credentialsId: 'r')\n"
               "sh 'cat from; test ! -e .git'"));
  f.world.start();
  f.world.api("POST", "/projects/demo/credentials",
              {{"id", "r"},
               {"kind", "username_password"},
               {"user", "reader"},
               {"password", "pw"}},
              201);
  int number = 0;
  const auto run = [&](const std::string& commit) {
    f.world.push("refs/heads/t", commit);
    return f.world.wait_for(++number, "finished");
  };
  EXPECT_EQ(run(own)["result"], "SUCCESS") << f.world.log(number);
  const Json refused = run(denied);
  EXPECT_EQ(refused["result"], "FAILURE");
  EXPECT_NE(refused["error"].get<std::string>().find("private/x"),
            std::string::npos);
  EXPECT_EQ(run(allowed)["result"], "SUCCESS") << f.world.log(number);
  EXPECT_EQ(run(external)["result"], "SUCCESS") << f.world.log(number);
  EXPECT_NE(f.world.log(number).find("else.test/x.git reader:"),
            std::string::npos)
      << f.world.log(number);
}

}  // namespace
}  // namespace skerry::ci
