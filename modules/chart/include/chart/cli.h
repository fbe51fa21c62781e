// The chart commands of the command line, with Helm's names, flags and outputs:
//   skerry template [NAME] CHART ...   skerry lint CHART ...
//   skerry package CHART ...           skerry show {chart|values|...} CHART
//   skerry kustomize DIR ...           (kubectl's flag names)
//   skerry dependency {list|build|update} CHART
//   skerry verify ARCHIVE              skerry create NAME
// Each takes the arguments behind the command's name and returns the exit
// code: 0 done, 1 failed, 2 wrong usage. Uses no daemon.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::chart {

struct CommandStreams {
  std::istream& in;
  std::ostream& out;
  std::ostream& error;
};

using Arguments = std::vector<std::string>;

int template_command(const Arguments& arguments, const CommandStreams& streams);
int lint_command(const Arguments& arguments, const CommandStreams& streams);
int package_command(const Arguments& arguments, const CommandStreams& streams);
int show_command(const Arguments& arguments, const CommandStreams& streams);
int kustomize_command(const Arguments& arguments,
                      const CommandStreams& streams);
// `chart to-kustomize` and `chart unfork`.
int chart_command(const Arguments& arguments, const CommandStreams& streams);
int dependency_command(const Arguments& arguments,
                       const CommandStreams& streams);
int verify_command(const Arguments& arguments, const CommandStreams& streams);
int create_command(const Arguments& arguments, const CommandStreams& streams);

using ChartCommand = int (*)(const Arguments& arguments,
                             const CommandStreams& streams);
// The command of this name; nullptr when there is none.
ChartCommand find_chart_command(std::string_view name);

}  // namespace skerry::chart
