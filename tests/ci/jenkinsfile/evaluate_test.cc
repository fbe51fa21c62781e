// Expressions and conditions, evaluated.
#include "core/error.h"
#include "support.h"

namespace skerry::ci {
namespace {

Condition condition(const std::string& source) {
  const LoadResult loaded =
      load("pipeline { agent any; stages { stage('A') { when { " + source +
           " }\n steps { echo 'x' } } } }");
  EXPECT_EQ(loaded.message(), "") << source;
  return loaded.ok() ? *loaded.pipeline.stages[0].when : Condition();
}

TEST(When, Conditions) {
  struct Case {
    const char* source;
    bool expected;
  };
  const Case cases[] = {
      {"branch 'main'", true},
      {"branch 'ma*'", true},
      {"branch 'x'", false},
      {"branch pattern: 'ma.n', comparator: 'REGEXP'", true},
      {"branch pattern: 'ma', comparator: 'REGEXP'", false},
      {"branch pattern: 'm*n', comparator: 'EQUALS'", false},
      {"tag 'v*'", true},
      {"tag 'x*'", false},
      {"buildingTag()", true},
      {"changeset '**/*.c'", true},
      {"changeset '**/*.C'", true},
      {"changeset pattern: '**/*.C', caseSensitive: true", false},
      {"changeset '*.c'", false},
      {"environment name: 'MODE', value: 'dry'", true},
      {"environment name: 'MODE', value: 'DRY'", false},
      {"environment name: 'MODE', value: 'DRY', ignoreCase: true", true},
      {"equals expected: 2, actual: currentBuild.number", true},
      {"equals expected: 'a', actual: params.P", true},
      {"expression { params.YES }", true},
      {"expression { return !params.YES }", false},
      {"expression { params.P == 'a' && env.MODE != 'dry' }", false},
      {"expression { params.P == 'a' || env.MODE != 'dry' }", true},
      {"not { branch 'x' }", true},
      {"allOf { branch 'main'; tag 'x' }", false},
      {"anyOf { branch 'x'; tag 'v1' }", true},
      {"branch 'main'; branch 'x'", false},
      {"beforeAgent true; branch 'main'", true},
  };
  FakeScope scope;
  scope.variables["MODE"] = "dry";
  scope.parameters = {{"P", Value("a")}, {"YES", Value(true)}};
  WhenFacts facts{
      .branch = "main", .tag = "v1", .changed_paths = {{"src/a.c"}}};
  for (const Case& c : cases) {
    EXPECT_EQ(holds(condition(c.source), facts, scope), c.expected) << c.source;
  }
  facts.changed_paths.reset();
  EXPECT_FALSE(holds(condition("changeset '**'"), facts, scope));
}

TEST(Arguments, AreTurnedIntoTheirTypes) {
  FakeScope scope;
  scope.variables = {{"N", "5"}, {"BAD", "x"}};
  EXPECT_EQ(ArgumentValues(only_step("sleep \"${N}\""), scope).integer("time"),
            5);
  try {
    ArgumentValues(only_step("sleep \"${BAD}\""), scope);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.message(),
              "Jenkinsfile:2:1: 'time' of 'sleep' must be an integer, not a "
              "string");
  }
}

TEST(Arguments, AnUndefinedNameFails) {
  FakeScope scope;
  try {
    ArgumentValues(only_step("echo \"${NOPE}\""), scope);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.message(), "Jenkinsfile:2:9: no such property: NOPE");
  }
}

TEST(Arguments, NestedStepsAreCalled) {
  FakeScope scope;
  scope.output = " v1 \n";
  const Step step = only_step(
      "echo \"${readFile('V').trim()}-${fileExists('x')}\" + sh(script: 'y', "
      "returnStdout: true).trim()");
  EXPECT_EQ(ArgumentValues(step, scope).text("message"), "v1-truev1");
  EXPECT_EQ(scope.calls, "readFile fileExists sh ");
}

}  // namespace
}  // namespace skerry::ci
