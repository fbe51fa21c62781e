// Checking a Jenkinsfile without running it: `skerry pipeline check FILE`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skerry::ci {

struct Diagnostic {
  int line = 0;    // from 1
  int column = 0;  // from 1, in bytes
  std::string message;
};

// All faults of a complete Jenkinsfile, in the order of their places; empty
// when it may run. Pure; thread-safe. `file_name` leads each `message`:
// "ci/Jenkinsfile:12:5: unknown step 'ech'; did you mean 'echo'?"
std::vector<Diagnostic> check_pipeline(std::string_view text,
                                       std::string_view file_name);

}  // namespace skerry::ci
