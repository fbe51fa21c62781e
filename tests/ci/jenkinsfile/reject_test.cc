// What is refused, and with which words.
#include "ci/pipeline_check.h"
#include "support.h"

namespace skerry::ci {
namespace {

std::string faults(const std::string& text) {
  std::string out;
  for (const Diagnostic& d : check_pipeline(text, "J")) {
    out += d.message + "\n";
  }
  return out;
}

struct Case {
  std::string source;
  std::string expected;  // the first fault
};

void expect_each(const std::vector<Case>& cases,
                 std::string (*wrap)(const std::string&)) {
  for (const Case& c : cases) {
    const std::string all = faults(wrap(c.source));
    EXPECT_EQ(all.substr(0, all.find('\n')), c.expected) << c.source;
  }
}

TEST(JenkinsfileFaults, Steps) {
  expect_each(
      {
          {"ech 'x'", "J:2:1: unknown step 'ech'; did you mean 'echo'?"},
          {"frobnicate 'x'", "J:2:1: unknown step 'frobnicate'"},
          {"bat 'dir'", "J:2:1: 'bat' is not supported yet"},
          {"input 'ok?'", "J:2:1: 'input' is not supported yet"},
          {"sh", "J:2:1: 'sh' needs the argument 'script'"},
          {"sh 5", "J:2:4: 'script' of 'sh' must be a string, not an integer"},
          {"sh scrip: 'x'",
           "J:2:4: 'sh' has no argument 'scrip'; did you mean 'script'?"},
          {"sh script: 'x', script: 'y'", "J:2:17: 'script' is given twice"},
          {"sh 'x', 'y'",
           "J:2:4: the arguments of 'sh' must be named: script: "
           "..."},
          {"sh(script: 'x', returnStdout: true, returnStatus: true)",
           "J:2:1: 'sh' can give either returnStdout or returnStatus, not "
           "both"},
          {"sh(script: 'x', encoding: 'UTF-16')",
           "J:2:27: 'encoding' of 'sh' must be one of UTF-8, utf-8, UTF8, "
           "utf8, not 'UTF-16'"},
          {"sh('x') { echo 'y' }", "J:2:1: 'sh' takes no block"},
          {"dir('x')", "J:2:1: 'dir' needs a block of steps: dir ... { ... }"},
          {"dir 'x' { sh 'y' }",
           "J:2:9: a block after arguments needs them in "
           "parentheses: dir(...) {"},
          {"timeout(time: 5, unit: 'FORTNIGHTS') { sh 'x' }",
           "J:2:24: 'unit' of 'timeout' must be one of NANOSECONDS, "
           "MICROSECONDS, MILLISECONDS, SECONDS, MINUTES, HOURS, DAYS, not "
           "'FORTNIGHTS'"},
          {"timeout(time: 5, activity: true) { sh 'x' }",
           "J:2:28: 'activity: true' of 'timeout' is not supported yet"},
          {"retry(count: 2, conditions: [agent()]) { sh 'x' }",
           "J:2:17: 'conditions' of 'retry' is not supported yet"},
          {"retry('3') { sh 'x' }",
           "J:2:7: 'count' of 'retry' must be an integer, not a string"},
          {"retry(0) { sh 'x' }",
           "J:2:7: 'count' of 'retry' must be at least "
           "1"},
          {"withEnv(['A']) { sh 'x' }",
           "J:2:10: 'withEnv' needs 'NAME=value', not 'A'"},
          {"withEnv('A=1') { sh 'x' }",
           "J:2:9: 'overrides' of 'withEnv' must be a list of strings, not a "
           "string"},
          {"withCredentials([sshUserPrivateKey(credentialsId: 'x')]) { sh 'x' "
           "}",
           "J:2:18: the credential binding 'sshUserPrivateKey' is not "
           "supported yet"},
          {"withCredentials('x') { sh 'x' }",
           "J:2:17: 'withCredentials' needs a list of bindings: "
           "[string(credentialsId: '...', variable: '...')]"},
          {"checkout([$class: 'GitSCM'])",
           "J:2:10: only 'checkout scm' is supported; use 'git' for another "
           "repository"},
          {"junit testResults: 'x', healthScaleFactor: 1.5",
           "J:2:25: 'healthScaleFactor' of 'junit' is not supported yet"},
          {"deleteDir 'x'", "J:2:11: 'deleteDir' takes no arguments"},
          {"parallel a: { sh 'x' }, b: { sh 'y' }",
           "J:2:1: 'parallel' is not supported as a step; write a stage with "
           "'parallel { stage(...) ... }'"},
          {"stage('x') { sh 'y' }", "J:2:1: 'stage' cannot stand among steps"},
          {"environment { A = 'b' }",
           "J:2:1: 'environment' cannot stand among steps"},
          {"def x = 5", "J:2:1: 'def' is not supported; only steps are"},
          {"String x = 'y'", "J:2:1: 'def' is not supported; only steps are"},
          {"script { if (a) { sh 'x' } }",
           "J:2:10: 'if' is not supported; only steps are"},
          {"script { def v = sh(script: 'x', returnStdout: true) }",
           "J:2:10: 'def' is not supported; only steps are"},
          {"env.A = 'b'",
           "J:2:1: assigning to 'env.A' is not supported; use "
           "'environment' or 'withEnv'"},
          {"docker.image('x').inside { sh 'y' }",
           "J:2:19: calling the method 'inside' of an object is not "
           "supported"},
          {"'x'", "J:2:1: a step is expected here"},
          {"buildImage tags: ['a']",
           "J:2:1: 'buildImage' needs the argument 'image'"},
          {"buildImage image: 'a', tags: 'b'",
           "J:2:30: 'tags' of 'buildImage' must be a list of strings, not a "
           "string"},
      },
      with_steps);
}

TEST(JenkinsfileFaults, Expressions) {
  expect_each(
      {
          {"echo \"${foo.bar}\"",
           "J:2:9: 'foo.bar' is not supported; env.NAME, params.NAME and "
           "currentBuild.NAME are"},
          {"echo \"a\n\"", "J:2:6: the string is not closed"},
          {"echo \"${env.X\"", "J:2:7: '${' is not closed"},
          {"echo \"${}\"", "J:2:9: '${}' is empty"},
          {"echo 'a\\d'",
           "J:2:8: unknown escape '\\d'; write '\\\\' for a backslash"},
          {"echo 'a\\u12'", "J:2:8: '\\u' needs four hexadecimal digits"},
          {"echo 'a\\0'", "J:2:8: a string cannot hold the character 0"},
          {"echo \"5 $ 6\"",
           "J:2:9: '$' must be followed by a name or '{'; write '\\$' for a "
           "dollar sign"},
          {"echo 'a' - 'b'", "J:2:10: operator '-' is not supported"},
          {"echo env.X[0]", "J:2:11: operator '[' is not supported"},
          {"echo env.X?.trim()", "J:2:11: operator '?.' is not supported"},
          {"echo new Date()", "J:2:6: 'new' is not supported"},
          {"echo env.X.split(',')",
           "J:2:12: the method 'split' with 1 argument is not supported"},
          {"echo sh('x')",
           "J:2:6: 'sh' gives a value only with returnStdout: "
           "true or returnStatus: true"},
          {"echo credentials('x')",
           "J:2:6: credentials() may only be the whole value of a variable in "
           "'environment'"},
          {"echo deleteDir()", "J:2:6: 'deleteDir' gives no value"},
          {"echo readJSON(file: 'x')",
           "J:2:6: 'readJSON' is not supported "
           "yet"},
          {"echo foo()", "J:2:6: unknown function 'foo'"},
          {"echo currentBuild.rawBuild",
           "J:2:6: 'currentBuild.rawBuild' is not supported yet"},
          {"echo(['a': 1, 'a': 2])", "J:2:15: 'a' stands in the map twice"},
          {"echo 0x1F", "J:2:6: '0x1F' is not a number that is supported"},
          {"echo('x'", "J:3:1: unexpected '}'"},
          {"echo 'x')", "J:2:9: unexpected ')'"},
          {"echo #", "J:2:6: unexpected character '#'"},
      },
      with_steps);
}

std::string in_pipeline(const std::string& sections) {
  return "pipeline {\n" + sections + "\n}";
}

TEST(JenkinsfileFaults, Sections) {
  const std::string stages = " \n stages { stage('A') { steps { echo 'x' } } }";
  expect_each(
      {
          {"stages { stage('A') { steps { echo 'x' } } }",
           "J:1:1: 'agent' is missing; write 'agent any'"},
          {"agent any", "J:1:1: 'stages' is missing"},
          {"agent { docker 'x' }" + stages,
           "J:2:9: agent 'docker' is not supported yet; use 'agent any'"},
          {"agent { label 'x' }" + stages,
           "J:2:9: agent 'label' is not supported yet; use 'agent any'"},
          {"agent 'x'" + stages,
           "J:2:1: 'agent' must be 'agent any' or 'agent none'"},
          {"agent any; agent any" + stages,
           "J:2:12: 'agent' stands here twice"},
          {"agent any; triggers { cron('@daily') }" + stages,
           "J:2:12: 'triggers' is not supported yet"},
          {"agent any; tools { maven 'x' }" + stages,
           "J:2:12: 'tools' is not supported yet"},
          {"agent any; libraries { lib('x') }" + stages,
           "J:2:12: 'libraries' is not supported yet"},
          {"agent any; enviroment { A = 'b' }" + stages,
           "J:2:12: 'enviroment' cannot stand in 'pipeline'; did you mean "
           "'environment'?"},
          {"agent any; environment { }" + stages,
           "J:2:12: 'environment' has no variables"},
          {"agent any; environment { A = 'b'; A = 'c' }" + stages,
           "J:2:35: 'A' stands here twice"},
          {"agent any; environment { A = 5 }" + stages,
           "J:2:30: the value of a variable must be a string or a call, not an "
           "integer"},
          {"agent any; environment { echo 'x' }" + stages,
           "J:2:26: 'environment' needs NAME = value"},
          {"agent any; options { timeout(time: 0) }" + stages,
           "J:2:22: 'timeout' must be between 1 MINUTES and 292 years"},
          {"agent any; options { ansiColor('xterm') }" + stages,
           "J:2:22: the option 'ansiColor' is not supported yet"},
          {"agent any; options { timestamp() }" + stages,
           "J:2:22: unknown option 'timestamp'; did you mean 'timestamps'?"},
          {"agent any; options { retry(2); retry(3) }" + stages,
           "J:2:32: 'retry' stands here twice"},
          {"agent any; options { buildDiscarder(logRotator(numToKeepStr: "
           "'many')) }" +
               stages,
           "J:2:37: 'numToKeepStr' must be a positive number in quotes, not "
           "'many'"},
          {"agent any; parameters { file(name: 'x') }" + stages,
           "J:2:25: the parameter 'file' is not supported yet"},
          {"agent any; parameters { string(defaultValue: 'x') }" + stages,
           "J:2:25: 'string' needs the argument 'name'"},
          {"agent any; parameters { choice(name: 'x', choices: []) }" + stages,
           "J:2:25: 'choice' needs 'choices'"},
          {"agent any; parameters { booleanParam(name: 'x', defaultValue: "
           "'yes') }" +
               stages,
           "J:2:63: 'defaultValue' of 'booleanParam' must be true or false, "
           "written out"},
          {"agent any; post { allways { echo 'x' } }" + stages,
           "J:2:19: 'allways' is not a condition of 'post'; did you mean "
           "'always'?"},
          {"agent any; post { always { } }" + stages,
           "J:2:19: 'always' has no steps"},
          {"agent any; post { always { echo 'x' }; always { echo 'y' } }" +
               stages,
           "J:2:40: 'always' stands here twice"},
          {"agent none" + stages + "\n post { always { sh 'x' } }",
           "J:4:18: 'sh' needs an agent, and there is 'agent none' here"},
      },
      in_pipeline);
}

std::string in_stages(const std::string& stages) {
  return "pipeline { agent any; stages {\n" + stages + "\n} }";
}

TEST(JenkinsfileFaults, Stages) {
  const std::string s = " steps { echo 'x' } ";
  expect_each(
      {
          {"", "J:1:23: 'stages' has no stages"},
          {"echo 'x'", "J:2:1: 'stages' holds stages only"},
          {"stage { steps { echo 'x' } }",
           "J:2:1: a stage needs a name of 1 to 255 bytes: stage('...') { ... "
           "}"},
          {"stage('A') {" + s + "}\nstage('A') {" + s + "}",
           "J:3:1: there are two stages 'A' here"},
          {"stage('A') { }",
           "J:2:1: stage 'A' needs 'steps', 'stages' or 'parallel'"},
          {"stage('A') {" + s + "\n stages { stage('B') {" + s + "} } }",
           "J:2:1: stage 'A' may have only one of 'steps', 'stages' and "
           "'parallel'"},
          {"stage('A') { steps { } }", "J:2:14: 'steps' is empty"},
          {"stage('A') { matrix { axes { } } }",
           "J:2:14: 'matrix' is not supported yet"},
          {"stage('A') { input { message 'x' }\n" + s + "}",
           "J:2:14: 'input' is not supported yet"},
          {"stage('A') { tools { jdk 'x' }\n" + s + "}",
           "J:2:14: 'tools' is not supported yet"},
          {"stage('A') { agent any\n parallel { stage('B') {" + s + "} } }",
           "J:2:14: a stage with 'parallel' cannot have an 'agent'"},
          {"stage('A') { failFast true\n" + s + "}",
           "J:2:14: 'failFast' may only stand in a stage with 'parallel'"},
          {"stage('A') { parallel { stage('B') { stages { stage('C') { "
           "parallel "
           "{ stage('D') {" +
               s + "} } } } } } }",
           "J:2:60: 'parallel' cannot stand below another 'parallel'"},
          {"stage('A') { options { disableConcurrentBuilds() }\n" + s + "}",
           "J:2:24: 'disableConcurrentBuilds' is an option of the whole "
           "pipeline"},
          {"stage('A') { when { }\n" + s + "}",
           "J:2:14: 'when' has no "
           "condition"},
          {"stage('A') { when { changeRequest() }\n" + s + "}",
           "J:2:21: the condition 'changeRequest' is not supported yet"},
          {"stage('A') { when { brunch 'x' }\n" + s + "}",
           "J:2:21: unknown condition 'brunch'; did you mean 'branch'?"},
          {"stage('A') { when { branch pattern: '(', comparator: 'REGEXP' }\n" +
               s + "}",
           "J:2:21: the regular expression cannot be read: missing ): ("},
          {"stage('A') { when { not { branch 'a'; branch 'b' } }\n" + s + "}",
           "J:2:21: 'not' needs exactly one condition"},
          {"stage('A') { when { expression { def x = 1; return x } }\n" + s +
               "}",
           "J:2:21: 'expression' must hold one expression; statements of "
           "Groovy are not supported"},
      },
      in_stages);
}

std::string as_is(const std::string& text) { return text; }

TEST(JenkinsfileFaults, WholeFiles) {
  expect_each(
      {
          {"", "J:1:1: 'agent' is missing; write 'agent any'"},
          {"node { sh 'x' }",
           "J:1:1: scripted pipelines are not supported; "
           "write 'pipeline { ... }'"},
          {"@Library('x') _\npipeline { agent any }",
           "J:1:1: '@Library' is not supported yet"},
          {"def x = 1\npipeline { agent any }",
           "J:1:1: 'def' is not supported here; only 'pipeline { ... }' may "
           "stand outside of it"},
          {"pipeline { agent any",
           "J:1:10: what opens here is not closed: '}' "
           "is missing"},
          {"pipeline { agent any } }", "J:1:24: '}' closes nothing"},
          {"/* x", "J:1:1: the comment is not closed"},
          {"pipeline {\n// \xFF\n}", "J:2:1: the line is not UTF-8"},
          {"pipeline 'x'",
           "J:1:1: 'pipeline' needs a block: pipeline { ... "
           "}"},
          {std::string("pipeline\0{", 10),
           "J:1:9: unexpected byte 0x00 outside of a string"},
          {"hello",
           "J:1:1: 'hello' is not supported here; only 'pipeline { "
           "... }' may stand outside of it"},
      },
      as_is);
}

TEST(JenkinsfileFaults, AllOfAFileAreReported) {
  EXPECT_EQ(faults("pipeline {\n"
                   "  agent { label 'x' }\n"
                   "  tools { maven 'm' }\n"
                   "  stages {\n"
                   "    stage('A') { steps { ech 'x' } }\n"
                   "    stage('B') { matrix { } }\n"
                   "  }\n"
                   "}\n"),
            "J:2:11: agent 'label' is not supported yet; use 'agent any'\n"
            "J:3:3: 'tools' is not supported yet\n"
            "J:5:26: unknown step 'ech'; did you mean 'echo'?\n"
            "J:6:18: 'matrix' is not supported yet\n");
  EXPECT_EQ(faults("pipeline {\n"
                   "  agent any any any]\n"
                   "  stages {\n"
                   "    stage('A') { steps { sh 'a' - 'b'\n sh \"c\n } }\n"
                   "  }\n"
                   "}\n"),
            "J:2:13: unexpected 'any'\n"
            "J:4:33: operator '-' is not supported\n"
            "J:5:5: the string is not closed\n");
}

TEST(JenkinsfileFaults, HostileInputEndsSoon) {
  const auto repeated = [](std::string_view part, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += part;
    return out;
  };
  for (const char* part :
       {"{",    "(",   "[",          "x(",   "a{",        "!",
        "\"${", "[a:", "x?",         "x?:",  ";",         "\n",
        "x.",   "x+",  "'a'.trim()", "}",    ")",         "-",
        "'",    "\"",  "\\",         "/*",   "pipeline{", "stage('a'){stages{",
        "not{", "if{", "@a\n",       "a b\n"}) {
    const std::string text = repeated(part, 20'000);
    EXPECT_NE(faults(text), "") << part;
    EXPECT_NE(faults("pipeline { agent any; stages { " + text), "") << part;
    EXPECT_NE(faults(with_steps("echo " + text)), "") << part;
  }
  EXPECT_EQ(faults(std::string(300u << 10, ' ') + "x"),
            "J:1:1: the file is larger than 262144 bytes\n");
}

}  // namespace
}  // namespace skerry::ci
