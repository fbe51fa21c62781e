// `skerry pipeline check FILE` and `skerry pipeline run FILE`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "ci/run_pipeline.h"

namespace skerry::app {

struct PipelineOptions {
  std::string file = "Jenkinsfile";
  std::vector<std::string> parameters;  // NAME=VALUE
  bool no_network = false;
  ci::LocalRunOptions run;
};

// The commands set `exit_code`.
void add_pipeline(CLI::App& root, PipelineOptions& options, int& exit_code);

}  // namespace skerry::app
