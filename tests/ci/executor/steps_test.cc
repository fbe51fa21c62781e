// Each step in the real sandbox.
#include <gtest/gtest.h>

#include <chrono>

#include "ci/executor/support.h"
#include "executor/steps.h"
#include "jenkinsfile/step_table.h"

namespace skerry::ci {
namespace {

TEST(Steps, DoWhatTheySay) {
  const struct {
    const char* name;
    const char* steps;
    Result result;
    std::vector<std::string> says;
  } cases[] = {
      {"sh prints its commands and stops at the first failure",
       "sh 'echo one; false; echo two'",
       Result::failure,
       {"+ echo one", "one", "+ false", "ERROR: script returned exit code 1"}},
      {"sh gives its output",
       "echo \"<${sh(script: 'echo hi', returnStdout: true).trim()}>\"",
       Result::success,
       {"<hi>"}},
      {"sh gives its status",
       "echo \"code ${sh(script: 'exit 3', returnStatus: true)}\"",
       Result::success,
       {"code 3"}},
      {"sh takes a label",
       "sh(script: 'true', label: 'Compile')",
       Result::success,
       {"[sh] Compile"}},
      {"standard error is part of the log",
       "sh 'echo out; echo err >&2'",
       Result::success,
       {"out", "err"}},
      {"dir goes into a folder, made when absent",
       "dir('docs/x') { sh 'pwd; touch here' }\nsh 'ls docs/x'",
       Result::success,
       {"/workspace/docs/x", "here"}},
      {"dir does not leave the workspace",
       "dir('../x') { sh 'pwd' }",
       Result::failure,
       {}},
      {"files are written and read",
       "writeFile(file: 'a/b.txt', text: 'content')\n"
       "echo readFile('a/b.txt')\nsh 'cat a/b.txt'\n"
       "echo \"${fileExists('a/b.txt')} ${fileExists('no')}\"",
       Result::success,
       {"content", "true false"}},
      {"a missing file is named", "readFile 'nothing'", Result::failure, {}},
      {"deleteDir empties the folder",
       "sh 'mkdir d; touch d/x y'\ndir('d') { deleteDir() }\n"
       "sh 'ls'\ndeleteDir()\nsh 'test -z \"$(ls -A)\"'",
       Result::success,
       {"y"}},
      {"stash carries files over",
       "sh 'mkdir -p out/deep; echo 1 > out/a; echo 2 > out/deep/b; "
       "chmod +x out/a; ln -s a out/l; echo no > out/c.tmp'\n"
       "dir('out') { stash(name: 's', excludes: '**/*.tmp') }\ndeleteDir()\n"
       "dir('in') { unstash 's' }\n"
       "sh 'cat in/a in/deep/b in/l; test -x in/a; test ! -e in/c.tmp'",
       Result::success,
       {"Stashed 3 file(s)", "1", "2"}},
      {"an unknown stash is named", "unstash 'x'", Result::failure, {}},
      {"git checks out",
       "git(url: 'http://h/x.git', branch: 'b')\nsh 'cat cloned'",
       Result::success,
       {"http://h/x.git b"}},
      {"withEnv changes variables for its block",
       "withEnv(['X=1', 'PATH+T=/opt/t']) { sh 'echo $X ${PATH%%:*}' }\n"
       "sh 'echo [$X]'",
       Result::success,
       {"1 /opt/t", "[]"}},
      {"archiveArtifacts wants a match",
       "archiveArtifacts '*.zip'",
       Result::failure,
       {}},
      {"unless it may be empty",
       "archiveArtifacts(artifacts: '*.zip', allowEmptyArchive: true)",
       Result::success,
       {"No file matches '*.zip'"}},
      {"the standard variables are there",
       "sh 'echo $BUILD_NUMBER $BRANCH_NAME $WORKSPACE $HOME'",
       Result::success,
       {"7 main /workspace /home/ci"}},
      {"tmp is kept between scripts of a run and private",
       "sh 'echo kept > /tmp/f'\nsh 'cat /tmp/f'",
       Result::success,
       {"kept"}},
      {"timeout ends a script",
       "timeout(time: 500, unit: 'MILLISECONDS') { sh 'sleep 60' }",
       Result::aborted,
       {"ERROR: timed out after 500 ms"}},
      {"catchError takes a timeout",
       "catchError { timeout(time: 300, unit: 'MILLISECONDS') { sleep 60 } }\n"
       "echo 'after'",
       Result::failure,
       {"after"}},
      {"script is only a group",
       "script { echo 'in' }",
       Result::success,
       {"in"}},
  };
  for (const auto& c : cases) {
    TestHost host;
    const Ran ran = run_steps(host, c.steps);
    EXPECT_EQ(ran.result, c.result) << c.name << "\n" << ran.log;
    for (const std::string& line : c.says) {
      EXPECT_TRUE(ran.says(line)) << c.name << ": " << line << "\n" << ran.log;
    }
  }
}

TEST(Steps, ArchiveWhatMatchesButNothingThroughALinkOut) {
  TestHost host;
  const Ran ran =
      run_steps(host,
                "sh 'mkdir -p out; echo 1 > out/a.txt; echo 2 > out/b.log; "
                "echo 3 > out/c.txt~; ln -s a.txt out/link.txt'\n"
                "archiveArtifacts(artifacts: 'out/**', excludes: '**/*.log')");
  EXPECT_EQ(ran.result, Result::success) << ran.log;
  {
    MutexLock lock(host.mutex);
    const std::map<std::string, std::string> want{{"out/a.txt", "1\n"},
                                                  {"out/link.txt", "1\n"}};
    EXPECT_EQ(host.artifacts, want);
    host.artifacts.clear();
  }
  for (const char* target :
       {"/etc/passwd", "../../../../etc/passwd", "/proc/self/environ"}) {
    const Ran evil =
        run_steps(host, std::string("sh 'ln -s ") + target + " x.txt'\n" +
                            "archiveArtifacts '*.txt'");
    EXPECT_EQ(evil.result, Result::failure) << evil.log;
    EXPECT_NE(evil.log.find("x.txt leads out of the workspace"),
              std::string::npos)
        << evil.log;
    MutexLock lock(host.mutex);
    EXPECT_TRUE(host.artifacts.empty());
  }
}

TEST(Steps, ReadNothingThroughALinkOut) {
  for (const char* step : {"readFile 'x'", "writeFile(file: 'd/y', text: 'z')",
                           "dir('d') { stash 's' }", "dir('d') { sh 'true' }",
                           "junit 'x'", "buildImage 'i'", "publishChart 'd'"}) {
    TestHost host;
    const Ran ran =
        run_steps(host, std::string("sh 'ln -s /etc/passwd x; ln -s /etc d; "
                                    "ln -s /etc/passwd Dockerfile'\n") +
                            step + "\necho 'reached'");
    if (std::string(step).find("buildImage") == std::string::npos) {
      EXPECT_EQ(ran.result, Result::failure) << step << "\n" << ran.log;
    }
    EXPECT_EQ(ran.log.find("root:x:0"), std::string::npos) << ran.log;
  }
}

TEST(Steps, CountTests) {
  TestHost host;
  const Ran ran =
      run_steps(host,
                "writeFile(file: 'r/t.xml', text: '''<testsuite name=\"s\">"
                "<testcase name=\"a\" classname=\"c\"/>"
                "<testcase name=\"b\"><failure message=\"no\"/></testcase>"
                "<testcase name=\"d\"><skipped/></testcase></testsuite>''')\n"
                "junit 'r/*.xml'");
  EXPECT_EQ(ran.result, Result::unstable) << ran.log;
  EXPECT_TRUE(ran.says("Tests: 3 in all, 1 failed, 1 skipped")) << ran.log;
  const Ran none = run_steps(host, "junit 'no/*.xml'");
  EXPECT_EQ(none.result, Result::failure);
}

TEST(Steps, HideSecrets) {
  TestHost host;
  host.credentials["t"] = {Credential::Kind::text, "", "s3cr3t-t0ken", ""};
  host.credentials["u"] = {Credential::Kind::username_password, "bob",
                           "it's hidden", ""};
  host.credentials["f"] = {Credential::Kind::file, "", "file content\n", "key"};
  const Ran ran = run_text(
      host,
      "pipeline { agent any\nenvironment { TOKEN = credentials('t')\n"
      "LOGIN = credentials('u')\nKEY = credentials('f') }\n"
      "stages { stage('A') { steps {\n"
      "sh 'echo $TOKEN; printf s3cr; sleep 0.2; echo 3t-t0ken; echo $LOGIN_USR "
      "\"$LOGIN_PSW\" \"$LOGIN\"; cat $KEY | wc -c'\n"
      "echo \"${env.TOKEN}\"\n"
      "withCredentials([string(credentialsId: 't', variable: 'T'), "
      "usernamePassword(credentialsId: 'u', usernameVariable: 'U', "
      "passwordVariable: 'P'), file(credentialsId: 'f', variable: 'F')]) {\n"
      "sh 'test $T = $TOKEN; test $U = bob; cmp $F $KEY; echo x${T}y; ls -l $F'"
      "\n} } } } }");
  EXPECT_EQ(ran.result, Result::success) << ran.log;
  EXPECT_EQ(ran.log.find("s3cr3t"), std::string::npos) << ran.log;
  EXPECT_EQ(ran.log.find("hidden"), std::string::npos) << ran.log;
  EXPECT_TRUE(ran.says("x****y")) << ran.log;
  EXPECT_NE(ran.log.find("bob ****"), std::string::npos) << ran.log;
  const Ran failing = run_steps(
      host,
      "withCredentials([string(credentialsId: 't', variable: 'T')]) {\n"
      "error \"bad ${env.T}\" }");
  EXPECT_EQ(failing.error, "bad ****");
  const Ran unknown = run_steps(
      host,
      "withCredentials([string(credentialsId: 'no', variable: 'T')]) {\n"
      "echo 'x' }");
  EXPECT_EQ(unknown.result, Result::failure);
  EXPECT_NE(unknown.log.find("no credential 'no'"), std::string::npos);
}

TEST(Steps, OfTheTableAllDoSomething) {
  for (const StepRule& rule : all_steps()) {
    EXPECT_NE(find_step_function(rule.name), nullptr) << rule.name;
  }
}

TEST(Steps, PublishWithTheImageJustBuilt) {
  TestHost host;
  const Ran ran = run_text(
      host,
      "pipeline { agent any\nstages { stage('A') { steps {\n"
      "sh 'mkdir -p chart; touch chart/Chart.yaml; echo FROM scratch > "
      "Dockerfile'\nbuildImage 'hello' } }\n"
      "stage('B') { steps { sh 'echo $IMAGE $IMAGE_TAG $IMAGE_DIGEST'\n"
      "publishChart(path: 'chart', image: env.IMAGE, "
      "values: [replicas: '2']) } } } }");
  EXPECT_EQ(ran.result, Result::success) << ran.log;
  EXPECT_TRUE(ran.says("host/demo/hello t1 sha256:abc")) << ran.log;
  MutexLock lock(host.mutex);
  ASSERT_EQ(host.charts.size(), 1u);
  const std::map<std::string, std::string> want{
      {"image.repository", "host/demo/hello"},
      {"image.tag", "t1"},
      {"image.digest", "sha256:abc"},
      {"replicas", "2"}};
  EXPECT_EQ(host.charts[0].values, want);
}

TEST(Steps, PublishWithAnImageByAShorterName) {
  struct Case {
    const char* image;
    const char* tag;  // of the values; null: refused
  };
  for (const Case& c :
       {Case{"hello", "t1"}, Case{"hello:t2", "t2"}, Case{"demo/hello", "t1"},
        Case{"hello:old", nullptr}, Case{"other", nullptr},
        Case{"demo", nullptr}}) {
    TestHost host;
    const Ran ran = run_steps(
        host, fmt::format("sh 'mkdir -p chart; touch chart/Chart.yaml; "
                          "echo FROM scratch > Dockerfile'\n"
                          "buildImage 'hello'\nbuildImage 'second'\n"
                          "publishChart path: 'chart', image: '{}'",
                          c.image));
    MutexLock lock(host.mutex);
    if (c.tag == nullptr) {
      EXPECT_EQ(ran.result, Result::failure) << c.image;
      EXPECT_NE(ran.error.find(fmt::format("'{}'", c.image)),
                std::string::npos)
          << ran.error;
      EXPECT_NE(ran.error.find("publishChart"), std::string::npos);
      EXPECT_TRUE(host.charts.empty());
      continue;
    }
    ASSERT_EQ(host.charts.size(), 1u) << c.image << ran.log;
    const std::map<std::string, std::string> want{
        {"image.repository", "host/demo/hello"},
        {"image.tag", c.tag},
        {"image.digest", "sha256:abc"}};
    EXPECT_EQ(host.charts[0].values, want) << c.image;
  }
}

TEST(Steps, PublishWithAnImageFromElsewhereAsItIs) {
  TestHost host;
  const Ran ran = run_steps(host,
                            "sh 'mkdir chart; touch chart/Chart.yaml'\n"
                            "publishChart path: 'chart', "
                            "image: 'other.example/lib/nginx:1.27'");
  EXPECT_EQ(ran.result, Result::success) << ran.log;
  MutexLock lock(host.mutex);
  ASSERT_EQ(host.charts.size(), 1u);
  EXPECT_EQ(host.charts[0].values.at("image.repository"),
            "other.example/lib/nginx");
  EXPECT_EQ(host.charts[0].values.at("image.tag"), "1.27");
  EXPECT_FALSE(host.charts[0].values.contains("image.digest"));
}

TEST(Steps, CannotFloodTheLog) {
  TestHost host;
  RunOptions options;
  options.max_log = 1u << 20;
  const Ran ran = run_steps(
      host,
      "timeout(time: 3, unit: 'MINUTES') { sh 'yes | head -c 5000000' "
      "}\necho 'after'",
      options);
  EXPECT_LT(ran.log.size(), (1u << 20) + 1000u);
  EXPECT_NE(ran.log.find("ci.max_log_size"), std::string::npos);
}

TEST(Steps, RunTheFixtureWithPrepareAndBuild) {
  TestHost host;
  const Ran ran = run_text(
      host,
      "pipeline {\n agent any\n stages {\n stage('Prepare') {\n steps {\n"
      "git url: 'http://h/demo/hello.git', branch: 'main', credentialsId: 'x'\n"
      "sh 'ls'\ndir('./docs') {\nsh '''\necho in docs\npwd\n'''\n}\n}\n"
      "post { success { echo 'prepared' } }\n}\n"
      "stage('Build') { steps { echo 'building' } }\n}\n}");
  EXPECT_EQ(ran.result, Result::success) << ran.log;
  for (const char* line :
       {"cloned", "in docs", "/workspace/docs", "prepared", "building"}) {
    EXPECT_TRUE(ran.says(line)) << line << "\n" << ran.log;
  }
}

}  // namespace
}  // namespace skerry::ci
