#include "cli/sources.h"

#include <filesystem>
#include <istream>
#include <iterator>
#include <ostream>

#include "core/error.h"
#include "core/os/file.h"
#include "gotemplate/funcs/common.h"
#include "helm/set_values.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

constexpr std::uint64_t kMaxFile = 100u << 20;

std::string read_source(const std::string& path, std::istream& input) {
  if (trim_space(path) == "-") {
    return {std::istreambuf_iterator<char>(input), {}};
  }
  if (path.find("://") != path.npos) {
    fail(ErrorCode::invalid, "values from {}: remote files are not supported",
         path);
  }
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    fail(ErrorCode::not_found, "open {}: no such file or directory", path);
  }
  return read_file(path, kMaxFile);
}

}  // namespace

Log log_to(std::ostream& out) {
  return [&out](std::string_view level, std::string_view text) {
    out << "level=" << level << ' ' << text << '\n';
  };
}

std::shared_ptr<Chart> load_chart_from_disk(const std::string& path,
                                            const Log& log) {
  std::error_code error;
  auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) {
    return load_chart(*open_folder_tree(path), "", log);
  }
  if (std::filesystem::is_regular_file(status)) {
    return load_chart_archive(read_file(path, kMaxFile), log);
  }
  fail(ErrorCode::not_found, "path {} not found: no chart folder or archive",
       quote(path));
}

std::vector<Flag> value_flags() {
  return {{"values", 'f'},     {"set"},      {"set-string"},
          {"set-file"},        {"set-json"}, {"set-literal"}};
}

Value values_from_flags(const Flags& flags, std::istream& standard_input) {
  Value values = Value::new_map();
  for (auto& path : flags.list("values")) {
    std::string text = read_source(path, standard_input);
    try {
      values = merge_values(values, read_values(text));
    } catch (const Error& error) {
      throw error.in("failed to parse " + path);
    }
  }
  FileReader read = [&](const std::string& path) {
    return read_source(path, standard_input);
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

}  // namespace skerry::chart
