// Child processes, behind an interface so that tests need none.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace skerry {

struct Command {
  std::vector<std::string> argv;  // argv[0] is looked up in $PATH
  // The child's whole environment; unset: the daemon's own.
  std::optional<std::map<std::string, std::string>> environment;
  std::string folder;   // working folder; empty: the daemon's
  std::string input;    // standard input
  std::chrono::milliseconds timeout{60'000};
  std::size_t output_limit = 16u << 20;  // bytes kept of each stream
  // Called from the calling thread with pieces of standard output (and error,
  // when set); what they get is not kept in the result.
  std::function<void(std::string_view)> on_output;
  std::function<void(std::string_view)> on_error_output;
};

struct CommandResult {
  int exit_code = 0;  // 128 + signal when a signal ended it
  std::string output;
  std::string error_output;
  bool timed_out = false;
  bool stopped = false;
  bool ok() const { return exit_code == 0 && !timed_out && !stopped; }
};

// Thread-safe.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  // Runs to the end. On time-out or a stop request the child's process group
  // gets SIGTERM, and SIGKILL two seconds later. The child dies with the
  // daemon. Throws not_found when argv[0] is no program; a failing exit code is
  // a result, not an error.
  virtual CommandResult run(const Command& command, std::stop_token stop = {})
      const = 0;
};

class SystemProcessRunner : public ProcessRunner {
 public:
  CommandResult run(const Command& command,
                    std::stop_token stop = {}) const override;
};

// The full path of a program in $PATH, if there is one.
std::optional<std::string> find_program(std::string_view name);

}  // namespace skerry
