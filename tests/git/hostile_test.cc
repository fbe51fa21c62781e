// Bad pushes: each gets an answer that says what is wrong, leaves nothing
// behind and never takes the server down.
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "git/server.h"
#include "objects.h"
#include "pkt_line.h"

namespace skerry::git::test {
namespace {

namespace fs = std::filesystem;

const std::string kZeros(40, '0');

std::string push_line(const std::string& old_id, const std::string& new_id,
                      const std::string& ref) {
  std::string out;
  append_pkt(out, old_id + " " + new_id + " " + ref + std::string(1, '\0') +
                      " report-status");
  append_flush(out);
  return out;
}

// What the server answers to these bytes.
std::string post(TestServer& server, const std::string& repository,
                 const std::string& service, const std::string& body,
                 const std::vector<std::string>& headers = {}) {
  fs::path file = server.scratch() / "request";
  write_file_atomically(file, body);
  Command command;
  command.argv = {"curl",
                  "-s",
                  "-w",
                  "\nstatus %{http_code}",
                  "-H",
                  "Content-Type: application/x-" + service + "-request",
                  "--data-binary",
                  "@" + file.string(),
                  server.url(repository) + "/" + service};
  for (const std::string& header : headers) {
    command.argv.insert(command.argv.end(), {"-H", header});
  }
  return SystemProcessRunner().run(command).output;
}

std::string pack_of(TestServer& server, const std::string& folder,
                    const std::string& ids,
                    const std::vector<std::string>& flags) {
  fs::path list = server.scratch() / "list";
  write_file_atomically(list, ids);
  fs::path pack = server.scratch() / "made.pack";
  std::string text;
  for (const std::string& flag : flags) text += " " + flag;
  Command command;
  command.argv = {"sh", "-c",
                  "git pack-objects -q --stdout" + text + " < " +
                      list.string() + " > " + pack.string()};
  command.folder = (server.scratch() / folder).string();
  EXPECT_TRUE(SystemProcessRunner().run(command).ok());
  return read_file(pack);
}

#define EXPECT_HAS(text, part) \
  EXPECT_NE(std::string::npos, (text).find(part)) << (text)

class Hostile : public testing::Test {
 protected:
  explicit Hostile(std::map<std::string, std::string> settings = {})
      : server(std::move(settings)) {}
  void SetUp() override {
    server.create("app");
    server.make_work("work", "app", 3);
    tip = server.good({"rev-parse", "main"}, "work");
    pack = pack_of(server, "work", "main\n", {"--revs"});
  }
  // After every attack: sound, clean, and an honest push works.
  void TearDown() override {
    server.expect_sound("app");
    EXPECT_EQ(0, server.leftovers("app"));
    EXPECT_EQ("", server.good({"ls-remote", server.url("app"), "bad"}));
    server.good({"push", "-q", "origin", "main:honest"}, "work");
    server.expect_sound("app");
  }
  std::string push(const std::string& bytes) {
    return post(server, "app", "git-receive-pack",
                push_line(kZeros, tip, "refs/heads/bad") + bytes);
  }

  TestServer server;
  std::string tip;
  std::string pack;
};

TEST_F(Hostile, DamagedPacksAreRefused) {
  for (std::size_t at = 0; at < pack.size(); at += 7) {
    std::string bad = pack;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    EXPECT_HAS(push(bad), "ng refs/heads/bad") << at;
  }
}

TEST_F(Hostile, CutOffPacksAreRefused) {
  for (std::size_t size = 0; size < pack.size(); size += 11) {
    EXPECT_HAS(push(pack.substr(0, size)), "ng refs/heads/bad") << size;
  }
  EXPECT_HAS(push(pack + "more"), "ng refs/heads/bad");
}

TEST_F(Hostile, ImpossibleObjectCountsAllocateNothing) {
  std::string bad = pack;
  for (std::size_t i = 8; i < 12; ++i) bad[i] = '\xff';
  EXPECT_HAS(push(bad), "git.max_objects");
}

TEST_F(Hostile, MissingObjectsAreFound) {
  // The commit without its tree.
  std::string answer = push(pack_of(server, "work", tip + "\n", {}));
  EXPECT_HAS(answer, "ng refs/heads/bad");
  EXPECT_HAS(answer, "missing");
  // Everything but one blob.
  std::string blob = server.good({"rev-parse", "main:src/file1.txt"}, "work");
  std::string rest;
  for (const std::string& line :
       {std::string("main"), std::string("main^{tree}"),
        std::string("main:src")}) {
    rest += server.good({"rev-parse", line}, "work") + "\n";
  }
  answer = push(pack_of(server, "work", rest, {}));
  EXPECT_HAS(answer, "ng refs/heads/bad");
  // A tip that is in no pack at all.
  answer =
      post(server, "app", "git-receive-pack",
           push_line(kZeros, std::string(40, 'a'), "refs/heads/bad") + pack);
  EXPECT_HAS(answer, "missing");
}

TEST_F(Hostile, BadRefNamesAreRefused) {
  for (const char* name :
       {"refs/heads/../../../etc/x", "HEAD", "refs/x", "refs/heads/a..b",
        "refs/heads/.hidden", "refs/heads/x.lock", "refs/heads/a b",
        "refs/heads/x~1", "config", "/refs/heads/x", "refs/heads//x"}) {
    std::string answer = post(server, "app", "git-receive-pack",
                              push_line(kZeros, tip, name) + pack);
    EXPECT_HAS(answer, "funny refname") << name;
  }
  std::string longest = "refs/heads/" + std::string(5000, 'x');
  EXPECT_HAS(post(server, "app", "git-receive-pack",
                  push_line(kZeros, tip, longest) + pack),
             "funny refname");
}

TEST_F(Hostile, BranchesMustNameCommits) {
  std::string tree = server.good({"rev-parse", "main^{tree}"}, "work");
  EXPECT_HAS(post(server, "app", "git-receive-pack",
                  push_line(kZeros, tree, "refs/heads/bad") + pack),
             "must name a commit");
}

TEST_F(Hostile, DangerousTreesAreRefused) {
  std::string blob = server.good({"rev-parse", "main:src/file1.txt"}, "work");
  std::string raw = Oid::parse(blob)->hex();
  auto id = *Oid::parse(blob);
  for (const char* name : {".git", ".GIT", "..", "a/b"}) {
    fs::path file = server.scratch() / "tree";
    std::string data = std::string("100644 ") + name + std::string(1, '\0');
    data.append(reinterpret_cast<const char*>(id.bytes.data()), kOidBytes);
    write_file_atomically(file, data);
    std::string tree = server.good(
        {"hash-object", "-t", "tree", "-w", "--literally", file.string()},
        "work");
    std::string commit =
        server.good({"commit-tree", "-m", "bad", tree}, "work");
    CommandResult result = server.git(
        {"push", "-q", "origin", commit + ":refs/heads/bad"}, "work");
    EXPECT_FALSE(result.ok()) << name;
    EXPECT_HAS(result.error_output, "a tree has an entry named");
  }
}

TEST_F(Hostile, BrokenRequestsAreAnswered) {
  for (const std::string& body :
       {std::string("zzzz"), std::string("0003"), std::string("fff"),
        std::string("0010short"), std::string("0009x\n0000"),
        std::string("ffff") + std::string(100, 'a')}) {
    EXPECT_HAS(post(server, "app", "git-receive-pack", body), "status 400");
    EXPECT_HAS(post(server, "app", "git-upload-pack", body), "ERR");
    EXPECT_HAS(post(server, "app", "git-upload-pack", body,
                    {"Git-Protocol: version=2"}),
               "ERR");
  }
  EXPECT_HAS(post(server, "app", "git-receive-pack", "0000"), "status 200");
  EXPECT_HAS(post(server, "app", "git-upload-pack", "0000"), "status 200");
  EXPECT_HAS(post(server, "app", "git-upload-pack", "not gzip",
                  {"Content-Encoding: gzip"}),
             "ERR");
  EXPECT_HAS(
      post(server, "app", "git-upload-pack", "0000", {"Content-Encoding: br"}),
      "status 415");
}

TEST_F(Hostile, ThinPacksAreCompleted) {
  server.good({"push", "-q", "origin", "main"}, "work");
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "line " + std::to_string(i) + "\n";
  server.commit("work", "long.txt", lines);
  server.good({"push", "-q", "origin", "main"}, "work");
  server.commit("work", "long.txt", lines + "one more\n");
  std::string next = server.good({"rev-parse", "main"}, "work");
  std::string thin =
      pack_of(server, "work", "main\n^main~1\n", {"--revs", "--thin"});
  EXPECT_LT(thin.size(), 2000u);
  EXPECT_HAS(post(server, "app", "git-receive-pack",
                  push_line(kZeros, next, "refs/heads/thin") + thin),
             "ok refs/heads/thin");
  server.good({"clone", "-q", "-b", "thin", server.url("app"), "copy"});
  EXPECT_EQ(next, server.good({"rev-parse", "HEAD"}, "copy"));
  server.good({"-c", "fetch.fsckObjects=true", "clone", "-q", server.url("app"),
               "strict"});
}

TEST_F(Hostile, AnInterruptedPushLeavesNothingAfterTheNextStart) {
  fs::path objects = server.bare("app") / "objects";
  fs::create_directories(objects / "tmp_objdir-incoming-abcdef");
  write_file_atomically(objects / "tmp_objdir-incoming-abcdef/pack_1", "half");
  fs::create_directories(server.bare("app") / "refs/heads");
  write_file_atomically(server.bare("app") / "refs/heads/main.lock", "x");
  fs::create_directories(server.bare("x").parent_path() / ".new-abc");
  server.restart();
  server.good({"remote", "set-url", "origin", server.url("app")}, "work");
  EXPECT_EQ(0, server.leftovers("app"));
  EXPECT_FALSE(fs::exists(server.bare("x").parent_path() / ".new-abc"));
  server.good({"push", "-q", "origin", "main"}, "work");
}

TEST_F(Hostile, ACrashBetweenRefAndEventLosesNoEvent) {
  server.good({"push", "-q", "origin", "main", "main:one"}, "work");
  server.commit("work", "x", "y\n");
  std::string next = server.good({"rev-parse", "main"}, "work");
  server.good({"push", "-q", "origin", "main:refs/heads/carrier"}, "work");
  std::size_t before = server.events().size();
  auto repo = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"--git-dir", server.bare("app").string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return server.good(all);
  };
  // As if the daemon died after moving "one" of an atomic push of "one" and
  // "main", and before moving "two" of another push.
  auto intend = [&](int push, const char* ref, const std::string& old_id,
                    bool atomic) {
    server.services().db.write([&](Transaction& tx) {
      tx.run(
          "insert into git_ref_intent (repository, push, ref, old, new, "
          "atomic) values (1, ?, ?, ?, ?, ?)",
          push, ref, old_id, next, atomic);
    });
  };
  intend(1000, "refs/heads/one", tip, true);
  intend(1000, "refs/heads/main", tip, true);
  intend(1001, "refs/heads/two", kZeros, false);
  repo({"update-ref", "refs/heads/one", next});
  server.restart();
  server.good({"remote", "set-url", "origin", server.url("app")}, "work");
  auto events = server.events();
  ASSERT_EQ(before + 2, events.size());
  EXPECT_EQ("RefUpdated demo/app:refs/heads/one " + next, events[before]);
  EXPECT_EQ("RefUpdated demo/app:refs/heads/main " + next, events[before + 1]);
  EXPECT_EQ(next, repo({"rev-parse", "refs/heads/main"}));
  EXPECT_EQ("", server.good({"ls-remote", server.url("app"), "two"}));
}

class SmallLimits : public Hostile {
 protected:
  SmallLimits()
      : Hostile({{"SKERRY_GIT_MAX_PACK_SIZE", "8MiB"},
                 {"SKERRY_GIT_MAX_OBJECT_SIZE", "1MiB"},
                 {"SKERRY_GIT_MAX_OBJECTS", "40"}}) {}
  void random_file(const std::string& name, int mebibytes) {
    std::ifstream source("/dev/urandom", std::ios::binary);
    std::string bytes(static_cast<std::size_t>(mebibytes) << 20, '\0');
    source.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    server.commit("work", name, bytes);
  }
  std::string refused(const std::string& what) {
    CommandResult result =
        server.git({"push", "-q", "origin", what + ":bad"}, "work");
    EXPECT_FALSE(result.ok());
    // The honest push at the end must not carry it.
    server.good({"reset", "-q", "--hard", tip}, "work");
    return result.error_output;
  }
};

TEST_F(SmallLimits, ALargePackIsRefusedWithTheLimit) {
  random_file("large", 120);
  EXPECT_HAS(refused("main"), "larger than 8192 KiB");
}

TEST_F(SmallLimits, ALargeObjectIsRefusedWithTheLimit) {
  random_file("large", 3);
  EXPECT_HAS(refused("main"), "git.max_object_size");
  // One that is small in the pack, whatever it inflates to.
  server.commit("work", "zeros", std::string(5 << 20, '\0'));
  EXPECT_HAS(refused("main"), "git.max_object_size");
}

TEST_F(SmallLimits, TooManyObjectsAreRefusedWithTheLimit) {
  for (int i = 0; i < 15; ++i) {
    server.commit("work", "dir" + std::to_string(i) + "/f", std::to_string(i));
  }
  EXPECT_HAS(refused("main"), "git.max_objects");
}

}  // namespace
}  // namespace skerry::git::test
