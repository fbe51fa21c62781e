// The command line: one subcommand each, from its flags to its exit code.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string_view>

#include "chart/cli.h"
#include "ci/sandbox_init.h"
#include "client/commands.h"
#include "licenses.h"
#include "pipeline_commands.h"
#include "serve.h"
#include "version.h"

namespace skerry::app {
namespace {

constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2;

// Of every command that works on a data folder.
void add_data_options(CLI::App& command, ServeOptions& options) {
  command.add_option("--data", options.data, "Data folder")
      ->capture_default_str();
  command.add_option("--config", options.config,
                     "Settings file (default: skerry.yaml in the data folder)");
}

void add_storage(CLI::App& root, ServeOptions& options, std::string& place) {
  CLI::App* storage = root.add_subcommand("storage", "Where blobs are kept");
  storage->require_subcommand(1);
  CLI::App* move = storage->add_subcommand(
      "move",
      "Move all blobs of a stopped server to the S3 store of its settings, or "
      "back into files; it may be run again after a failure");
  add_data_options(*move, options);
  move->add_option("--to", place, "s3 or files")
      ->required()
      ->check(CLI::IsMember({"s3", "files"}));
  move->callback([&] { move_blobs(options, place == "s3"); });
}

void add_serve(CLI::App& root, ServeOptions& options) {
  CLI::App* command = root.add_subcommand("serve", "Run the server");
  add_data_options(*command, options);
  command->add_option("--listen", options.listen,
                      "http://ADDRESS:PORT or https://ADDRESS:PORT (default: "
                      "the setting http.listen)");
  command->add_option("--log-format", options.log_format, "human or json")
      ->check(CLI::IsMember({"human", "json"}));
  command->add_option("--log-level", options.log_level, "Lowest level logged")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  command->callback([&options] { serve(options); });
}

void add_small_commands(CLI::App& root) {
  root.add_subcommand("version", "Print the version")->callback([] {
    std::cout << "skerry " << kVersion << '\n';
  });
  root.add_subcommand("licenses",
                      "Print the licences of Skerry and the libraries in it")
      ->callback([] { print_licenses(std::cout); });
}

int run(int argc, char** argv) {
  CLI::App root("Skerry: a delivery server for networks without internet",
                "skerry");
  root.require_subcommand(1);
  ServeOptions serve_options;
  PipelineOptions pipeline_options;
  int exit_code = kDone;
  std::string blob_place;
  add_serve(root, serve_options);
  add_storage(root, serve_options, blob_place);
  add_pipeline(root, pipeline_options, exit_code);
  add_small_commands(root);
  const ClientCommands client_commands(root);
  try {
    root.parse(argc, argv);
    return exit_code;
  } catch (const CLI::ParseError& error) {
    // 0 for --help.
    return root.exit(error) == 0 ? kDone : kWrongUsage;
  }
}

}  // namespace
}  // namespace skerry::app

int main(int argc, char** argv) {
  using namespace skerry;
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == ci::kSandboxInitCommand) {
    return ci::sandbox_init_main(argc, argv);
  }
  try {
    // The chart commands take Helm's flags, which have their own parser.
    if (const auto command = chart::find_chart_command(first)) {
      return command(chart::Arguments(argv + 2, argv + argc),
                     {std::cin, std::cout, std::cerr});
    }
    return app::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "skerry: " << error.what() << '\n';
    return app::kFailed;
  }
}
