// The test program is its own sandbox helper, and a server to be killed.
#include <gtest/gtest.h>

#include <iostream>
#include <string_view>
#include <thread>

#include "ci/runs/world.h"
#include "ci/sandbox_init.h"

namespace {

// A server that runs one long pipeline until it is killed.
int doomed_server(const std::string& data) {
  skerry::ci::World world(data);
  const std::string commit = world.sources.add_jenkinsfile(
      skerry::ci::pipeline("sh 'echo begun; sleep 64 & sleep 65'"));
  world.start();
  world.push("refs/heads/main", commit);
  std::this_thread::sleep_for(std::chrono::minutes(1));
  return 0;
}

}  // namespace

// The sandbox's half of this program starts with an empty environment, and in
// there the leak check may not look at its own process.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == skerry::ci::kSandboxInitCommand) {
    return skerry::ci::sandbox_init_main(argc, argv);
  }
  if (command == "doomed-server") return doomed_server(argv[2]);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
