// `skerry pipeline run`: a Jenkinsfile in the current folder, no server.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "ci/run_pipeline.h"
#include "core/error.h"
#include "core/os/file.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

struct Done {
  int code;
  std::string output, errors;
};

Done run(const std::string& text, LocalRunOptions options = {}) {
  const TempFolder folder(fs::temp_directory_path(), "skerry-run-file-");
  std::ofstream(folder.path() / "Jenkinsfile") << text;
  options.folder = folder.path();
  options.host_network = false;
  std::ostringstream output, errors;
  const int code =
      run_pipeline_file(folder.path() / "Jenkinsfile", options, output, errors);
  return {code, output.str(), errors.str()};
}

std::string pipeline(const std::string& steps) {
  return "pipeline {\nagent any\nparameters {\n"
         "string(name: 'WHO', defaultValue: 'world')\n}\n"
         "stages {\nstage('S') {\nsteps {\n" +
         steps + "\n}\n}\n}\n}\n";
}

TEST(RunFile, RunsInTheFolder) {
  LocalRunOptions options;
  options.parameters = {{"WHO", "you"}};
  const Done done = run(
      pipeline("sh 'ls; echo \"hello $WHO\"; touch made; test -w Jenkinsfile'\n"
               "archiveArtifacts 'made'"),
      options);
  EXPECT_EQ(done.code, 0) << done.output;
  EXPECT_NE(done.output.find("\nJenkinsfile\n"), std::string::npos);
  EXPECT_NE(done.output.find("hello you\n"), std::string::npos);
  EXPECT_TRUE(done.output.ends_with("Finished: SUCCESS\n")) << done.output;
}

TEST(RunFile, FailsWithThePipeline) {
  EXPECT_EQ(run(pipeline("sh 'exit 3'")).code, 1);
}

TEST(RunFile, NamesWhatNeedsAServer) {
  for (const char* step :
       {"buildImage 'x'", "publishChart 'x'", "git 'http://x/y.git'",
        "withCredentials([string(credentialsId: 'c', variable: 'C')]) {\n"
        "echo 'x'\n}"}) {
    const Done done = run(pipeline(step));
    EXPECT_EQ(done.code, 1) << step;
    EXPECT_NE(done.output.find("needs a server"), std::string::npos)
        << done.output;
  }
}

TEST(RunFile, RefusesWhatIsNoPipeline) {
  const Done done = run("pipeline {\n  agent any\n  stagez {\n  }\n}\n");
  EXPECT_EQ(done.code, 2);
  EXPECT_NE(done.errors.find("Jenkinsfile:3:3"), std::string::npos)
      << done.errors;
}

}  // namespace
}  // namespace skerry::ci
