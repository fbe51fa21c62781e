#include "target/directory.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "core/temp.h"
#include "sample.h"

namespace skerry::cd {
namespace {

namespace fs = std::filesystem;
using test::manifest;

struct Place {
  skerry::test::Scratch scratch;
  std::unique_ptr<Target> target = make_directory_target(
      [this] { return "other=/srv, demo=" + scratch.path().native(); });
  TargetApp app{1, "hello", "demo", "web",
                "directory://" + scratch.path().native()};

  Json tracked(const std::string& name, const std::string& value) {
    Json object = manifest(test::config_map(name, value));
    object["metadata"]["namespace"] = "web";
    set_annotation(object, kTrackingId, tracking_id("hello", key_of(object)));
    return object;
  }
  fs::path file(const std::string& name) {
    return scratch / ("hello/08-configmap_web_" + name + ".yaml");
  }
  std::vector<std::string> live() {
    std::vector<std::string> names;
    for (const auto& found : target->live(app)) names.push_back(found.key.name);
    return names;
  }
};

using Names = std::vector<std::string>;

TEST(DirectoryTarget, WritesReadsAndRemoves) {
  Place place;
  EXPECT_EQ(place.live(), Names{});
  const std::string before = place.target->fingerprint(place.app);
  place.target->apply(place.app, place.tracked("a", "1"), {});
  EXPECT_TRUE(fs::exists(place.file("a")));
  EXPECT_EQ(place.live(), Names{"a"});
  EXPECT_NE(place.target->fingerprint(place.app), before);
  place.target->remove(place.app, {"", "ConfigMap", "web", "a"});
  place.target->remove(place.app, {"", "ConfigMap", "web", "a"});
  EXPECT_EQ(place.live(), Names{});
  place.target->forget(place.app);
  EXPECT_FALSE(fs::exists(place.scratch / "hello"));
}

TEST(DirectoryTarget, NoticesDrift) {
  Place place;
  place.target->apply(place.app, place.tracked("a", "1"), {});
  const std::string before = place.target->fingerprint(place.app);
  EXPECT_EQ(place.target->fingerprint(place.app), before);
  std::ofstream(place.file("a"), std::ios::app) << "  more: x\n";
  EXPECT_NE(place.target->fingerprint(place.app), before);
  EXPECT_EQ(place.target->live(place.app)[0].object["metadata"]["more"],
            "x");
  std::ofstream(place.file("a")) << "{ not yaml";
  EXPECT_EQ(place.live(), Names{});  // missing: the next apply mends it
  place.target->apply(place.app, place.tracked("a", "1"), {});
  EXPECT_EQ(place.live(), Names{"a"});
}

TEST(DirectoryTarget, LeavesStrangersAlone) {
  Place place;
  place.target->apply(place.app, place.tracked("a", "1"), {});
  std::ofstream(place.scratch / "hello/mine.yaml")
      << test::config_map("mine", "1");
  fs::copy_file(place.file("a"), place.scratch / "hello/copy.yaml");
  EXPECT_EQ(place.live(), Names{"a"});
  place.target->remove(place.app, {"", "ConfigMap", "web", "a"});
  place.target->forget(place.app);
  EXPECT_TRUE(fs::exists(place.scratch / "hello/mine.yaml"));
}

TEST(DirectoryTarget, StaysBelowItsRoots) {
  Place place;
  const auto denied = [&](const std::string& server) {
    return skerry::test::code_of([&] {
      directory_of(server, "demo", "other=/srv, demo=" +
                                       place.scratch.path().native());
    });
  };
  const std::string root = place.scratch.path().native();
  EXPECT_EQ(denied("directory:///srv/x"), ErrorCode::denied);
  EXPECT_EQ(denied("directory:///etc"), ErrorCode::denied);
  EXPECT_EQ(denied("directory://" + root + "/../x"), ErrorCode::denied);
  EXPECT_EQ(denied("directory://" + root + "x"), ErrorCode::denied);
  EXPECT_EQ(denied("directory://relative"), ErrorCode::invalid);
  fs::create_directory_symlink("/etc", place.scratch / "link");
  EXPECT_EQ(denied("directory://" + root + "/link"), ErrorCode::denied);
  EXPECT_EQ(directory_of("directory://" + root + "/sub", "demo", root),
            place.scratch / "sub");
}

TEST(DirectoryTarget, RefusesASymlinkForItsFolder) {
  Place place;
  fs::create_directory(place.scratch / "elsewhere");
  fs::create_directory_symlink(place.scratch / "elsewhere",
                               place.scratch / "hello");
  EXPECT_EQ(skerry::test::code_of([&] {
              place.target->apply(place.app, place.tracked("a", "1"), {});
            }),
            ErrorCode::denied);
}

TEST(DirectoryTarget, NamesFilesSafely) {
  EXPECT_EQ(manifest_file_name({"rbac.authorization.k8s.io", "ClusterRole", "",
                                "system:a/../b"}),
            "13-clusterrole.rbac.authorization.k8s.io__system%3Aa%2F..%2Fb.yaml");
}

TEST(DirectoryTarget, RefusesHooksByName) {
  Place place;
  Json hook = place.tracked("job", "1");
  set_annotation(hook, "argocd.argoproj.io/hook", "PreSync");
  const auto problems = place.target->review(place.app, {hook}).problems;
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems.begin()->second.find("hook"), std::string::npos);
}

// Kills a writer again and again at a random moment: whatever is there
// afterwards is whole, and the next apply clears away what it left.
TEST(DirectoryTarget, AKilledWriterLeavesNoHalfFile) {
  Place place;
  place.target->apply(place.app, place.tracked("a", std::string(20'000, 'x')),
                      {});
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      for (int i = 0;; ++i) {
        place.target->apply(
            place.app, place.tracked("a", std::string(20'000, 'x')), {});
      }
    }
    usleep(static_cast<useconds_t>(2'000 + round * 700));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    for (const auto& entry : fs::directory_iterator(place.scratch / "hello")) {
      const std::string name = entry.path().filename().native();
      if (name[0] == '.') continue;
      EXPECT_EQ(name, place.file("a").filename().native());
      const Json object = parse_yaml(read_file(entry.path()), name);
      EXPECT_EQ(object["data"]["key"].get<std::string>().size(), 20'000u);
    }
  }
  place.target->apply(place.app, place.tracked("a", "1"), {});
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry :
       fs::directory_iterator(place.scratch / "hello")) {
    ++files;
  }
  EXPECT_EQ(files, 1u);
}

}  // namespace
}  // namespace skerry::cd
