// The stock git client against the server: cloning, fetching, pushing.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "git/server.h"

namespace skerry::git::test {
namespace {

bool has_line(const std::vector<std::string>& lines, std::string_view part) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.find(part) != std::string::npos;
  });
}

TEST(Remote, EmptyRepositoryIsClonedWithItsDefaultBranch) {
  TestServer server;
  server.create("empty");
  server.good({"clone", "-q", server.url("empty"), "copy"});
  EXPECT_EQ("refs/heads/main", server.good({"symbolic-ref", "HEAD"}, "copy"));
  server.expect_sound("empty");
}

class RemoteVersion : public testing::TestWithParam<std::string> {};

TEST_P(RemoteVersion, PushCloneFetchAndTags) {
  const std::string version = "protocol.version=" + GetParam();
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 5);
  server.good({"tag", "-a", "-m", "first", "v1"}, "work");
  server.good({"tag", "light"}, "work");
  server.good({"-c", version, "push", "-q", "origin", "main", "v1", "light"},
              "work");
  server.expect_sound("app");
  server.good({"-c", version, "clone", "-q", server.url("app"), "copy"});
  EXPECT_EQ(server.good({"rev-parse", "main", "v1", "light"}, "work"),
            server.good({"rev-parse", "main", "v1", "light"}, "copy"));
  for (int i = 0; i < 4; ++i) {
    server.commit("work", "src/new.txt", "text " + std::to_string(i) + "\n");
    server.good({"-c", version, "push", "-q", "origin", "main"}, "work");
    server.good({"-c", version, "pull", "-q"}, "copy");
    EXPECT_EQ(server.good({"rev-parse", "main"}, "work"),
              server.good({"rev-parse", "main"}, "copy"));
  }
  server.good({"fsck", "--strict"}, "copy");
  server.good({"-c", version, "fetch", "-q"}, "copy");  // nothing new
  server.expect_sound("app");
  EXPECT_EQ(0, server.leftovers("app"));
}

TEST_P(RemoteVersion, ShallowDeepenUnshallowSingleBranch) {
  const std::string version = "protocol.version=" + GetParam();
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 12);
  server.good({"branch", "side", "main~3"}, "work");
  server.good({"push", "-q", "origin", "main", "side"}, "work");
  auto count = [&](const std::string& folder) {
    return server.good({"rev-list", "--count", "HEAD"}, folder);
  };
  server.good({"-c", version, "clone", "-q", "--depth", "3", server.url("app"),
               "copy"});
  EXPECT_EQ("3", count("copy"));
  EXPECT_EQ("", server.good({"branch", "-r", "--list", "origin/side"}, "copy"));
  server.good({"fsck", "--strict"}, "copy");
  server.good({"-c", version, "fetch", "-q", "--deepen", "2"}, "copy");
  EXPECT_EQ("5", count("copy"));
  server.good({"-c", version, "fetch", "-q", "--depth", "8"}, "copy");
  EXPECT_EQ("8", count("copy"));
  server.commit("work", "src/late.txt", "late\n");
  server.good({"push", "-q", "origin", "main"}, "work");
  server.good({"-c", version, "pull", "-q"}, "copy");
  EXPECT_EQ("9", count("copy"));
  server.good({"-c", version, "fetch", "-q", "--unshallow"}, "copy");
  EXPECT_EQ("13", count("copy"));
  EXPECT_EQ("false",
            server.good({"rev-parse", "--is-shallow-repository"}, "copy"));
  server.good({"fsck", "--strict"}, "copy");
}

TEST_P(RemoteVersion, ShallowSinceAndExclude) {
  const std::string version = "protocol.version=" + GetParam();
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 6);
  server.good({"tag", "old", "main~2"}, "work");
  server.good({"push", "-q", "origin", "main", "old"}, "work");
  server.good({"-c", version, "clone", "-q", "--shallow-exclude", "old",
               server.url("app"), "copy"});
  EXPECT_EQ("2", server.good({"rev-list", "--count", "HEAD"}, "copy"));
  server.good({"fsck", "--strict"}, "copy");
  server.good({"-c", version, "clone", "-q", "--shallow-since", "2001-01-01",
               server.url("app"), "whole"});
  EXPECT_EQ("6", server.good({"rev-list", "--count", "HEAD"}, "whole"));
  CommandResult none =
      server.git({"-c", version, "clone", "-q", "--shallow-since", "2099-01-01",
                  server.url("app"), "none"});
  EXPECT_FALSE(none.ok());
  EXPECT_NE(std::string::npos, none.error_output.find("no commits selected"));
}

TEST_P(RemoteVersion, PartialClones) {
  const std::string version = "protocol.version=" + GetParam();
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 6);
  server.commit("work", "big.bin", std::string(5000, 'x'));
  server.good({"push", "-q", "origin", "main"}, "work");
  for (const char* filter : {"blob:none", "blob:limit=1k", "tree:0"}) {
    std::string folder = std::string("copy-") + filter[5] + filter[0];
    server.good({"-c", version, "clone", "-q",
                 "--filter=" + std::string(filter), server.url("app"), folder});
    EXPECT_EQ(std::string(5000, 'x'),
              server.good({"show", "HEAD:big.bin"}, folder));
    EXPECT_EQ("7", server.good({"rev-list", "--count", "HEAD"}, folder));
    server.good({"log", "-p", "--all"}, folder);
  }
  CommandResult refused =
      server.git({"-c", version, "clone", "-q", "--filter=sparse:oid=HEAD:x",
                  server.url("app"), "refused"});
  EXPECT_FALSE(refused.ok());
}

INSTANTIATE_TEST_SUITE_P(Versions, RemoteVersion,
                         testing::Values("0", "1", "2"));

TEST(Remote, CreateUpdateForceDelete) {
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 3);
  server.good({"push", "-q", "origin", "main", "main:topic"}, "work");
  server.good({"checkout", "-q", "-b", "other", "HEAD~1"}, "work");
  server.commit("work", "x", "y\n");
  // Not a fast-forward: the client needs --force, an unprotected ref takes it.
  EXPECT_FALSE(
      server.git({"push", "-q", "origin", "other:topic"}, "work").ok());
  server.good({"push", "-q", "-f", "origin", "other:topic"}, "work");
  server.good({"push", "-q", "origin", ":topic"}, "work");
  // main is protected.
  CommandResult forced =
      server.git({"push", "-q", "-f", "origin", "other:main"}, "work");
  EXPECT_FALSE(forced.ok());
  EXPECT_NE(std::string::npos, forced.error_output.find("only fast-forward"));
  CommandResult deleted = server.git({"push", "-q", "origin", ":main"}, "work");
  EXPECT_FALSE(deleted.ok());
  EXPECT_NE(std::string::npos, deleted.error_output.find("may not be deleted"));
  EXPECT_EQ(204, server.request("DELETE", "/api/v1/projects/demo/repos/app"))
      << "the repository itself may go";
  auto events = server.events();
  EXPECT_TRUE(has_line(events, "RefUpdated demo/app:refs/heads/topic 0000"));
  EXPECT_TRUE(has_line(events, "RepositoryDeleted demo/app 1"));
  EXPECT_EQ(5u, events.size());
  EXPECT_TRUE(has_line(server.audit(), "dev repo.create demo/app"));
  EXPECT_TRUE(has_line(server.audit(), "dev repo.push demo/app"));
}

// The folder goes first: a crash right after it still deletes the rest.
TEST(Remote, ADeletionCutShortIsFinishedAtTheNextStart) {
  TestServer server;
  server.create("app");
  std::filesystem::rename(server.bare("app"),
                          server.bare("app").parent_path() / ".removed-1-x");
  server.restart();
  EXPECT_EQ(404, server.request("GET", "/api/v1/projects/demo/repos/app"));
  EXPECT_TRUE(has_line(server.events(), "RepositoryDeleted demo/app 1"));
  EXPECT_FALSE(std::filesystem::exists(server.bare("app").parent_path() /
                                       ".removed-1-x"));
}

TEST(Remote, ARepositoryNeedsAProject) {
  TestServer server;
  EXPECT_EQ(404, server.request("POST", "/api/v1/projects/none/repos",
                                R"({"name":"app"})"));
  EXPECT_FALSE(std::filesystem::exists(server.services().paths.git /
                                       "none/app.git"));
}

TEST(Remote, AtomicPushIsAllOrNothing) {
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 3);
  server.good({"push", "-q", "origin", "main"}, "work");
  server.good({"checkout", "-q", "-b", "other", "HEAD~1"}, "work");
  server.commit("work", "x", "y\n");
  CommandResult refused = server.git(
      {"push", "-q", "--atomic", "-f", "origin", "other:one", "other:main"},
      "work");
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ("", server.good({"ls-remote", server.url("app"), "one"}));
  // Without --atomic the good half goes through.
  EXPECT_FALSE(
      server
          .git({"push", "-q", "-f", "origin", "other:one", "other:main"},
               "work")
          .ok());
  EXPECT_NE("", server.good({"ls-remote", server.url("app"), "one"}));
  // A name that collides with another ref is found while refs move.
  CommandResult collides = server.git({"push", "-q", "--atomic", "origin",
                                       "other:aaa", "other:refs/heads/one/two"},
                                      "work");
  EXPECT_FALSE(collides.ok());
  EXPECT_EQ("", server.good({"ls-remote", server.url("app"), "aaa"}));
  server.good({"push", "-q", "--atomic", "origin", "other:aaa", "other:bbb"},
              "work");
  server.expect_sound("app");
  EXPECT_EQ(0, server.leftovers("app"));
}

TEST(Remote, OfConcurrentPushesToOneRefExactlyOneWins) {
  TestServer server;
  server.create("app");
  server.make_work("base", "app", 2);
  server.good({"push", "-q", "origin", "main"}, "base");
  constexpr int kPushers = 6;
  for (int i = 0; i < kPushers; ++i) {
    std::string folder = "p" + std::to_string(i);
    server.good({"clone", "-q", server.url("app"), folder});
    server.commit(folder, "file" + std::to_string(i), "mine\n");
  }
  std::vector<int> won(kPushers);
  std::vector<std::thread> threads;
  for (int i = 0; i < kPushers; ++i) {
    threads.emplace_back([&, i] {
      won[static_cast<std::size_t>(i)] =
          server.git({"push", "-q", "origin", "main"}, "p" + std::to_string(i))
              .ok();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(1, std::count(won.begin(), won.end(), 1));
  server.expect_sound("app");
  EXPECT_EQ(0, server.leftovers("app"));
}

TEST(Remote, AccessIsChecked) {
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 1);
  EXPECT_FALSE(
      server.git({"push", "-q", server.url("app", "reader"), "main"}, "work")
          .ok());
  server.good({"push", "-q", "origin", "main"}, "work");
  server.good({"clone", "-q", server.url("app", "reader"), "copy"});
  EXPECT_FALSE(
      server.git({"clone", "-q", server.url("app", "stranger"), "no"}).ok());
  EXPECT_FALSE(
      server.git({"clone", "-q", server.url("missing"), "missing"}).ok());
}

TEST(Remote, PushOptionsReachTheAuditLog) {
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 1);
  server.good({"push", "-q", "-o", "ticket=42", "origin", "main"}, "work");
  EXPECT_TRUE(has_line(server.audit(), "option ticket=42"));
}

TEST(Remote, ManySmallPacksBecomeFew) {
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 1);
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "line " + std::to_string(i) + "\n";
  auto packs = [&] {
    int count = 0;
    for (const auto& item : std::filesystem::directory_iterator(
             server.bare("app") / "objects/pack")) {
      count += item.path().extension() == ".pack" &&
               !std::filesystem::exists(std::filesystem::path(item.path())
                                            .replace_extension(".replaced"));
    }
    return count;
  };
  for (int i = 0; i < 25; ++i) {
    server.commit("work", "long.txt", lines + std::to_string(i));
    server.good({"push", "-q", "origin", "main"}, "work");
  }
  for (int i = 0; i < 500 && packs() > 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LE(packs(), 20);
  server.expect_sound("app");
  server.good({"-c", "fetch.fsckObjects=true", "clone", "-q", server.url("app"),
               "copy"});
  EXPECT_EQ("26", server.good({"rev-list", "--count", "HEAD"}, "copy"));
  // At the next start the replaced packs go.
  server.restart();
  server.expect_sound("app");
  server.good({"clone", "-q", server.url("app"), "again"});
  server.good({"fsck", "--strict"}, "again");
}

TEST(Remote, SettledHistoryOfDeletedBranchesIsNotServed) {
  TestServer server;
  server.create("app");
  server.make_work("work", "app", 2);
  server.good({"push", "-q", "origin", "main"}, "work");
  server.good({"checkout", "-q", "-b", "secret"}, "work");
  server.commit("work", "password", "hunter2\n");
  std::string secret = server.good({"rev-parse", "HEAD"}, "work");
  server.good({"push", "-q", "origin", "secret"}, "work");
  server.good({"push", "-q", "origin", ":secret"}, "work");
  server.good({"init", "-q", "thief"});
  CommandResult stolen =
      server.git({"fetch", "-q", server.url("app"), secret}, "thief");
  EXPECT_FALSE(stolen.ok());
  EXPECT_NE(std::string::npos, stolen.error_output.find("not our ref"));
  server.good({"clone", "-q", server.url("app"), "copy"});
  EXPECT_FALSE(server.git({"cat-file", "-e", secret}, "copy").ok());
}

}  // namespace
}  // namespace skerry::git::test
