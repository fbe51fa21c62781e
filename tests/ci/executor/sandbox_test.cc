// What a script can and cannot do, with real namespaces.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "ci/executor/support.h"
#include "core/error.h"

namespace skerry::ci {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Script {
  int code = 0;
  std::string output;
  bool stopped = false;
};

Script run(Site& site, const std::string& script, std::stop_token stop = {}) {
  Script result;
  ScriptRequest request;
  request.script = script;
  request.environment = site.environment();
  request.on_output = [&](std::string_view bytes) { result.output += bytes; };
  request.stop = stop;
  const ScriptResult ran = site.run(request);
  result.code = ran.exit_code;
  result.stopped = ran.stopped;
  return result;
}

// A time to sleep that nobody else on the machine has.
std::string own_time(int seconds) {
  return std::to_string(seconds) + "." + std::to_string(::getpid());
}

bool somebody_sleeps(const std::string& seconds) {
  const auto command = "pgrep -f 'sleep " + seconds + "[.]" +
                       std::to_string(::getpid()) + "$' > /dev/null";
  return std::system(command.c_str()) == 0;
}

TEST(Sandbox, RunsAScriptInTheWorkspaceAsAnUnprivilegedUser) {
  TestHost host;
  const auto site = host.prepare_site();
  const Script ran =
      run(*site,
          "pwd; id -un; touch made; cat /proc/self/status | grep -E "
          "'CapEff|CapBnd|NoNewPrivs|Seccomp:'");
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_NE(ran.output.find("/workspace\n"), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("\nci\n"), std::string::npos) << ran.output;
  EXPECT_NE(ran.output.find("CapEff:\t0000000000000000"), std::string::npos);
  EXPECT_NE(ran.output.find("CapBnd:\t0000000000000000"), std::string::npos);
  EXPECT_NE(ran.output.find("NoNewPrivs:\t1"), std::string::npos);
  EXPECT_NE(ran.output.find("Seccomp:\t2"), std::string::npos);
  EXPECT_TRUE(site->workspace().find("made"));
}

TEST(Sandbox, GivesTheExitCodeAndTheSignal) {
  TestHost host;
  const auto site = host.prepare_site();
  EXPECT_EQ(run(*site, "exit 7").code, 7);
  EXPECT_EQ(run(*site, "false; echo not reached").code, 1);
  EXPECT_EQ(run(*site, "kill -9 $$").code, 128 + SIGKILL);
  const Script shebang = run(*site, "#!/bin/sh\nfalse\necho reached");
  EXPECT_EQ(shebang.code, 0);
  EXPECT_EQ(shebang.output, "reached\n");
}

TEST(Sandbox, HidesTheHost) {
  TestHost host;
  std::ofstream(host.folder.path() / "secret") << "s3cret";
  ASSERT_EQ(::setenv("SKERRY_TEST_SECRET", "leaked", 1), 0);
  const auto site = host.prepare_site();
  const std::string secret = (host.folder.path() / "secret").native();
  for (const std::string& script : {
           "! cat " + secret,
           std::string("! ls /root"),
           "! ls /home/ci/../.." + host.folder.path().native(),
           std::string("! ls /var/lib"),
           std::string("! cat /etc/shadow"),
           std::string("! env | grep SKERRY_TEST_SECRET"),
           std::string("test \"$(ls /proc | grep -c '^[0-9]')\" -lt 8"),
           std::string("! touch /usr/x"),
           std::string("! touch /etc/x"),
           std::string("! touch /x"),
           std::string("! mount -t tmpfs x /tmp"),
           std::string("! unshare -U true"),
           std::string("kill -9 1; kill -STOP 1; echo alive"),
           std::string("! cat /proc/1/environ"),
           std::string("! chroot / true"),
           std::string("! dmesg"),
           std::string("! mknod /tmp/sda b 8 0"),
           std::string("! ls /sys/class"),
       }) {
    const Script ran = run(*site, script);
    EXPECT_EQ(ran.code, 0) << script << "\n" << ran.output;
  }
}

TEST(Sandbox, HasItsOwnNetworkUnlessTheHostsIsGiven) {
  TestHost host;
  {
    const auto site = host.prepare_site();
    const Script ran = run(*site, "cat /proc/net/dev | grep -c ':'");
    EXPECT_NE(ran.output.find("\n1\n"), std::string::npos) << ran.output;
    const Script lo =
        run(*site,
            "#!/usr/bin/python3\nimport socket\n"
            "s = socket.create_server(('127.0.0.1', 0))\n"
            "socket.create_connection(s.getsockname())\nprint('up')");
    EXPECT_EQ(lo.output, "up\n");
  }
  host.host_network = true;
  const auto site = host.prepare_site();
  const Script ran = run(*site, "readlink /proc/self/ns/net");
  char own[64] = {};
  ASSERT_GT(::readlink("/proc/self/ns/net", own, sizeof own - 1), 0);
  EXPECT_NE(ran.output.find(own), std::string::npos) << ran.output;
}

TEST(Sandbox, StopsEverythingInsideAndQuickly) {
  TestHost host;
  const auto site = host.prepare_site();
  std::stop_source stop;
  std::jthread later([&] {
    std::this_thread::sleep_for(milliseconds(300));
    stop.request_stop();
  });
  const auto begin = steady_clock::now();
  // Neither a new session, nor ignoring the signal, nor a fork helps.
  const Script ran = run(*site,
                         "trap '' TERM; (setsid sh -c \"trap '' TERM; sleep " +
                             own_time(60) + " & sleep " + own_time(61) +
                             "\") & sleep " + own_time(62),
                         stop.get_token());
  EXPECT_TRUE(ran.stopped);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(4'000));
  EXPECT_FALSE(somebody_sleeps("6[012]"));
}

TEST(Sandbox, LetsAScriptCleanUpWhenItIsStopped) {
  TestHost host;
  const auto site = host.prepare_site();
  std::stop_source stop;
  ScriptRequest request;
  request.script =
      "#!/bin/sh\ntrap 'touch cleaned; exit 3' TERM\n"
      "sleep 30 & echo ready; wait";
  request.environment = site->environment();
  request.stop = stop.get_token();
  request.on_output = [&](std::string_view) { stop.request_stop(); };
  EXPECT_TRUE(site->run(request).stopped);
  EXPECT_TRUE(site->workspace().find("cleaned"));
}

TEST(Sandbox, EndsBackgroundProcessesWithTheirScript) {
  TestHost host;
  const auto site = host.prepare_site();
  const auto begin = steady_clock::now();
  EXPECT_EQ(run(*site, "sleep " + own_time(63) + " & echo done").code, 0);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(2'000));
  EXPECT_FALSE(somebody_sleeps("63"));
}

TEST(Sandbox, BoundsAForkBomb) {
  TestHost host;
  host.options.limits.bounds.processes = 64;
  host.options.limits.processes = 64;
  const auto site = host.prepare_site();
  std::stop_source stop;
  std::jthread later([&] {
    std::this_thread::sleep_for(milliseconds(1'500));
    stop.request_stop();
  });
  const Script ran =
      run(*site, "f() { f | f & }; f; sleep 20", stop.get_token());
  // Others on this machine can still start processes, and it ends.
  EXPECT_EQ(std::system("true"), 0);
  EXPECT_NE(ran.code, 0);
}

TEST(Sandbox, BoundsTheSizeOfAFile) {
  TestHost host;
  host.options.limits.bounds.file_size = 1u << 20;
  const auto site = host.prepare_site();
  const Script ran = run(*site, "head -c 2000000 /dev/zero > big");
  EXPECT_NE(ran.code, 0);
  EXPECT_EQ(site->workspace().find("big")->size, 1u << 20);
}

TEST(Sandbox, BoundsTheMemoryOfAProcess) {
  TestHost host;
  host.options.limits.memory_bytes = 64u << 20;
  const auto site = host.prepare_site();
  const Script ran = run(
      *site, "#!/usr/bin/python3\nx = bytearray(300 << 20)\nprint('had it')");
  EXPECT_NE(ran.code, 0);
  EXPECT_EQ(ran.output.find("had it"), std::string::npos);
}

TEST(Sandbox, BoundsTheMemoryOfAWholeRunOrSaysThatItDoesNot) {
  TestHost host;
  host.options.limits.memory_bytes = 64u << 20;
  const auto site = host.prepare_site();
  const std::string some =
      "python3 -c \"import time; x = b'x' * (40 << 20); time.sleep(1)\"";
  const Script ran =
      run(*site, some + " & one=$!; " + some + " && wait $one");
  const auto problem = host.executor->problem();
  if (problem.empty()) {
    EXPECT_NE(ran.code, 0);
  } else {
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(problem.find("hold for each process"), std::string::npos);
  }
}

TEST(Sandbox, ShowsSecretFilesUntilTheyAreRemoved) {
  TestHost host;
  const auto site = host.prepare_site();
  const std::string path = site->add_secret_file("key", "top");
  EXPECT_NE(run(*site, "cat " + path).output.find("top"), std::string::npos);
  site->remove_secret_file(path);
  EXPECT_NE(run(*site, "cat " + path).code, 0);
}

TEST(Sandbox, RemovesItsFolderWhateverIsInIt) {
  TestHost host;
  {
    const auto site = host.prepare_site();
    run(*site, "mkdir -p a/b/c; touch a/b/c/d; chmod 0 a/b/c a/b; chmod 500 a");
  }
  EXPECT_TRUE(std::filesystem::is_empty(host.options.folder));
}

TEST(Sandbox, NamesWhatKeepsItFromStarting) {
  TestHost host;
  host.options.host_paths = {"/"};
  const auto site = host.prepare_site();
  try {
    run(*site, "true");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("ci.host_paths"), std::string::npos);
  }
  host.options.host_paths = {host.folder.path().native()};
  EXPECT_THROW(run(*host.prepare_site(), "true"), Error);
  host.options.host_paths = {host.folder.path().parent_path().native()};
  EXPECT_THROW(run(*host.prepare_site(), "true"), Error);
}

TEST(Sandbox, ReportsAMissingInterpreter) {
  TestHost host;
  const auto site = host.prepare_site();
  try {
    run(*site, "#!/no/such/program\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("starting"), std::string::npos)
        << error.message();
  }
}

TEST(Sandbox, IsHealthyHere) {
  TestHost host;
  const std::string problem = host.executor->problem();
  EXPECT_EQ(problem.find("cannot run"), std::string::npos) << problem;
}

}  // namespace
}  // namespace skerry::ci
