#include "pipeline_commands.h"

#include <iostream>

#include "ci/pipeline_check.h"
#include "core/error.h"
#include "core/os/file.h"

namespace skerry::app {
namespace {

constexpr std::uint64_t kLargestFile = 1u << 20;

int check(const std::string& file) {
  const auto faults = ci::check_pipeline(read_file(file, kLargestFile), file);
  for (const ci::Diagnostic& fault : faults) std::cerr << fault.message << '\n';
  if (!faults.empty()) return 1;
  std::cout << file << " may run\n";
  return 0;
}

int run(PipelineOptions& options) {
  for (const std::string& parameter : options.parameters) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string::npos) {
      fail(ErrorCode::invalid, "--parameter needs NAME=VALUE, not '{}'",
           parameter);
    }
    options.run.parameters[parameter.substr(0, equals)] =
        parameter.substr(equals + 1);
  }
  options.run.host_network = !options.no_network;
  return ci::run_pipeline_file(options.file, options.run, std::cout, std::cerr);
}

}  // namespace

void add_pipeline(CLI::App& root, PipelineOptions& options, int& exit_code) {
  CLI::App* pipeline =
      root.add_subcommand("pipeline", "Check or run a Jenkinsfile here");
  pipeline->require_subcommand(1);

  CLI::App* checking =
      pipeline->add_subcommand("check", "Say all that is wrong with a file");
  checking->add_option("file", options.file, "The Jenkinsfile")
      ->capture_default_str();
  checking->callback([&] { exit_code = check(options.file); });

  CLI::App* running = pipeline->add_subcommand(
      "run", "Run a file over the current folder, which it may change");
  running->add_option("file", options.file, "The Jenkinsfile")
      ->capture_default_str();
  running->add_option("-p,--parameter", options.parameters, "NAME=VALUE");
  running->add_option("--branch", options.run.branch,
                      "The branch that the pipeline sees")
      ->capture_default_str();
  running->add_flag("--timestamps", options.run.timestamps,
                    "Put the time before each line");
  running->add_flag("--no-network", options.no_network,
                    "Run scripts without the machine's network");
  running->callback([&] { exit_code = run(options); });
}

}  // namespace skerry::app
