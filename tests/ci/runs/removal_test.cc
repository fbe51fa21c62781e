// What goes when a repository or a project goes.
#include <gtest/gtest.h>

#include <thread>

#include "ci/runs/world.h"
#include "core/error.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

const std::string kProject = "/projects/demo";
const std::string kRuns = "/projects/demo/repos/hello/runs";

using Environment = std::map<std::string, std::string>;

struct Fixture {
  TempFolder folder{fs::temp_directory_path(), "skerry-ci-removal-"};
  World world;
  explicit Fixture(Environment settings = {})
      : world(folder.path(), std::move(settings)) {}

  fs::path runs() const { return folder.path() / "runs"; }
  void happens(const std::string& topic, const std::string& subject) {
    world.services().db.write([&](Transaction& tx) {
      world.services().events.append(tx, topic, subject, "1");
    });
  }
  std::int64_t rows(const std::string& table) {
    return world.services().db.read([&](Connection& c) {
      auto rows = c.query("select count(*) from " + table);
      rows.next();
      return rows.integer(0);
    });
  }
};

TEST(Removal, ARepositoryTakesItsRunsAlong) {
  Fixture f;
  const auto commit = f.world.sources.add_jenkinsfile(
      pipeline("sh 'echo x > a'\narchiveArtifacts 'a'"));
  f.world.start();
  f.world.push("refs/heads/main", commit);
  f.world.wait_for(1, "finished");
  f.world.api("PUT", kProject + "/repos/hello/pipeline-settings",
              {{"jenkinsfile", "ci/Jenkinsfile"}});
  f.world.api("POST", kProject + "/credentials",
              {{"id", "t"}, {"kind", "text"}, {"secret", "s"}}, 201);
  ASSERT_TRUE(fs::exists(f.runs() / "demo/hello/1/log"));

  f.happens("RepositoryDeleted", "demo/hello");
  EXPECT_EQ(f.world.api("GET", kRuns)["runs"].size(), 0u);
  f.world.api("GET", kRuns + "/1", {}, 404);
  EXPECT_FALSE(fs::exists(f.runs() / "demo/hello"));
  for (const char* table :
       {"ci_run", "ci_stage", "ci_artifact", "ci_repository"}) {
    EXPECT_EQ(f.rows(table), 0) << table;
  }
  // The project's own stays, and so does the count: what a later run publishes
  // under its number does not meet what the old runs did.
  EXPECT_EQ(f.rows("ci_credential"), 1);
  f.world.push("refs/heads/main", commit);
  EXPECT_EQ(f.world.wait_for(2, "finished")["result"], "SUCCESS");
}

TEST(Removal, ARunThatGoesOnIsStopped) {
  Fixture f;
  const auto slow = f.world.sources.add_jenkinsfile(pipeline("sh 'sleep 600'"));
  f.world.start();
  f.world.push("refs/heads/main", slow);
  f.world.wait_for(1, "running");
  const auto live = [&] {
    for (const Holding& one : f.world.module().holdings) {
      if (one.count("demo") > 0) return true;
    }
    return false;
  };
  ASSERT_TRUE(eventually(live));
  f.happens("RepositoryDeleted", "demo/hello");
  f.world.api("GET", kRuns + "/1", {}, 404);
  EXPECT_TRUE(eventually([&] { return !live(); }));
  EXPECT_EQ(f.rows("ci_run"), 0);
}

TEST(Removal, AProjectLeavesNothing) {
  Fixture f;
  f.world.start();
  f.world.push("refs/heads/main",
               f.world.sources.add_jenkinsfile(pipeline("echo 'x'")));
  f.world.wait_for(1, "finished");
  f.world.api("POST", kProject + "/credentials",
              {{"id", "t"}, {"kind", "text"}, {"secret", "s"}}, 201);
  f.world.api("PUT", kProject + "/pipeline-defaults",
              {{"text", "pipeline { environment { A = '1' } }"}});
  f.world.api("PUT", kProject + "/pipeline-settings", {{"network", "host"}});
  f.happens("ProjectDeleted", "demo");
  for (const char* table : {"ci_run", "ci_counter", "ci_credential",
                            "ci_defaults", "ci_project", "ci_repository"}) {
    EXPECT_EQ(f.rows(table), 0) << table;
  }
  EXPECT_FALSE(fs::exists(f.runs() / "demo"));
}

TEST(Removal, SweepsFoldersThatACrashLeft) {
  Fixture f;
  fs::create_directories(f.runs() / "demo/hello/7");
  write_file_atomically(f.runs() / "demo/hello/7/log", "old");
  f.world.start();
  EXPECT_TRUE(eventually(
      [&] { return !fs::exists(f.runs() / "demo/hello/7"); }));
}

TEST(Removal, AFailedRunsWorkspaceIsKeptOnlyIfTheSettingSaysSo) {
  for (const char* time : {"0s", "1h"}) {
    Fixture f(Environment{{"SKERRY_CI_KEEP_FAILED_WORKSPACES", time}});
    const bool kept = std::string_view(time) != "0s";
    f.world.start();
    f.world.push("refs/heads/main", f.world.sources.add_jenkinsfile(pipeline(
                                        "sh 'echo seen > file; exit 3'")));
    f.world.wait_for(1, "finished");
    const fs::path file = f.runs() / "demo/hello/1/kept/workspace-1/file";
    EXPECT_EQ(fs::exists(file), kept);
    EXPECT_EQ(f.world.log(1).find("runs/demo/hello/1/kept") !=
                  std::string::npos,
              kept)
        << f.world.log(1);
    f.world.push("refs/heads/main",
                 f.world.sources.add_jenkinsfile(pipeline("echo 'x'")));
    f.world.wait_for(2, "finished");
    EXPECT_FALSE(fs::exists(f.runs() / "demo/hello/2/kept"));
  }
}

TEST(Removal, AKeptWorkspaceGoesInTime) {
  TempFolder folder{fs::temp_directory_path(), "skerry-ci-removal-"};
  const fs::path kept = folder.path() / "runs/demo/hello/1/kept";
  {
    World world(folder.path(), {{"SKERRY_CI_KEEP_FAILED_WORKSPACES", "1h"}});
    world.start();
    world.push("refs/heads/main",
               world.sources.add_jenkinsfile(pipeline("error 'no'")));
    world.wait_for(1, "finished");
    ASSERT_TRUE(fs::exists(kept));
  }
  {
    World world(folder.path(), {{"SKERRY_CI_KEEP_FAILED_WORKSPACES", "1h"}});
    world.start();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_TRUE(fs::exists(kept));
  }
  World world(folder.path(), {{"SKERRY_CI_KEEP_FAILED_WORKSPACES", "1ms"}});
  world.start();
  EXPECT_TRUE(eventually([&] { return !fs::exists(kept); }));
}

TEST(Settings, OfTheNetworkAreNoneOrHost) {
  TempFolder folder{fs::temp_directory_path(), "skerry-ci-removal-"};
  try {
    World world(folder.path(), {{"SKERRY_CI_NETWORK", "bridge"}});
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("ci.network"), std::string::npos);
    EXPECT_NE(error.message().find("none or host"), std::string::npos);
  }
}

}  // namespace
}  // namespace skerry::ci
