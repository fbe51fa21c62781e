// `skerry pipeline run FILE`: a Jenkinsfile in the current folder, without a
// server.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <stop_token>
#include <string>

namespace skerry::ci {

struct LocalRunOptions {
  std::filesystem::path folder = ".";  // the workspace; its files are changed
  std::map<std::string, std::string> parameters;
  std::string branch = "main";  // for `when { branch }` and BRANCH_NAME
  bool host_network = true;
  bool timestamps = false;
  std::stop_token stop;  // ends the run as ABORTED
};

// Runs the pipeline in the sandbox over the folder and prints its log. Steps
// that need the server (buildImage, publishChart, credentials, git) fail by
// name. 0 for SUCCESS and UNSTABLE, 1 otherwise, 2 for a file that is not a
// pipeline (its faults go to `errors`).
int run_pipeline_file(const std::filesystem::path& file,
                      const LocalRunOptions& options, std::ostream& output,
                      std::ostream& errors);

}  // namespace skerry::ci
