#include <filesystem>
#include <ostream>

#include "chart/cli.h"
#include "cli/command.h"
#include "cli/folder.h"
#include "cli/sources.h"
#include "cli/table.h"
#include "cli/update.h"
#include "core/error.h"
#include "core/os/clock.h"
#include "core/text/number.h"
#include "dependency/manager.h"
#include "dependency/status.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

namespace fs = std::filesystem;

std::vector<Flag> dependency_flags() {
  return {{"verify", 0, false},
          {"keyring"},
          {"skip-refresh", 0, false},
          {"username"},
          {"password"},
          {"cert-file"},
          {"key-file"},
          {"insecure-skip-tls-verify", 0, false},
          {"plain-http", 0, false},
          {"ca-file"}};
}

// filepath.Clean
std::string chart_path(const Flags& flags) {
  if (flags.positional().empty()) return ".";
  std::string path =
      fs::path(flags.positional()[0]).lexically_normal().native();
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path.empty() ? "." : path;
}

DependencyOptions options_from(const Flags& flags, std::string path) {
  DependencyOptions options;
  options.chart_path = std::move(path);
  options.keyring = keyring_of(flags);
  options.skips_refresh =
      flags.is_given("skip-refresh") && flags.has("skip-refresh");
  options.is_debug = flags.has("debug");
  options.access = access_from_flags(flags);
  options.repository_config = repository_config_of(flags);
  options.registry_config = registry_config_of(flags);
  return options;
}

void with_manager(DependencyOptions options, Web& web,
                  const CommandStreams& streams,
                  const std::function<void(DependencyManager&)>& work) {
  Log log = log_to(streams.error);
  DependencyWorld world{web, streams.out, streams.error, log,
                        [] { return SystemClock().now(); },
                        [&](const std::string& folder) {
                          return open_chart_folder(folder, log);
                        }};
  DependencyManager manager(std::move(options), world);
  work(manager);
}

int run_manager(std::string_view name, const Arguments& arguments,
                const CommandStreams& streams, Verify verify,
                void (DependencyManager::*work)()) {
  const std::string path = fmt::format("dependency {}", name);
  const std::string use = path + " CHART";
  const CommandSpec spec{path, use, Count::at_most, 1, dependency_flags()};
  return run_command(spec, arguments, streams, [&](const Flags& flags) {
    Web web;
    auto options = options_from(flags, chart_path(flags));
    if (flags.has("verify")) options.verify = verify;
    with_manager(std::move(options), web, streams,
                 [&](DependencyManager& manager) { (manager.*work)(); });
  });
}

int update_command(const Arguments& arguments, const CommandStreams& streams) {
  return run_manager("update", arguments, streams, Verify::always,
                     &DependencyManager::update);
}

int build_command(const Arguments& arguments, const CommandStreams& streams) {
  return run_manager("build", arguments, streams, Verify::if_possible,
                     &DependencyManager::build);
}

void list(const Flags& flags, const CommandStreams& streams) {
  std::string path = chart_path(flags);
  Log log = log_to(streams.error);
  auto chart = load_chart_from_disk(path, log);
  auto& wished = chart->metadata.dependencies;
  if (wished.empty()) {
    streams.out << "WARNING: no dependencies at "
                << (fs::path(path) / "charts").lexically_normal().native()
                << '\n';
    return;
  }
  auto width = parse_number<std::size_t>(flags.text("max-col-width", "80"));
  if (!width) {
    fail(ErrorCode::invalid, "--max-col-width is no number: {}",
         flags.text("max-col-width"));
  }
  ChartLoad load = [&](const std::string& file) {
    return load_chart_from_disk(file, log);
  };
  std::vector<std::vector<std::string>> rows = {
      {"NAME", "VERSION", "REPOSITORY", "STATUS"}};
  for (auto& wish : wished) {
    rows.push_back({wish.name, wish.version, wish.repository,
                    dependency_status(path, wish, *chart, load)});
  }
  streams.out << format_table(rows, *width) << '\n';
  for (auto& warning : undeclared_charts(path, wished, load)) {
    streams.out << warning << '\n';
  }
}

int list_command(const Arguments& arguments, const CommandStreams& streams) {
  const CommandSpec spec{"dependency list", "dependency list CHART",
                         Count::at_most, 1, {{"max-col-width"}}};
  return run_command(spec, arguments, streams,
                     [&](const Flags& flags) { list(flags, streams); });
}

}  // namespace

void update_dependencies(const std::string& path, const Flags& flags, Web& web,
                         const CommandStreams& streams) {
  auto options = options_from(flags, path);
  options.skips_refresh = false;
  with_manager(std::move(options), web, streams,
               [](DependencyManager& manager) { manager.update(); });
}

int dependency_command(const Arguments& arguments,
                       const CommandStreams& streams) {
  return run_group("dependency",
                   {{"list", list_command},
                    {"ls", list_command},
                    {"update", update_command},
                    {"up", update_command},
                    {"build", build_command}},
                   arguments, streams);
}

}  // namespace skerry::chart
