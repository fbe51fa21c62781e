#include "support.h"

namespace skerry::ci {
namespace {

constexpr const char* kProject = R"(pipeline {
  agent any
  environment { A = 'project'; B = 'project' }
  options { timeout(time: 1, unit: 'HOURS'); timestamps() }
  parameters { string(name: 'P', defaultValue: 'project') }
  stages {
    stage('Build') { steps { sh 'default build' } }
    stage('Scan') { steps { sh 'default scan' } }
  }
  post { always { echo 'project' }; failure { echo 'project' } }
})";

TEST(Overlay, OnlyWhatDiffersIsWritten) {
  const LoadResult loaded =
      load_pipeline({.project = kProject, .repository = R"(pipeline {
         environment { B = 'own'; C = 'own' }
         options { timeout(time: 5, unit: 'MINUTES') }
         stages {
           stage('Build') { steps { sh 'own build' } }
           stage('Ship') { steps { sh 'own ship' } }
         }
         post { success { echo 'own' }; failure { echo 'own' } }
       })"});
  ASSERT_EQ(loaded.message(), "");
  const Pipeline& p = loaded.pipeline;
  FakeScope scope;
  std::string seen;
  for (const EnvironmentEntry& e : p.environment) {
    seen += e.name + "=" + evaluate_text(e.value, scope) + " ";
  }
  EXPECT_EQ(seen, "A=project B=own C=own ");
  EXPECT_EQ(p.options.timeout, std::chrono::minutes(5));
  EXPECT_EQ(p.options.timestamps, true);
  EXPECT_EQ(p.options.places.at("timeout").origin, Origin::repository);
  EXPECT_EQ(p.options.places.at("timestamps").origin, Origin::project);
  seen.clear();
  for (const Stage& s : p.stages) {
    seen += s.name + ":" + std::string(to_string(s.place.origin)) + " ";
  }
  EXPECT_EQ(seen,
            "Build:Jenkinsfile Scan:project pipeline defaults "
            "Ship:Jenkinsfile ");
  seen.clear();
  for (const PostBlock& b : p.post) {
    seen += std::string(to_string(b.when)) + ":" +
            std::string(to_string(b.place.origin)) + " ";
  }
  EXPECT_EQ(seen,
            "always:project pipeline defaults success:Jenkinsfile "
            "failure:Jenkinsfile ");
  EXPECT_EQ(p.parameters.at(0).default_value, "project");
}

TEST(Overlay, ThreeTextsInTheirOrder) {
  const LoadResult loaded = load_pipeline(
      {.system = "pipeline { agent any; environment { A = 's'; B = 's'; C = "
                 "'s' } }",
       .project = "pipeline { environment { B = 'p'; C = 'p' } }",
       .repository = "pipeline { environment { C = 'r' }\n stages { stage('X') "
                     "{ steps { echo 'x' } } } }"});
  ASSERT_EQ(loaded.message(), "");
  FakeScope scope;
  std::string seen;
  for (const EnvironmentEntry& e : loaded.pipeline.environment) {
    seen += e.name + "=" + evaluate_text(e.value, scope) + " ";
  }
  EXPECT_EQ(seen, "A=s B=p C=r ");
  EXPECT_EQ(loaded.pipeline.agent_place.origin, Origin::system);
}

TEST(Overlay, FaultsSayWhichTextTheyAreIn) {
  const LoadResult loaded = load_pipeline(
      {.project = "pipeline { agent { label 'x' } }",
       .repository = "pipeline {\n stages { stage('X') { steps { ech 'x' } } } "
                     "}"});
  EXPECT_EQ(loaded.message(),
            "Jenkinsfile:2:32: unknown step 'ech'; did you mean 'echo'?\n"
            "project pipeline defaults:1:20: agent 'label' is not supported "
            "yet; use 'agent any'");
}

TEST(Overlay, AnEmptyRepositoryTextRunsTheDefaults) {
  EXPECT_EQ(load_pipeline({.project = kProject, .repository = "\n"}).message(),
            "");
}

TEST(Overlay, DefaultsNeedNotBeComplete) {
  EXPECT_TRUE(
      check_defaults("pipeline { options { timestamps() } }", Origin::project)
          .empty());
  EXPECT_TRUE(check_defaults("", Origin::system).empty());
  EXPECT_EQ(check_defaults("pipeline { option { } }", Origin::system)
                .at(0)
                .to_string(),
            "system pipeline defaults:1:12: 'option' cannot stand in "
            "'pipeline'; did you mean 'options'?");
}

TEST(Overlay, NoAgentOfTheWholeIsFoundInDefaultsToo) {
  const LoadResult loaded = load_pipeline(
      {.project = "pipeline { post { always { sh 'x' } } }",
       .repository = "pipeline { agent none\n stages { stage('X') { steps { "
                     "echo 'x' } } } }"});
  EXPECT_EQ(loaded.message(),
            "project pipeline defaults:1:28: 'sh' needs an agent, and there is "
            "'agent none' here");
}

}  // namespace
}  // namespace skerry::ci
