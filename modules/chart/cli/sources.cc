#include "cli/sources.h"

#include <filesystem>
#include <istream>
#include <iterator>
#include <ostream>

#include "cli/folder.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/text/yaml.h"
#include "gotemplate/funcs/common.h"
#include "helm/archive.h"
#include "helm/set_values.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxFile = 100u << 20;

std::string read_source(const std::string& path, std::istream& input,
                        Web& web) {
  if (trim_space(path) == "-") {
    return {std::istreambuf_iterator<char>(input), {}};
  }
  if (path.starts_with("http://") || path.starts_with("https://")) {
    return web.get(path, path, {});
  }
  if (path.starts_with("oci://")) {
    fail(ErrorCode::invalid, "values from {}: not supported", path);
  }
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    fail(ErrorCode::not_found, "open {}: no such file or directory", path);
  }
  if (fs::is_directory(path, ignored)) {
    fail(ErrorCode::invalid, "read {}: is a directory", path);
  }
  return read_file(path, kMaxFile);
}

// The apiVersion of a Chart.yaml, which decides who loads the chart.
void require_known_version(std::string_view text) {
  auto result = read_yaml(text, YamlRead::first_document);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code,
         "cannot load Chart.yaml: error converting YAML to JSON: {}",
         problem->go_text);
  }
  auto& documents = std::get<std::vector<Json>>(result);
  if (documents.empty() || !documents[0].is_object()) return;
  auto* member = go_member(documents[0], "apiVersion");
  if (!member || !member->is_string()) return;
  auto version = member->get<std::string>();
  if (version == "v3") {
    fail(ErrorCode::invalid, "charts of apiVersion v3 are not supported");
  }
  if (!version.empty() && version != "v1" && version != "v2") {
    fail(ErrorCode::invalid, "unsupported chart version");
  }
}

std::shared_ptr<Chart> load_archive_by_version(const std::string& path,
                                               std::string_view archive,
                                               const Log& log) {
  require_archive(path, archive);
  LoadLimits limits;
  UnpackRoom room{limits.max_total, limits.max_files};
  std::vector<File> files;
  try {
    files = read_chart_archive(archive, limits, room);
  } catch (const Error& error) {
    if (error.message() == "gzip: invalid header") {
      fail(ErrorCode::invalid,
           "file '{}' does not appear to be a valid chart file (details: "
           "gzip: invalid header)",
           path);
    }
    bool is_ours = error.message().find("not allowed") != std::string::npos;
    if (is_ours) throw;
    fail(error.code(), "unable to load chart archive");
  }
  for (auto& file : files) {
    if (file.name != "Chart.yaml") continue;
    require_known_version(file.data);
    return load_chart_archive(archive, log);
  }
  fail(ErrorCode::invalid,
       "unable to detect chart version, no Chart.yaml found");
}

[[noreturn]] void fail_missing(const std::string& path) {
  fail(ErrorCode::not_found, "stat {}: no such file or directory", path);
}

}  // namespace

Log log_to(std::ostream& out) {
  return [&out](std::string_view level, std::string_view text) {
    out << "level=" << level << ' ' << text << '\n';
  };
}

std::shared_ptr<Chart> load_chart_at(const ChartPlace& place, const Log& log) {
  if (!place.archive) return load_chart_from_disk(place.path, log);
  require_archive(place.path, *place.archive);
  return load_chart_archive(*place.archive, log);
}

std::shared_ptr<Chart> load_chart_from_disk(const std::string& path,
                                            const Log& log) {
  std::error_code error;
  auto status = fs::status(path, error);
  if (fs::is_directory(status)) {
    return load_chart(*open_chart_folder(path, log), "", log);
  }
  if (!fs::exists(status)) fail_missing(path);
  std::string archive = read_file(path, kMaxFile);
  require_archive(path, archive);
  return load_chart_archive(archive, log);
}

std::shared_ptr<Chart> load_chart_by_version(const ChartPlace& place,
                                             const Log& log) {
  if (place.archive) {
    return load_archive_by_version(place.path, *place.archive, log);
  }
  std::error_code error;
  auto status = fs::status(place.path, error);
  if (!fs::exists(status)) fail_missing(place.path);
  std::string path = absolute_path(place.path);
  if (!fs::is_directory(status)) {
    return load_archive_by_version(path, read_file(path, kMaxFile), log);
  }
  std::string file = path + "/Chart.yaml";
  if (!fs::exists(file, error)) {
    fail(ErrorCode::not_found,
         "unable to detect chart at {}: open {}: no such file or directory",
         file, file);
  }
  if (fs::is_directory(file, error)) {
    fail(ErrorCode::invalid,
         "unable to detect chart at {}: read {}: is a directory", file, file);
  }
  require_known_version(read_file(file, kMaxFile));
  return load_chart_from_disk(path, log);
}

std::vector<Flag> value_flags() {
  return {{"values", 'f'},     {"set"},      {"set-string"},
          {"set-file"},        {"set-json"}, {"set-literal"}};
}

Value values_from_flags(const Flags& flags, std::istream& standard_input,
                        Web& web) {
  Value values = Value::new_map();
  for (auto& path : flags.list("values")) {
    std::string text = read_source(path, standard_input, web);
    try {
      values = merge_values(values, read_values(text));
    } catch (const Error& error) {
      throw error.in("failed to parse " + path);
    }
  }
  FileReader read = [&](const std::string& path) {
    return read_source(path, standard_input, web);
  };
  struct SetFlag {
    std::string_view flag;
    SetKind kind;
  };
  for (auto [flag, kind] : {SetFlag{"set-json", SetKind::json},
                            SetFlag{"set", SetKind::typed},
                            SetFlag{"set-string", SetKind::text},
                            SetFlag{"set-file", SetKind::file},
                            SetFlag{"set-literal", SetKind::literal}}) {
    for (auto& text : flags.all(flag)) set_values(values, kind, text, read);
  }
  return values;
}

Value values_from_flags(const Flags& flags, std::istream& standard_input) {
  Web web;
  return values_from_flags(flags, standard_input, web);
}

}  // namespace skerry::chart
