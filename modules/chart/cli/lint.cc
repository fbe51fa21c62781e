#include <filesystem>
#include <ostream>

#include "chart/cli.h"
#include "cli/sources.h"
#include "core/error.h"
#include "core/os/file.h"
#include "helm/lint.h"

namespace skerry::chart {

namespace {

std::vector<Flag> lint_flags() {
  std::vector<Flag> flags = value_flags();
  for (Flag flag : std::initializer_list<Flag>{
           {"strict", 0, false},
           {"quiet", 0, false},
           {"skip-schema-validation", 0, false},
           {"namespace", 'n'},
           {"kube-version"}}) {
    flags.push_back(flag);
  }
  return flags;
}

std::shared_ptr<const Tree> open_chart(const std::string& path) {
  if (std::filesystem::is_directory(path)) return open_folder_tree(path);
  std::shared_ptr<const Tree> whole =
      open_archive_tree(read_file(path, 100u << 20));
  auto entries = whole->list("");
  if (entries.size() != 1) {
    fail(ErrorCode::invalid, "{} does not hold one folder", path);
  }
  return make_subtree(whole, entries[0].name);
}

// What is said of one chart, and whether it failed.
struct Verdict {
  std::string text;
  bool failed = false, has_findings = false;
};

Verdict judge(const std::string& path, const Value& values,
              const Flags& flags, const Log& log) {
  Verdict verdict;
  bool quiet = flags.has("quiet");
  verdict.text = "==> Linting " + path + "\n";
  try {
    auto tree = open_chart(path);
    if (!tree->find("Chart.yaml")) {
      fail(ErrorCode::not_found,
           "unable to check Chart.yaml file in chart: stat {}/Chart.yaml: no "
           "such file or directory",
           path);
    }
    LintOptions options;
    options.chart_path = path;
    options.name_space = flags.text("namespace", "default");
    options.skip_schema = flags.has("skip-schema-validation");
    auto kube = flags.text("kube-version");
    if (!kube.empty()) options.kube = parse_kube_version(kube);
    for (auto& message : lint_chart(*tree, values, options, log)) {
      bool serious = message.severity != Severity::info;
      if (serious) verdict.has_findings = true;
      verdict.failed = verdict.failed || message.severity == Severity::error ||
                       (serious && flags.has("strict"));
      if (serious || !quiet) verdict.text += message.to_string() + "\n";
    }
  } catch (const Error& error) {
    verdict.failed = verdict.has_findings = true;
    verdict.text += "Error " + error.message() + "\n";
  }
  verdict.text += "\n";
  return verdict;
}

void lint_all(const Flags& flags, const CommandStreams& streams) {
  Log log = log_to(streams.error);
  Value values = values_from_flags(flags, streams.in);
  std::size_t failed = 0;
  bool any_findings = false, quiet = flags.has("quiet");
  for (auto& path : flags.positional()) {
    Verdict verdict = judge(path, values, flags, log);
    if (verdict.failed) ++failed;
    any_findings = any_findings || verdict.has_findings;
    if (!quiet || verdict.has_findings) streams.out << verdict.text;
  }
  std::string summary =
      fmt::format("{} chart(s) linted, {} chart(s) failed",
                  flags.positional().size(), failed);
  if (failed > 0) throw Error(ErrorCode::invalid, summary);
  if (!quiet || any_findings) streams.out << summary << '\n';
}

}  // namespace

int lint_command(const Arguments& arguments, const CommandStreams& streams) {
  try {
    Flags flags(arguments, lint_flags());
    if (flags.positional().empty()) {
      streams.error << "Error: \"lint\" requires at least 1 argument\n";
      return 2;
    }
    try {
      lint_all(flags, streams);
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
