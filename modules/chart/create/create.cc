#include "create/create.h"

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "core/error.h"
#include "core/os/file.h"
#include "core/text/yaml.h"
#include "create/starter.h"
#include "gotemplate/print.h"
#include "package.h"

namespace skerry::chart {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 250;
constexpr std::string_view kPlaceholder = "<CHARTNAME>";

void check_name(const std::string& name) {
  if (name.empty() || name.size() > kLongestName) {
    fail(ErrorCode::invalid, "chart name must be between 1 and {} characters",
         kLongestName);
  }
  bool is_plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
  if (!is_plain) {
    fail(ErrorCode::invalid, "chart name must match the regular expression "
         "\"^[a-zA-Z0-9._-]+$\"");
  }
}

std::string filled_in(std::string_view text, const std::string& name) {
  std::string out;
  for (std::size_t at = 0;;) {
    std::size_t found = text.find(kPlaceholder, at);
    out += text.substr(at, found - at);
    if (found == text.npos) return out;
    out += name;
    at = found + kPlaceholder.size();
  }
}

void write(const fs::path& file, std::string_view text) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) fail_errno(file.parent_path().native(), error.value());
  write_file_atomically(file, text);
}

void require_room(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    fail(ErrorCode::conflict, "file {} already exists and is not a directory",
         folder.native());
  }
}

}  // namespace

void create_chart(const std::string& name, const std::string& folder,
                  std::ostream& told) {
  check_name(name);
  std::error_code error;
  if (!fs::exists(folder, error)) {
    fail(ErrorCode::not_found, "stat {}: no such file or directory", folder);
  }
  if (!fs::is_directory(folder, error)) {
    fail(ErrorCode::invalid, "no such directory {}", folder);
  }
  fs::path chart = fs::path(folder) / name;
  require_room(chart);
  for (auto& file : starter_files()) {
    fs::path path = chart / file.path;
    if (fs::exists(path, error)) {
      told << "WARNING: File " << quote(path.native())
           << " already exists. Overwriting.\n";
    }
    write(path, filled_in(file.text, name));
  }
  fs::create_directories(chart / "charts");
}

void create_chart_from(Chart& starter, const std::string& name,
                       const std::string& folder) {
  check_name(name);
  Metadata metadata;
  metadata.name = name;
  metadata.description = "A Helm chart for Kubernetes";
  metadata.type = "application";
  metadata.version = metadata.app_version = "0.1.0";
  metadata.api_version = "v2";
  fs::path chart = fs::path(folder) / name;
  require_room(chart);
  write(chart / "Chart.yaml", to_yaml(metadata_as_json(metadata)));
  for (auto& file : starter.raw) {
    if (file.name != "values.yaml") continue;
    write(chart / file.name, filled_in(file.data, name));
  }
  if (starter.schema) write(chart / "values.schema.json", *starter.schema);
  for (auto& file : starter.templates) {
    write(chart / file.name, filled_in(file.data, name));
  }
  for (auto& file : starter.files) write(chart / file.name, file.data);
  for (auto& sub : starter.dependencies) {
    PackageOptions options;
    options.needs_whole_version = false;
    Package package = package_loaded_chart(*sub, options);
    write(chart / "charts" / package.file_name(), package.archive);
  }
}

}  // namespace skerry::chart
