#include <filesystem>
#include <ostream>
#include <set>

#include "chart/cli.h"
#include "cli/sources.h"
#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/file.h"
#include "core/os/random.h"
#include "gotemplate/funcs/common.h"
#include "helm/dependencies.h"
#include "helm/glob.h"
#include "helm/release.h"

namespace skerry::chart {

namespace {

std::vector<Flag> template_flags() {
  std::vector<Flag> flags = value_flags();
  for (Flag flag : std::initializer_list<Flag>{
           {"namespace", 'n'},
           {"kube-version"},
           {"api-versions", 'a'},
           {"show-only", 's'},
           {"output-dir"},
           {"dry-run"},
           {"include-crds", 0, false},
           {"skip-crds", 0, false},
           {"skip-tests", 0, false},
           {"no-hooks", 0, false},
           {"is-upgrade", 0, false},
           {"release-name", 0, false},
           {"skip-schema-validation", 0, false},
           {"disable-openapi-validation", 0, false}}) {
    flags.push_back(flag);
  }
  return flags;
}

std::string source_comment(const std::string& path, const std::string& text) {
  return "---\n# Source: " + path + "\n" + text + "\n";
}

// Files below --output-dir; documents of one template go into one file.
class OutputFolder {
 public:
  OutputFolder(std::string folder, std::ostream& out)
      : folder_(std::move(folder)), out_(out) {}

  void write(const std::string& path, const std::string& text) {
    std::string file = folder_ + "/" + path;
    std::filesystem::create_directories(
        std::filesystem::path(file).parent_path());
    std::string content = source_comment(path, text);
    if (!written_.insert(file).second) content = read_file(file) + content;
    write_file_atomically(file, content);
    out_ << "wrote " << file << '\n';
  }

 private:
  std::string folder_;
  std::ostream& out_;
  std::set<std::string> written_;
};

class TemplateCommand {
 public:
  TemplateCommand(const Arguments& arguments, const CommandStreams& streams)
      : flags_(arguments, template_flags()), streams_(streams) {}

  void run() {
    auto& given = flags_.positional();
    if (given.empty()) {
      fail(ErrorCode::invalid, "\"template\" requires at least 1 argument");
    }
    if (given.size() > 2) {
      fail(ErrorCode::invalid, "expected at most two arguments, unexpected "
           "arguments: {}", given[2]);
    }
    auto mode = flags_.text("dry-run", "client");
    if (mode != "client") {
      fail(ErrorCode::invalid, "--dry-run={} is not supported: there is no "
           "cluster to ask", mode);
    }
    ReleaseOptions options = read_options(given.size() == 2 ? given[0] : "");
    if (options.kube_version) parse_kube_version(*options.kube_version);
    Log log = log_to(streams_.error);
    Value values = values_from_flags(flags_, streams_.in);
    auto chart = load_chart_from_disk(given.back(), log);
    check_installable(*chart);
    if (chart->metadata.deprecated) {
      log("WARN", "msg=\"this chart is deprecated\"");
    }
    check_dependencies(*chart);
    Environment environment{[] { return SystemClock().now(); }, random_bytes,
                            false, log};
    print(make_release(*chart, values, options, environment, {}, log,
                       &progress_),
          options.name);
  }

  bool was_rendering() const { return progress_.was_rendering; }

 private:
  ReleaseOptions read_options(const std::string& name) {
    ReleaseOptions options;
    if (!name.empty()) options.name = name;
    options.name_space = flags_.text("namespace", "default");
    options.is_upgrade = flags_.has("is-upgrade");
    options.include_crds = flags_.has("include-crds");
    options.skip_schema = flags_.has("skip-schema-validation");
    auto kube = flags_.text("kube-version");
    if (!kube.empty()) options.kube_version = kube;
    options.api_versions = flags_.list("api-versions");
    return options;
  }

  std::vector<Hook> wanted_hooks(const Release& release) const {
    std::vector<Hook> hooks;
    if (flags_.has("no-hooks")) return hooks;
    for (auto& hook : release.hooks) {
      if (flags_.has("skip-tests") && hook.is_test()) continue;
      hooks.push_back(hook);
    }
    return hooks;
  }

  void print(const Release& release, const std::string& name) {
    std::string folder = flags_.text("output-dir");
    if (!folder.empty()) {
      if (flags_.has("release-name")) folder += "/" + name;
      OutputFolder output(folder, streams_.out);
      for (auto& crd : release.crds) output.write(crd.path, crd.content);
      for (auto& m : release.manifests) output.write(m.path, m.content);
      for (auto& hook : wanted_hooks(release)) {
        output.write(hook.manifest.path, hook.manifest.content);
      }
      streams_.out << '\n';
      return;
    }
    std::string text;
    for (auto& crd : release.crds) text += source_comment(crd.path, crd.content);
    for (auto& m : release.manifests) text += source_comment(m.path, m.content);
    text = std::string(trim_space(text)) + "\n";
    for (auto& hook : wanted_hooks(release)) {
      text += source_comment(hook.manifest.path, hook.manifest.content);
    }
    auto only = flags_.all("show-only");
    if (only.empty()) {
      streams_.out << text;
    } else {
      print_only(only, text);
    }
  }

  // "# Source: app/templates/x.yaml" -> "templates/x.yaml"
  static std::string source_of(const std::string& document) {
    constexpr std::string_view kMark = "# Source: ";
    std::size_t found = document.find(kMark);
    if (found == document.npos) return "";
    std::size_t start = found + kMark.size();
    std::size_t end = std::min(document.find('\n', start), document.size());
    std::string path = document.substr(start, end - start);
    std::size_t slash = path.find('/');
    return slash == path.npos ? "" : path.substr(slash + 1);
  }

  void print_only(const std::vector<std::string>& patterns,
                  const std::string& text) {
    auto documents = split_manifests(text);
    std::string out;
    for (auto& pattern : patterns) {
      bool missing = true;
      for (auto& document : documents) {
        std::string source = source_of(document);
        if (source.empty() || !path_match(pattern, source).value_or(false)) {
          continue;
        }
        out += "---\n" + document + "\n";
        missing = false;
      }
      if (missing) {
        progress_.was_rendering = false;
        fail(ErrorCode::not_found, "could not find template {} in chart",
             pattern);
      }
    }
    streams_.out << out;
  }

  Flags flags_;
  const CommandStreams& streams_;
  ReleaseProgress progress_;
};

}  // namespace

int template_command(const Arguments& arguments,
                     const CommandStreams& streams) {
  std::optional<TemplateCommand> command;
  try {
    command.emplace(arguments, streams);
  } catch (const Error& error) {
    streams.error << "Error: " << error.message() << '\n';
    return 2;
  }
  try {
    command->run();
    return 0;
  } catch (const Error& error) {
    streams.error << "Error: " << error.message() << '\n';
    if (command->was_rendering()) {
      streams.error << "\nUse --debug flag to render out invalid YAML\n";
    }
    return 1;
  }
}

}  // namespace skerry::chart
