// kill -9 in the middle of a run.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "ci/runs/world.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

std::string long_pipeline() {
  return pipeline("sh 'echo begun; sleep 64 & sleep 65'");
}

bool any_process(const std::string& pattern) {
  return std::system(("pgrep -f '" + pattern + "' > /dev/null").c_str()) == 0;
}

// Starts the server, kills it while its script runs.
void run_and_kill(const fs::path& data) {
  std::string program = fs::read_symlink("/proc/self/exe").native();
  std::string command = "doomed-server", folder = data.native();
  char* argv[] = {program.data(), command.data(), folder.data(), nullptr};
  pid_t child = 0;
  ASSERT_EQ(
      ::posix_spawn(&child, program.c_str(), nullptr, nullptr, argv, environ),
      0);
  const fs::path log = data / "runs/demo/hello/1/log";
  EXPECT_TRUE(eventually([&] {
    std::ifstream in(log);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return text.find("\nbegun\n") != std::string::npos;
  }));
  EXPECT_TRUE(eventually([] { return any_process("sleep 65$"); }));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(Crash, KillsWhatTheRunStarted) {
  const TempFolder folder(fs::temp_directory_path(), "skerry-ci-crash-");
  run_and_kill(folder.path());
  EXPECT_TRUE(eventually([] { return !any_process("sleep 6[45]$"); },
                         std::chrono::seconds(2)));
  World(folder.path()).start();  // removes its control groups
}

TEST(Crash, EndsTheRunAtTheNextStart) {
  const TempFolder folder(fs::temp_directory_path(), "skerry-ci-crash-");
  run_and_kill(folder.path());
  EXPECT_FALSE(fs::is_empty(folder.path() / "work/ci"));
  World world(folder.path());
  world.sources.add_jenkinsfile(long_pipeline());
  world.start();
  const Json run = world.run(1);
  EXPECT_EQ(run["state"], "finished");
  EXPECT_EQ(run["result"], "FAILURE");
  EXPECT_EQ(run["error"], "interrupted by a restart of Skerry");
  EXPECT_EQ(run["stages"][0]["state"], "finished");
  EXPECT_NE(world.log(1).find("interrupted by a restart"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder.path() / "work/ci"));
  // Neither the event nor the job begins it again.
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(world.api("GET", "/projects/demo/repos/hello/runs")["runs"].size(),
            1u);
}

TEST(Crash, BeginsTheRunAgainWhenAskedTo) {
  const TempFolder folder(fs::temp_directory_path(), "skerry-ci-crash-");
  run_and_kill(folder.path());
  World world(folder.path(), {{"SKERRY_CI_RESUME_INTERRUPTED", "rerun"}});
  world.sources.add_jenkinsfile(long_pipeline());
  world.start();
  EXPECT_EQ(world.run(1)["result"], "FAILURE");
  const Json again = world.wait_for(2, "running");
  EXPECT_EQ(again["attempt"], 2);
  EXPECT_EQ(again["cause"], "restart of the interrupted #1");
  world.api("POST", "/projects/demo/repos/hello/runs/2/cancel", {}, 202);
  EXPECT_EQ(world.wait_for(2, "finished")["result"], "ABORTED");
}

TEST(Crash, AnOrderlyStopInterruptsToo) {
  const TempFolder folder(fs::temp_directory_path(), "skerry-ci-crash-");
  {
    World world(folder.path());
    const auto commit = world.sources.add_jenkinsfile(long_pipeline());
    world.start();
    world.push("refs/heads/main", commit);
    world.wait_for(1, "running");
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
  EXPECT_FALSE(any_process("sleep 6[45]$"));
  World world(folder.path());
  world.sources.add_jenkinsfile(long_pipeline());
  world.start();
  EXPECT_EQ(world.run(1)["error"], "interrupted by a restart of Skerry");
}

}  // namespace
}  // namespace skerry::ci
