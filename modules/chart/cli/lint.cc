#include <algorithm>
#include <filesystem>
#include <ostream>

#include "chart/cli.h"
#include "cli/command.h"
#include "cli/folder.h"
#include "cli/sources.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/text/yaml.h"
#include "gotemplate/print.h"
#include "helm/archive.h"
#include "helm/lint.h"

namespace skerry::chart {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxArchive = 100u << 20;

std::vector<Flag> lint_flags() {
  std::vector<Flag> flags = value_flags();
  for (Flag flag : std::initializer_list<Flag>{
           {"strict", 0, false},
           {"quiet", 0, false},
           {"with-subcharts", 0, false},
           {"skip-schema-validation", 0, false},
           {"kube-version"}}) {
    flags.push_back(flag);
  }
  return flags;
}

bool is_archive(const std::string& path) {
  return path.ends_with(".tgz") || path.ends_with(".tar.gz");
}

std::string name_in(const std::vector<File>& files) {
  std::string name;
  for (auto& file : files) {
    if (file.name != "Chart.yaml") continue;
    Metadata metadata;
    read_metadata(parse_yaml(file.data, "Chart.yaml"), metadata);
    name = metadata.name;
  }
  if (name.empty()) fail(ErrorCode::invalid, "chart name not specified");
  if (name == "." || name == "..") {
    fail(ErrorCode::invalid, "chart name {} is not allowed", quote(name));
  }
  if (name.find('/') != name.npos) {
    fail(ErrorCode::invalid, "chart name {} must not contain path separators",
         quote(name));
  }
  return name;
}

// The chart's files as a folder; `place` becomes what messages call it.
std::shared_ptr<const Tree> open_chart(const std::string& path,
                                       std::string& place, const Log& log) {
  if (!is_archive(path)) {
    place = absolute_path(path);
    std::string file = path + (path.ends_with('/') ? "" : "/") + "Chart.yaml";
    std::error_code error;
    if (!fs::exists(file, error)) {
      file = fs::path(file).lexically_normal().native();
      fail(ErrorCode::not_found,
           "unable to check Chart.yaml file in chart: stat {}: {}", file,
           fs::is_regular_file(path, error) ? "not a directory"
                                            : "no such file or directory");
    }
    return open_chart_folder(path, log);
  }
  std::error_code error;
  if (!fs::exists(path, error)) {
    fail(ErrorCode::not_found,
         "unable to open tarball: open {}: no such file or directory", path);
  }
  LoadLimits limits;
  UnpackRoom room{limits.max_total, limits.max_files};
  try {
    auto files = read_chart_archive(read_file(path, kMaxArchive), limits, room);
    place = name_in(files);
    std::vector<std::pair<std::string, MemoryFile>> entries;
    for (auto& file : files) entries.push_back({file.name, {file.data}});
    return make_memory_tree(std::move(entries));
  } catch (const Error& problem) {
    throw problem.in("unable to extract tarball");
  }
}

class LintCommand {
 public:
  LintCommand(const Flags& flags, const CommandStreams& streams)
      : flags_(flags), streams_(streams), log_(log_to(streams.error)) {}

  void run() {
    if (auto kube = flags_.text("kube-version"); !kube.empty()) {
      options_.kube = parse_kube_version(kube);
    }
    options_.name_space = namespace_of(flags_);
    options_.skip_schema = flags_.has("skip-schema-validation");
    auto paths = flags_.positional();
    if (flags_.has("with-subcharts")) add_subcharts(paths);
    Web web;
    values_ = values_from_flags(flags_, streams_.in, web);
    for (auto& path : paths) judge(path);
    streams_.out << text_;
    auto summary = fmt::format("{} chart(s) linted, {} chart(s) failed",
                               paths.size(), failed_);
    if (failed_ > 0) throw Error(ErrorCode::invalid, summary);
    if (!flags_.has("quiet") || has_findings_) streams_.out << summary << '\n';
  }

 private:
  static void add_subcharts(std::vector<std::string>& paths) {
    std::vector<std::string> found;
    for (auto& path : paths) {
      std::vector<std::string> files;
      std::error_code error;
      for (auto& item :
           fs::recursive_directory_iterator(fs::path(path) / "charts", error)) {
        files.push_back(item.path().lexically_normal().native());
      }
      std::sort(files.begin(), files.end());
      for (auto& file : files) {
        if (file.ends_with("/Chart.yaml")) {
          found.push_back(fs::path(file).parent_path().native());
        } else if (is_archive(file)) {
          found.push_back(file);
        }
      }
    }
    paths.insert(paths.end(), found.begin(), found.end());
  }

  void judge(const std::string& path) {
    std::vector<LintMessage> messages;
    std::string problem;
    try {
      auto tree = open_chart(path, options_.chart_path, log_);
      messages = lint_chart(*tree, values_, options_, log_);
    } catch (const Error& error) {
      problem = error.message();
    }
    Severity lowest =
        flags_.has("strict") ? Severity::warning : Severity::error;
    bool is_bad = !problem.empty(), is_serious = is_bad;
    for (auto& message : messages) {
      is_bad = is_bad || message.severity >= lowest;
      is_serious = is_serious || message.severity > Severity::info;
    }
    if (is_bad) ++failed_;
    has_findings_ = has_findings_ || is_serious;
    if (flags_.has("quiet") && !is_serious) return;
    text_ += "==> Linting " + path + "\n";
    if (!problem.empty()) text_ += "Error " + problem + "\n";
    for (auto& message : messages) {
      if (flags_.has("quiet") && message.severity == Severity::info) continue;
      text_ += message.to_string() + "\n";
    }
    text_ += "\n";
  }

  const Flags& flags_;
  const CommandStreams& streams_;
  const Log log_;
  LintOptions options_;
  Value values_;
  std::string text_;
  std::size_t failed_ = 0;
  bool has_findings_ = false;
};

}  // namespace

int lint_command(const Arguments& arguments, const CommandStreams& streams) {
  const CommandSpec spec{"lint", "lint PATH", Count::at_least, 1,
                         lint_flags()};
  return run_command(spec, arguments, streams, [&](const Flags& flags) {
    LintCommand(flags, streams).run();
  });
}

}  // namespace skerry::chart
