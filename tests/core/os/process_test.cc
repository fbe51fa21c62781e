#include "core/os/process.h"

#include "core/temp.h"

namespace skerry {
namespace {

using std::chrono::milliseconds;

CommandResult shell(const std::string& script, Command command = {},
                    std::stop_token stop = {}) {
  command.argv = {"sh", "-c", script};
  return SystemProcessRunner().run(command, stop);
}

TEST(Process, KeepsBothOutputsAndTheExitCode) {
  const auto result = shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.error_output, "err\n");
  EXPECT_FALSE(result.ok());
}

TEST(Process, FeedsInputLargerThanAPipe) {
  Command command;
  command.input = std::string(1 << 20, 'x');
  EXPECT_EQ(shell("wc -c", command).output, "1048576\n");
}

TEST(Process, GivesTheChildOnlyTheEnvironmentAsked) {
  Command command;
  command.environment.emplace();
  (*command.environment)["ONLY"] = "this";
  EXPECT_EQ(shell("echo $ONLY$HOME", command).output, "this\n");
}

TEST(Process, EndsTheWholeGroupOnTimeout) {
  Command command;
  command.timeout = milliseconds(100);
  const auto begin = std::chrono::steady_clock::now();
  const auto result = shell("sleep 60 & sleep 60", command);
  EXPECT_TRUE(result.timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(5000));
}

TEST(Process, KillsAChildThatIgnoresTermination) {
  Command command;
  command.timeout = milliseconds(50);
  const auto result =
      shell("trap '' TERM; while :; do sleep 0.1; done", command);
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, 128 + 9);
}

TEST(Process, StopsWhenAsked) {
  std::stop_source source;
  std::jthread later([&] {
    std::this_thread::sleep_for(milliseconds(50));
    source.request_stop();
  });
  EXPECT_TRUE(shell("sleep 60", {}, source.get_token()).stopped);
}

TEST(Process, KeepsNoMoreOutputThanTheLimit) {
  Command command;
  command.output_limit = 1000;
  EXPECT_EQ(shell("yes | head -c 100000", command).output.size(), 1000u);
}

TEST(Process, SaysThatAProgramIsNotInstalled) {
  Command command;
  command.argv = {"no-such-program-anywhere"};
  EXPECT_EQ(test::code_of([&] { SystemProcessRunner().run(command); }),
            ErrorCode::not_found);
}

}  // namespace
}  // namespace skerry
