#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <optional>
#include <ostream>

#include "chart/cli.h"
#include "cli/flags.h"
#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/file.h"
#include "kustomize/build.h"
#include "kustomize/output.h"

namespace skerry::chart {

namespace {

using kustomize::BuildOptions;
using kustomize::BuildResult;
using kustomize::Reorder;
using kustomize::Resource;

constexpr std::string_view kRestricted = "LoadRestrictionsRootOnly";
constexpr std::string_view kUnrestricted = "LoadRestrictionsNone";

std::vector<Flag> kustomize_flags() {
  return {{"enable-helm", 0, false},
          {"enable-alpha-plugins", 0, false},
          {"as-current-user", 0, false},
          {"network", 0, false},
          {"helm-debug", 0, false},
          {"enable-managedby-label", 0, false},
          {"load-restrictor"},
          {"reorder"},
          {"output", 'o'},
          {"env", 'e'},
          {"mount"},
          {"network-name"},
          {"helm-command"},
          {"helm-api-versions"},
          {"helm-kube-version"}};
}

// Flags for plugins in containers, which there are none of, and for a helm
// program, which is not started.
void refuse_flags(const Flags& flags) {
  for (auto name : {"as-current-user", "network", "network-name", "mount",
                    "env", "helm-command", "helm-debug"}) {
    if (flags.has(name)) {
      fail(ErrorCode::invalid,
           "--{} is not supported: no container and no program is started",
           name);
    }
  }
}

std::string checked(const Flags& flags, std::string_view name,
                    std::initializer_list<std::string_view> legal) {
  std::string value = flags.text(name);
  if (value.empty()) return value;
  for (auto one : legal) {
    if (value == one) return value;
  }
  fail(ErrorCode::invalid, "illegal flag value --{} {}; legal values: [{}]",
       name, value, fmt::join(legal, " "));
}

BuildOptions read_options(const Flags& flags) {
  refuse_flags(flags);
  BuildOptions options;
  options.restricts_files =
      checked(flags, "load-restrictor", {kRestricted, kUnrestricted}) !=
      kUnrestricted;
  std::string reorder = checked(flags, "reorder", {"legacy", "none"});
  if (reorder == "legacy") options.reorder = Reorder::legacy;
  if (reorder == "none") options.reorder = Reorder::none;
  options.allows_external_plugins = flags.has("enable-alpha-plugins");
  options.adds_managed_by_label = flags.has("enable-managedby-label");
  options.helm.enabled =
      flags.has("enable-helm") || options.allows_external_plugins;
  options.helm.api_versions = flags.list("helm-api-versions");
  options.helm.kube_version = flags.text("helm-kube-version");
  return options;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

// A file for each resource, with its namespace in front when there are more.
void write_files(const BuildResult& result, const std::string& folder) {
  std::map<std::string, int> spaces;
  auto& list = result.resources.resources();
  for (auto& one : list) {
    auto id = one->id();
    if (!id.is_cluster_scoped) ++spaces[std::string(id.effective_namespace())];
  }
  for (auto& one : list) {
    auto id = one->id();
    std::string name =
        lower(id.gvk.text_without_empty()) + "_" + lower(id.name) + ".yaml";
    if (!id.is_cluster_scoped && spaces.size() > 1) {
      name = lower(std::string(id.effective_namespace())) + "_" + name;
    }
    write_file_atomically(folder + "/" + name, one->to_yaml());
  }
}

// The head of a line of kubectl's log: "I0102 15:04:05.123456    4711 ".
std::string log_head() {
  auto [seconds, millis] = std::div(SystemClock().now(), 1000L);
  std::time_t time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::localtime_r(&time, &parts);
  char text[32];
  std::size_t size =
      std::strftime(text, sizeof text, "I%m%d %H:%M:%S", &parts);
  return fmt::format("{}.{:03}000 {:7} log.go:244] ",
                     std::string_view(text, size), millis, ::getpid());
}

void warn_of_flags(const Flags& flags, std::ostream& out) {
  if (flags.has("enable-managedby-label")) {
    out << "Flag --enable-managedby-label has been deprecated, The flag "
           "`enable-managedby-label` has been deprecated. Use the "
           "`managedByLabel` option in the `buildMetadata` field instead.\n";
  }
  if (!flags.text("reorder").empty()) {
    out << "Flag --reorder has been deprecated, use the new 'sortOptions' "
           "field in kustomization.yaml instead.\n";
  }
}

void run(const Flags& flags, const CommandStreams& streams,
         std::vector<std::string>& warnings) {
  warn_of_flags(flags, streams.error);
  auto& given = flags.positional();
  if (given.size() > 1) {
    fail(ErrorCode::invalid, "specify one path to kustomization.yaml");
  }
  BuildOptions options = read_options(flags);
  std::string folder = given.empty() ? "." : given[0];
  options.shown_folder = folder;
  std::string absolute =
      std::filesystem::absolute(folder).lexically_normal().string();
  while (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  kustomize::NoRemoteSource remote;
  if (auto spec = kustomize::parse_repo_spec(folder)) remote.repository(*spec);
  auto tree = open_folder_tree("/");
  BuildResult result = kustomize::build(*tree, absolute.substr(1), options,
                                        remote, warnings);
  for (auto& line : result.log) warnings.push_back(log_head() + line);
  std::string output = flags.text("output");
  if (!output.empty() && std::filesystem::is_directory(output)) {
    return write_files(result, output);
  }
  std::string text = kustomize::print_resources(result.resources);
  if (output.empty()) {
    streams.out << text;
  } else {
    write_file_atomically(output, text);
  }
}

}  // namespace

int kustomize_command(const Arguments& arguments,
                      const CommandStreams& streams) {
  std::optional<Flags> flags;
  try {
    flags.emplace(arguments, kustomize_flags());
  } catch (const Error& error) {
    streams.error << "error: " << error.message()
                  << "\nSee 'skerry kustomize --help' for usage.\n";
    return 1;
  }
  std::vector<std::string> warnings;
  auto warn = [&] {
    for (auto& warning : warnings) streams.error << warning << '\n';
  };
  try {
    run(*flags, streams, warnings);
    warn();
    return 0;
  } catch (const Error& error) {
    warn();
    bool is_ended = error.message().ends_with('\n');
    streams.error << "error: " << error.message() << (is_ended ? "" : "\n");
    return 1;
  }
}

}  // namespace skerry::chart
