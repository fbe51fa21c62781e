// The chart commands alone, for the differential tests: chart_cli template ...
#include <iostream>

#include "chart/cli.h"

int main(int argc, char** argv) {
  using namespace skerry::chart;
  const auto command = argc < 2 ? nullptr : find_chart_command(argv[1]);
  if (!command) return 2;
  return command(Arguments(argv + 2, argv + argc),
                 {std::cin, std::cout, std::cerr});
}
