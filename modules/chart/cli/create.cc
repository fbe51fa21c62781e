#include "create/create.h"

#include <filesystem>
#include <ostream>

#include "cli/command.h"
#include "cli/folder.h"
#include "cli/sources.h"
#include "core/error.h"

namespace skerry::chart {

namespace {

namespace fs = std::filesystem;

// --starter: an absolute path, or a name in Helm's folder of starters.
std::string starter_folder(const std::string& name) {
  if (name.starts_with('/')) return name;
  auto home = environment("HELM_DATA_HOME");
  if (home.empty()) {
    auto data = environment("XDG_DATA_HOME");
    if (data.empty()) data = environment("HOME") + "/.local/share";
    home = data + "/helm";
  }
  return (fs::path(home) / "starters" / name).lexically_normal().native();
}

void create(const Flags& flags, const CommandStreams& streams) {
  const std::string& given = flags.positional()[0];
  streams.out << "Creating " << given << '\n';
  std::string path = absolute_path(given);
  std::string name = fs::path(path).filename().native();
  std::string folder = fs::path(path).parent_path().native();
  auto starter = flags.text("starter");
  if (starter.empty()) return create_chart(name, folder, streams.out);
  std::string source = starter_folder(starter);
  std::shared_ptr<Chart> chart;
  try {
    chart = load_chart_from_disk(source, log_to(streams.error));
  } catch (const Error& error) {
    throw error.in("could not load " + source);
  }
  create_chart_from(*chart, name, folder);
}

}  // namespace

int create_command(const Arguments& arguments, const CommandStreams& streams) {
  const CommandSpec spec{"create", "create NAME", Count::exactly, 1,
                         {{"starter", 'p'}}};
  return run_command(spec, arguments, streams,
                     [&](const Flags& flags) { create(flags, streams); });
}

}  // namespace skerry::chart
