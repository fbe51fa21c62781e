// The test program is its own sandbox helper, as skerry is.
#include <gtest/gtest.h>

#include <string_view>

#include "ci/sandbox_init.h"

// The sandbox's half of this program starts with an empty environment, and in
// there the leak check may not look at its own process.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

int main(int argc, char** argv) {
  if (argc > 1 &&
      std::string_view(argv[1]) == skerry::ci::kSandboxInitCommand) {
    return skerry::ci::sandbox_init_main(argc, argv);
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
