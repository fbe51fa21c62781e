// The chart commands alone, for the differential tests: chart_cli template ...
#include <iostream>

#include "chart/cli.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::string command = argv[1];
  skerry::chart::Arguments arguments(argv + 2, argv + argc);
  skerry::chart::CommandStreams streams{std::cin, std::cout, std::cerr};
  if (command == "template") {
    return skerry::chart::template_command(arguments, streams);
  }
  if (command == "lint") return skerry::chart::lint_command(arguments, streams);
  if (command == "package") {
    return skerry::chart::package_command(arguments, streams);
  }
  if (command == "show") return skerry::chart::show_command(arguments, streams);
  if (command == "kustomize") {
    return skerry::chart::kustomize_command(arguments, streams);
  }
  if (command == "chart") {
    return skerry::chart::chart_command(arguments, streams);
  }
  return 2;
}
