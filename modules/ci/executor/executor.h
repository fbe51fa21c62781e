// Where the commands of a run are carried out. The first implementation is a
// sandbox on this machine (local_executor.h).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "executor/workspace.h"

namespace skerry::ci {

struct ScriptRequest {
  std::string script;  // `sh -xe`, unless it begins with "#!"
  std::string folder;  // below the workspace; "" is the workspace
  std::map<std::string, std::string> environment;
  // Gets what the script prints, from the calling thread. With `capture`,
  // standard output is kept in the result instead and only standard error
  // comes here.
  std::function<void(std::string_view)> on_output;
  bool capture = false;
  std::stop_token stop;
};

struct ScriptResult {
  int exit_code = 0;
  std::string output;
  bool stopped = false;
};

// What `agent any` gives: a workspace and the means to run scripts in it.
// Its destruction ends everything that runs there and removes the workspace.
// Thread-safe: the branches of a parallel stage share one.
class Site {
 public:
  virtual ~Site() = default;
  virtual Workspace& workspace() = 0;
  // The workspace as scripts see it: "/workspace".
  virtual std::string workspace_path() const = 0;
  // Variables that every script of this place gets: PATH, HOME ...
  virtual std::map<std::string, std::string> environment() const = 0;
  // A failing script is a result; what keeps it from starting is thrown.
  virtual ScriptResult run(const ScriptRequest& request) = 0;
  // Shows a file, readable by scripts only; its path as they see it. It goes
  // with remove_secret_file().
  virtual std::string add_secret_file(std::string_view name,
                                      std::string_view content) = 0;
  virtual void remove_secret_file(std::string_view path) = 0;
};

struct SiteRequest {
  std::string name;           // of the run, for folders: "demo-hello-12"
  bool host_network = false;  // otherwise only a loopback of its own
  // Where the workspace moves at the end, on the same file system and not
  // there yet; empty: it is removed.
  std::filesystem::path keep_at{};
};

// Thread-safe.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual std::unique_ptr<Site> prepare(const SiteRequest& request) = 0;
  // Why scripts cannot run, or run with weaker bounds; empty: all is well.
  virtual std::string problem() = 0;
  // What a dead daemon left: processes, groups, workspaces.
  virtual void remove_leftovers() = 0;
};

}  // namespace skerry::ci
