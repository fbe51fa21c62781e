#include "package.h"

#include <filesystem>
#include <ostream>

#include "chart/cli.h"
#include "cli/flags.h"
#include "core/error.h"
#include "core/os/file.h"

namespace skerry::chart {

namespace {

const std::vector<Flag>& package_flags() {
  static const std::vector<Flag> kFlags = {
      {"destination", 'd'}, {"version"}, {"app-version"}};
  return kFlags;
}

void package_all(const Flags& flags, const CommandStreams& streams) {
  PackageOptions options;
  options.version = flags.text("version");
  options.app_version = flags.text("app-version");
  std::filesystem::path folder = flags.text("destination", ".");
  if (folder == ".") folder = std::filesystem::current_path();
  for (auto& path : flags.positional()) {
    if (!std::filesystem::is_directory(path)) {
      fail(ErrorCode::not_found, "path {} is no chart folder", path);
    }
    Package package = package_chart(*open_folder_tree(path), "", options);
    std::filesystem::create_directories(folder);
    auto file = folder / package.file_name();
    write_file_atomically(file, package.archive);
    streams.out << "Successfully packaged chart and saved it to: "
                << file.native() << '\n';
  }
}

}  // namespace

int package_command(const Arguments& arguments,
                    const CommandStreams& streams) {
  bool is_usage = true;
  try {
    Flags flags(arguments, package_flags());
    if (flags.positional().empty()) {
      fail(ErrorCode::invalid,
           "need at least one argument, the path to the chart");
    }
    is_usage = false;
    package_all(flags, streams);
    return 0;
  } catch (const Error& error) {
    streams.error << "Error: " << error.message() << '\n';
    return is_usage ? 2 : 1;
  }
}

}  // namespace skerry::chart
