#include <gtest/gtest.h>

#include <fstream>

#include "ci/runs/world.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

TEST(Credentials, AreKeptSealedAndNeverShown) {
  const TempFolder folder(fs::temp_directory_path(), "skerry-ci-cred-");
  World world(folder.path());
  const auto commit = world.sources.add_jenkinsfile(
      "pipeline {\nagent any\nenvironment { T = credentials('token') }\n"
      "stages {\nstage('S') {\nsteps {\n"
      "sh 'echo [$T]; test ${#T} = 14'\n}\n}\n}\n}");
  world.start();
  world.api("POST", "/projects/demo/credentials",
            {{"id", "token"}, {"kind", "text"}, {"secret", "very-s3cret-!!"}},
            201);
  world.api("POST", "/projects/demo/credentials",
            {{"id", "login"},
             {"kind", "username_password"},
             {"user", "bob"},
             {"password", "hush-hush"}},
            201);
  const Json list = world.api("GET", "/projects/demo/credentials");
  EXPECT_EQ(list["credentials"].size(), 2u);
  EXPECT_EQ(list["credentials"][0]["user"], "bob");
  EXPECT_EQ(list.dump().find("s3cret"), std::string::npos);
  EXPECT_EQ(list.dump().find("hush"), std::string::npos);

  world.push("refs/heads/main", commit);
  EXPECT_EQ(world.wait_for(1, "finished")["result"], "SUCCESS") << world.log(1);
  EXPECT_NE(world.log(1).find("[****]"), std::string::npos) << world.log(1);
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find("very-s3cret"), std::string::npos) << entry.path();
  }
  world.api("DELETE", "/projects/demo/credentials/token", {}, 204);
  world.api("DELETE", "/projects/demo/credentials/token", {}, 404);
}

TEST(Credentials, RefuseWhatIsNotOne) {
  const TempFolder folder(fs::temp_directory_path(), "skerry-ci-cred-");
  World world(folder.path());
  world.start();
  const Json bad[] = {
      {{"id", "../x"}, {"kind", "text"}, {"secret", "x"}},
      {{"id", "x"}, {"kind", "ssh"}, {"secret", "x"}},
      {{"id", "x"}, {"kind", "text"}},
      {{"id", "x"}, {"kind", "text"}, {"secret", ""}},
      {{"id", "x"}, {"kind", "file"}, {"file_name", "a/b"}, {"content", "x"}},
      {{"id", "x"}, {"kind", "text"}, {"secret", "x"}, {"more", 1}},
  };
  for (const Json& body : bad) {
    world.api("POST", "/projects/demo/credentials", body, 400);
  }
}

}  // namespace
}  // namespace skerry::ci
