// What the rest of the program reads: trees, commits, revisions, foreign
// clones.
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/error.h"
#include "git/server.h"

namespace skerry::git::test {
namespace {

ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::internal;
}

class Reading : public testing::Test {
 protected:
  void SetUp() override {
    server.create("app");
    server.make_work("work", "app", 1);
    server.commit("work", "lib.d/x", "x");
    server.commit("work", "lib/run.sh", "#!/bin/sh\n");
    auto at = server.scratch() / "work/lib";
    ASSERT_EQ(0, ::symlink("run.sh", (at / "link").c_str()));
    std::filesystem::permissions(at / "run.sh",
                                 std::filesystem::perms::owner_all);
    server.commit("work", "lib-z", "z");
    server.good({"tag", "-a", "-m", "t", "v1"}, "work");
    server.good({"push", "-q", "origin", "main", "v1"}, "work");
    tip = server.good({"rev-parse", "main"}, "work");
  }
  TestServer server;
  std::string tip;
};

TEST_F(Reading, ATreeIsReadWithoutACheckout) {
  auto tree = server.module().tree("demo", "app", tip);
  EXPECT_EQ("git:" + server.good({"rev-parse", "main^{tree}"}, "work"),
            tree->id());
  std::vector<std::string> names;
  for (const TreeEntry& entry : tree->list("")) names.push_back(entry.name);
  EXPECT_EQ((std::vector<std::string>{"lib", "lib-z", "lib.d", "src"}), names);
  EXPECT_EQ(EntryKind::executable, tree->find("lib/run.sh")->kind);
  EXPECT_EQ(10u, tree->find("lib/run.sh")->size);
  EXPECT_EQ(EntryKind::symlink, tree->find("lib/link")->kind);
  EXPECT_EQ("run.sh", tree->read("lib/link"));
  EXPECT_EQ("#!/bin/sh\n", tree->read("lib/run.sh"));
  EXPECT_EQ("lib/run.sh", resolve_path(*tree, "lib/link"));
  EXPECT_EQ(EntryKind::folder, tree->find("")->kind);
  EXPECT_FALSE(tree->find("lib/none"));
  EXPECT_FALSE(tree->find("lib-z/none"));
  EXPECT_EQ(ErrorCode::too_large,
            code_of([&] { tree->read("lib/run.sh", 3); }));
  EXPECT_EQ(ErrorCode::invalid, code_of([&] { tree->read("lib"); }));
  EXPECT_EQ(ErrorCode::invalid, code_of([&] { tree->list("lib-z"); }));
  EXPECT_EQ(ErrorCode::not_found, code_of([&] { tree->list("none"); }));
  EXPECT_EQ(ErrorCode::not_found, code_of([&] {
              server.module().tree("demo", "app", std::string(40, 'a'));
            }));
}

TEST_F(Reading, RevisionsAreResolved) {
  auto resolve = [&](const std::string& revision) {
    return server.module().resolve("demo", "app", revision).value_or("none");
  };
  for (const std::string& name :
       {std::string("main"), std::string("refs/heads/main"),
        std::string("HEAD"), std::string("v1"), std::string("refs/tags/v1"),
        tip, tip.substr(0, 9)}) {
    EXPECT_EQ(tip, resolve(name)) << name;
  }
  for (const char* name : {"nothing", "", "abc", "main~1", "refs/heads/v1"}) {
    EXPECT_EQ("none", resolve(name)) << name;
  }
  EXPECT_EQ(ErrorCode::not_found,
            code_of([&] { server.module().resolve("demo", "other", "main"); }));
  EXPECT_EQ("main", server.module().default_branch("demo", "app"));
}

TEST_F(Reading, CommitsAndRefs) {
  CommitInfo commit = server.module().commit("demo", "app", tip);
  EXPECT_EQ("change lib-z\n", commit.message);
  EXPECT_EQ("Ann", commit.author_name);
  EXPECT_EQ(1u, commit.parents.size());
  EXPECT_EQ(4u, server.module().log("demo", "app", "main", 10).size());
  EXPECT_EQ(2u, server.module().log("demo", "app", "main", 2).size());
  auto refs = server.module().refs("demo", "app");
  ASSERT_EQ(2u, refs.size());
  EXPECT_EQ("refs/tags/v1", refs[1].name);
  EXPECT_EQ(tip, refs[1].commit);
}

TEST_F(Reading, AForeignRepositoryIsCloned) {
  ExternalClone clone;
  std::string url = server.url("app");
  clone.url = "http://" + url.substr(url.find('@') + 1);
  clone.branch = "main";
  clone.user = "dev";
  clone.password = "x";
  clone.folder = server.scratch() / "foreign";
  EXPECT_EQ(tip, server.module().clone_external(clone, {}));
  EXPECT_EQ("#!/bin/sh\n", read_file(clone.folder / "lib/run.sh"));
  clone.folder = server.scratch() / "second";
  clone.branch = "none";
  EXPECT_EQ(ErrorCode::not_found,
            code_of([&] { server.module().clone_external(clone, {}); }));
  clone.branch = "main";
  clone.user = "stranger";
  EXPECT_NE(ErrorCode::internal,
            code_of([&] { server.module().clone_external(clone, {}); }));
  clone.user = "";
  EXPECT_EQ(ErrorCode::denied,
            code_of([&] { server.module().clone_external(clone, {}); }));
  clone.url = "file:///etc";
  EXPECT_EQ(ErrorCode::invalid,
            code_of([&] { server.module().clone_external(clone, {}); }));
  std::stop_source stopped;
  stopped.request_stop();
  clone.url = "http://" + url.substr(url.find('@') + 1);
  clone.user = "dev";
  EXPECT_EQ(ErrorCode::unavailable, code_of([&] {
              server.module().clone_external(clone, stopped.get_token());
            }));
}

TEST_F(Reading, TheApiDescribesARepository) {
  std::string answer;
  const std::string repo = "/api/v1/projects/demo/repos/app";
  EXPECT_EQ(200, server.request("GET", repo, "", &answer));
  Json json = parse_json(answer);
  EXPECT_EQ("main", json["default_branch"]);
  EXPECT_FALSE(json["empty"].get<bool>());
  EXPECT_GT(json["size_bytes"].get<int>(), 100);
  EXPECT_EQ(200, server.request("GET", repo + "/files?path=lib", "", &answer));
  EXPECT_EQ(2u, parse_json(answer)["entries"].size());
  EXPECT_EQ(200,
            server.request("GET", repo + "/files?path=lib-z", "", &answer));
  EXPECT_EQ("z", parse_json(answer)["content"]);
  EXPECT_EQ(404, server.request("GET", repo + "/files?path=none"));
  EXPECT_EQ(400, server.request("GET", repo + "/files?path=../x"));
  EXPECT_EQ(404, server.request("GET", repo + "/commits?ref=none"));
  EXPECT_EQ(400, server.request("GET", repo + "/commits?limit=0"));
  EXPECT_EQ(400, server.request("PATCH", repo, R"({"color":"red"})"));
  EXPECT_EQ(400, server.request("PUT", repo + "/protection",
                                R"({"patterns":["main"]})"));
  for (const char* name : {"", ".x", "a/b", "x.git", "a..b", "-x", "x.lock"}) {
    EXPECT_EQ(400, server.request("POST", "/api/v1/projects/demo/repos",
                                  std::string(R"({"name":")") + name + "\"}"))
        << name;
  }
  EXPECT_EQ(409, server.request("POST", "/api/v1/projects/demo/repos",
                                R"({"name":"app"})"));
  EXPECT_EQ(200, server.request("PATCH", repo, R"({"name":"moved"})"));
  EXPECT_EQ(404, server.request("GET", repo));
  server.good({"ls-remote", "-q", server.url("moved")});
}

TEST_F(Reading, ADamagedRepositoryIsNamed) {
  Module tables = server.module().tables();
  EXPECT_EQ("", tables.health.at(0).check());
  std::filesystem::remove(server.bare("app") / "HEAD");
  EXPECT_NE(std::string::npos, tables.health.at(0).check().find("demo/app"));
}

}  // namespace
}  // namespace skerry::git::test
