#include <ostream>

#include "chart/cli.h"
#include "cli/command.h"
#include "cli/sources.h"
#include "core/error.h"
#include "core/text/yaml.h"

namespace skerry::chart {

namespace {

bool is_readme(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return name == "readme.md" || name == "readme.txt" || name == "readme";
}

const File* find_readme(const Chart& chart) {
  for (auto& file : chart.files) {
    if (is_readme(file.name)) return &file;
  }
  return nullptr;
}

void show(std::string_view what, const Chart& chart, std::ostream& out) {
  bool is_all = what == "all";
  auto begin_part = [&] {
    if (is_all) out << "---\n";
  };
  if (is_all || what == "chart") {
    out << to_yaml(metadata_as_json(chart.metadata)) << '\n';
  }
  if ((is_all || what == "values") && chart.find_raw("values.yaml")) {
    begin_part();
    for (auto& file : chart.raw) {
      if (file.name == "values.yaml") out << file.data << '\n';
    }
  }
  auto* readme = find_readme(chart);
  if (readme && (is_all || what == "readme")) {
    begin_part();
    out << readme->data << '\n';
  }
  if (!is_all && what != "crds") return;
  for (auto& [path, file] : chart.crds()) {
    if (!file->data.starts_with("---")) out << "---\n";
    out << file->data << '\n';
  }
}

int show_part(std::string_view what, const Arguments& arguments,
              const CommandStreams& streams) {
  const std::string path = fmt::format("show {}", what);
  const std::string use = path + " [CHART]";
  auto flags = place_flags();
  flags.push_back({"jsonpath"});
  const CommandSpec spec{path, use, Count::exactly, 1, flags};
  return run_command(spec, arguments, streams, [&](const Flags& given) {
    refuse_flags(given, {{"jsonpath", "JSONPath expressions are not there"}});
    Log log = log_to(streams.error);
    Web web;
    auto place = locate_chart(given.positional()[0], given, web,
                              streams.error, log);
    show(what, *load_chart_at(place, log), streams.out);
  });
}

}  // namespace

int show_command(const Arguments& arguments, const CommandStreams& streams) {
  std::vector<SubCommand> parts;
  for (std::string_view what : {"all", "chart", "crds", "readme", "values"}) {
    parts.push_back({what, [what](const Arguments& rest,
                                  const CommandStreams& to) {
                       return show_part(what, rest, to);
                     }});
  }
  return run_group("show", parts, arguments, streams);
}

}  // namespace skerry::chart
