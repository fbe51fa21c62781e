// What is read, and what it becomes.
#include "core/os/file.h"
#include "support.h"

namespace skerry::ci {
namespace {

Pipeline read(const std::string& fixture) {
  const LoadResult loaded =
      load(read_file(std::string(FIXTURES "/") + fixture));
  EXPECT_EQ(loaded.message(), "");
  return loaded.pipeline;
}

std::string text_of(const Step& step, std::string_view argument) {
  FakeScope scope;
  return ArgumentValues(step, scope).text(argument);
}

TEST(Jenkinsfile, PrepareAndBuildBecomeAPlan) {
  const Pipeline pipeline = read("prepare_build.jenkinsfile");
  ASSERT_EQ(pipeline.stages.size(), 2u);
  const Stage& prepare = pipeline.stages[0];
  EXPECT_EQ(prepare.name, "Prepare");
  EXPECT_EQ(prepare.place, (Place{Origin::repository, 4, 9}));
  ASSERT_EQ(prepare.steps.size(), 3u);
  EXPECT_EQ(prepare.steps[0].name, "git");
  EXPECT_EQ(text_of(prepare.steps[0], "url"),
            "https://git.example/team/app.git");
  EXPECT_EQ(text_of(prepare.steps[0], "branch"), "develop");
  EXPECT_EQ(text_of(prepare.steps[0], "credentialsId"), "git-reader");
  EXPECT_EQ(text_of(prepare.steps[1], "script"), "ls");
  ASSERT_EQ(prepare.steps[2].block.size(), 1u);
  EXPECT_EQ(text_of(prepare.steps[2], "path"), "./docs");
  EXPECT_EQ(text_of(prepare.steps[2].block[0], "script"),
            "\n                    make html\n                    ls -l build\n"
            "                    ");
  ASSERT_EQ(prepare.post.size(), 1u);
  EXPECT_EQ(prepare.post[0].when, PostWhen::success);
  EXPECT_EQ(pipeline.stages[1].name, "Build");
}

TEST(Jenkinsfile, OptionsAndParametersAreTyped) {
  const Pipeline pipeline = read("full.jenkinsfile");
  const Options& options = pipeline.options;
  EXPECT_EQ(options.timeout, std::chrono::seconds(3600));
  EXPECT_EQ(options.retry, 2);
  EXPECT_EQ(options.timestamps, true);
  EXPECT_EQ(options.abort_previous, true);
  EXPECT_EQ(options.skip_default_checkout, true);
  EXPECT_EQ(options.build_discarder->runs_to_keep, 10);
  EXPECT_EQ(options.build_discarder->artifact_runs_to_keep, 3);
  EXPECT_EQ(options.build_discarder->days_to_keep, std::nullopt);
  EXPECT_EQ(options.places.at("retry"), (Place{Origin::repository, 14, 5}));
  ASSERT_EQ(pipeline.parameters.size(), 6u);
  EXPECT_EQ(pipeline.parameters[0].default_value, "world");
  EXPECT_EQ(pipeline.parameters[2].default_value, "true");
  EXPECT_EQ(pipeline.parameters[3].default_value, "low");
  EXPECT_EQ(pipeline.parameters[4].choices,
            (std::vector<std::string>{"small", "large"}));
}

TEST(Jenkinsfile, EnvironmentKnowsCredentialsAndCalls) {
  const Pipeline pipeline = read("full.jenkinsfile");
  ASSERT_EQ(pipeline.environment.size(), 5u);
  FakeScope scope;
  scope.variables = {
      {"BRANCH_NAME", "main"}, {"BUILD_NUMBER", "7"}, {"TAG", "t"}};
  const auto value = [&](std::size_t i) {
    return evaluate_text(pipeline.environment[i].value, scope);
  };
  EXPECT_EQ(value(0), "skerry.local");
  EXPECT_EQ(value(1), "main-7");
  EXPECT_EQ(value(2), "out");
  EXPECT_EQ(pipeline.environment[3].kind, EnvironmentEntry::Kind::credentials);
  EXPECT_EQ(value(3), "registry-login");
  EXPECT_EQ(value(4), "abtc");
}

TEST(Jenkinsfile, StagesFormATree) {
  const Pipeline pipeline = read("full.jenkinsfile");
  std::string tree;
  each_stage(pipeline.stages, [&](const Stage& stage, int depth) {
    tree += std::to_string(depth) + stage.name + " ";
  });
  EXPECT_EQ(tree, "0Checkout 0Test 1Unit 1Lint 2A 2B 0Pack ");
  const Stage& test = pipeline.stages[1];
  EXPECT_EQ(test.body, Stage::Body::parallel);
  EXPECT_TRUE(test.fail_fast);
  EXPECT_EQ(test.children[0].agent, Agent::any);
  EXPECT_EQ(test.children[0].options.timeout, std::chrono::seconds(90));
  EXPECT_EQ(test.children[1].body, Stage::Body::stages);
}

TEST(Jenkinsfile, PostRunsInJenkinsOrder) {
  const Pipeline pipeline = read("full.jenkinsfile");
  std::string order;
  for (const PostBlock& block : pipeline.post) {
    order += std::string(to_string(block.when)) + " ";
  }
  EXPECT_EQ(order, "always success notBuilt cleanup ");
}

TEST(Jenkinsfile, DefaultsOfStepsAreFilledIn) {
  const Step step = only_step("git url: 'u'");
  EXPECT_EQ(text_of(step, "branch"), "master");
  EXPECT_EQ(step.arguments.count("credentialsId"), 0u);
  const Step timeout = only_step("timeout(5) { echo 'x' }");
  EXPECT_EQ(text_of(timeout, "unit"), "MINUTES");
  const Step image = only_step("buildImage 'hello'");
  FakeScope scope;
  const ArgumentValues values(image, scope);
  EXPECT_EQ(values.text("context"), ".");
  EXPECT_TRUE(values.texts("tags").empty());
}

TEST(Jenkinsfile, BindingsBecomeMaps) {
  const Step step = only_step(
      "withCredentials([string(credentialsId: 'tok', variable: 'T')]) { echo "
      "'x' }");
  FakeScope scope;
  const ArgumentValues values(step, scope);
  const Value& first = values.find("bindings")->list()->at(0);
  EXPECT_EQ(to_string(first), "[kind:string, credentialsId:tok, variable:T]");
}

TEST(Jenkinsfile, FormsOfStringsAndCalls) {
  struct Case {
    const char* source;
    const char* message;
  };
  const Case cases[] = {
      {R"(echo 'a\'b\\c\n\u00e9\t\101')", "a'b\\c\n\xC3\xA9\tA"},
      {R"(echo "a\$b 'c'")", "a$b 'c'"},
      {R"(echo('x'))", "x"},
      {R"(echo message: 'x')", "x"},
      {R"(echo(message: 'x'))", "x"},
      {R"(echo (message: 'x'))", "x"},
      {"echo 'a' +\n 'b'", "ab"},
      {"echo 'a\\\nb'", "ab"},
      {"echo \\\n 'x'", "x"},
      {"echo '''a\r\nb'''", "a\nb"},
      {"echo '''a 'b' ''c'''", "a 'b' ''c"},
      {R"(echo """a "b" ${env.X}""")", "a \"b\" 1"},
      {R"(echo /a\/b\d$/)", "a/b\\d$"},
      {R"(echo "$env.X-${env.X}-$X")", "1-1-1"},
      {R"(echo "${env.X + '2' + "3"}")", "123"},
      {R"(echo "${env.Y}")", "null"},
      {R"(echo "${env.Y ?: 'none'}")", "none"},
      {R"(echo env.X == '1' ? 'yes' : 'no')", "yes"},
      {R"(echo "${('a' + 'b').toUpperCase()}")", "AB"},
      {"echo '\xED\x95\x9C'", "\xED\x95\x9C"},
      {R"(echo "\uD83D\uDE00")", "\xF0\x9F\x98\x80"},
      {"echo \"${\n}\"", nullptr},
      {"echo sh(script: 'x', returnStdout: true)\n  .trim()", "out"},
      {"echo 'x' // said\n", "x"},
      {"echo /* why */ 'x'; echo 'y'", "x"},
  };
  FakeScope scope;
  scope.variables["X"] = "1";
  for (const Case& c : cases) {
    const LoadResult loaded = load(with_steps(c.source));
    EXPECT_EQ(loaded.ok(), c.message != nullptr) << c.source << "\n"
                                                 << loaded.message();
    if (!loaded.ok()) continue;
    const Step& step = loaded.pipeline.stages[0].steps.at(0);
    EXPECT_EQ(ArgumentValues(step, scope).text("message"), c.message)
        << c.source;
  }
}

TEST(Jenkinsfile, AgentNoneIsFineWhereNoStepNeedsOne) {
  const LoadResult loaded = load(
      "pipeline { agent none\n stages { stage('A') { steps { echo 'x' } }\n"
      "stage('B') { agent any\n steps { sh 'ls' } } } }");
  EXPECT_EQ(loaded.message(), "");
  EXPECT_EQ(loaded.pipeline.agent, Agent::none);
}

}  // namespace
}  // namespace skerry::ci
