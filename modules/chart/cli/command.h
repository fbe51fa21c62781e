// What all chart commands share: reading the arguments, wrong usage, help, the
// exit code.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "chart/cli.h"
#include "cli/flags.h"

namespace skerry::chart {

enum class Count { at_least, exactly, at_most };

struct CommandSpec {
  std::string_view path;  // "dependency list"
  std::string_view use;   // "dependency list CHART"
  Count count = Count::at_least;
  std::size_t arguments = 0;
  std::vector<Flag> flags{};  // besides those that every command has
};

using CommandBody = std::function<void(const Flags& flags)>;

// Returns the exit code; errors of the body are printed as Helm prints them.
int run_command(const CommandSpec& spec, const Arguments& arguments,
                const CommandStreams& streams, const CommandBody& body);

// A command that is a group of others: "show {all|chart|...}".
struct SubCommand {
  std::string_view name;
  std::function<int(const Arguments& arguments, const CommandStreams& streams)>
      run;
};
int run_group(std::string_view path, const std::vector<SubCommand>& commands,
              const Arguments& arguments, const CommandStreams& streams);

// The first flag of `names` that was given is refused: "--x is not supported:
// <why>".
struct RefusedFlag {
  std::string_view name, why;
};
void refuse_flags(const Flags& flags, const std::vector<RefusedFlag>& refused);

// $NAME, or "".
std::string environment(const char* name);
// A file in Helm's folder of settings: "repositories.yaml".
std::string helm_config_file(const std::string& name);
// --namespace, $HELM_NAMESPACE or "default".
std::string namespace_of(const Flags& flags);

}  // namespace skerry::chart
