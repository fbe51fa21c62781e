#include <algorithm>
#include <ostream>

#include "chart/cli.h"
#include "cli/sources.h"
#include "core/error.h"
#include "core/text/yaml.h"

namespace skerry::chart {

namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

const File* find_readme(const Chart& chart) {
  for (auto& file : chart.files) {
    std::string name = lower(file.name);
    if (name == "readme.md" || name == "readme.txt" || name == "readme") {
      return &file;
    }
  }
  return nullptr;
}

void show(const std::string& what, const Chart& chart, std::ostream& out) {
  bool all = what == "all";
  if (all || what == "chart") {
    out << to_yaml(metadata_as_json(chart.metadata)) << '\n';
  }
  if (all || what == "values") {
    if (all) out << "---\n";
    if (auto* file = chart.find_raw("values.yaml")) out << file->data << '\n';
  }
  auto* readme = find_readme(chart);
  if (readme && (all || what == "readme")) {
    if (all) out << "---\n";
    out << readme->data << '\n';
  }
  if (all || what == "crds") {
    for (auto& [path, file] : chart.crds()) {
      if (!file->data.starts_with("---")) out << "---\n";
      out << file->data << '\n';
    }
  }
}

bool is_part(const std::string& what) {
  for (auto known : {"all", "chart", "values", "readme", "crds"}) {
    if (what == known) return true;
  }
  return false;
}

}  // namespace

int show_command(const Arguments& arguments, const CommandStreams& streams) {
  try {
    Flags flags(arguments, {});
    auto& given = flags.positional();
    if (given.size() != 2 || !is_part(given[0])) {
      streams.error << "Error: say what to show of which chart: show "
                       "{all|chart|values|readme|crds} CHART\n";
      return 2;
    }
    try {
      show(given[0], *load_chart_from_disk(given[1], log_to(streams.error)),
           streams.out);
      return 0;
    } catch (const Error& error) {
      streams.error << "Error: " << error.message() << '\n';
      return 1;
    }
  } catch (const Error& error) {
    streams.error << "Error: " << error.message() << '\n';
    return 2;
  }
}

}  // namespace skerry::chart
