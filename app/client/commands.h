// The commands that speak to a server: project, repo, run, app, image, chart,
// user, token, health, gc, fsck.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace skerry::app {

struct ClientOptions;

class ClientCommands {
 public:
  // Adds the commands; they print to standard output when they are chosen.
  // Must outlive the parsing.
  explicit ClientCommands(CLI::App& root);
  ~ClientCommands();

 private:
  std::unique_ptr<ClientOptions> options_;
};

}  // namespace skerry::app
