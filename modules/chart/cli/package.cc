#include "package.h"

#include <filesystem>
#include <fstream>
#include <istream>
#include <ostream>

#include "cli/command.h"
#include "cli/folder.h"
#include "cli/sources.h"
#include "cli/update.h"
#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/file.h"
#include "core/text/semver.h"
#include "gotemplate/print.h"
#include "helm/dependencies.h"
#include "provenance/sign.h"

namespace skerry::chart {

namespace {

namespace fs = std::filesystem;

std::vector<Flag> package_flags() {
  return {{"destination", 'd'},
          {"version"},
          {"app-version"},
          {"dependency-update", 'u', false},
          {"sign", 0, false},
          {"key"},
          {"keyring"},
          {"passphrase-file"},
          {"username"},
          {"password"},
          {"cert-file"},
          {"key-file"},
          {"insecure-skip-tls-verify", 0, false},
          {"plain-http", 0, false},
          {"ca-file"}};
}

class PackageCommand {
 public:
  PackageCommand(const Flags& flags, const CommandStreams& streams)
      : flags_(flags), streams_(streams), log_(log_to(streams.error)) {}

  void run() {
    access_from_flags(flags_);
    if (flags_.has("sign")) {
      if (flags_.text("key").empty()) {
        fail(ErrorCode::invalid, "--key is required for signing a package");
      }
      if (keyring_of(flags_).empty()) {
        fail(ErrorCode::invalid, "--keyring is required for signing a package");
      }
    }
    for (auto& path : flags_.positional()) package(path);
  }

 private:
  void package(const std::string& given) {
    std::error_code error;
    if (!fs::exists(given, error)) {
      fail(ErrorCode::not_found, "stat {}: no such file or directory", given);
    }
    std::string path = absolute_path(given);
    if (!fs::is_directory(path, error)) {
      fail(ErrorCode::invalid,
           "unable to detect chart at {}/Chart.yaml: open {}/Chart.yaml: not a "
           "directory",
           path, path);
    }
    if (flags_.has("dependency-update")) {
      std::ostream nowhere(nullptr);
      update_dependencies(path, flags_, web_,
                          {streams_.in, nowhere, streams_.error});
    }
    auto chart = load_chart_by_version({path}, log_);
    Package made = make(*chart);
    fs::path file = destination() / made.file_name();
    write_file_atomically(file, made.archive);
    if (flags_.has("sign")) sign(made, file.native());
    streams_.out << "Successfully packaged chart and saved it to: "
                 << file.native() << '\n';
  }

  Package make(Chart& chart) {
    PackageOptions options;
    options.version = flags_.text("version");
    options.app_version = flags_.text("app-version");
    options.needs_whole_version = false;
    auto version =
        options.version.empty() ? chart.metadata.version : options.version;
    if (!SemVer::parse(version, false)) {
      fail(ErrorCode::invalid, "invalid semantic version");
    }
    try {
      check_dependencies(chart);
    } catch (const Error& error) {
      // Here Helm does without the advice.
      std::size_t begin = error.message().find("found in Chart.yaml");
      throw Error(error.code(), error.message().substr(
                                    begin == std::string::npos ? 0 : begin));
    }
    try {
      return package_loaded_chart(chart, options);
    } catch (const Error& error) {
      throw error.in("failed to save");
    }
  }

  fs::path destination() const {
    fs::path folder = flags_.text("destination", ".");
    if (folder == ".") return fs::current_path();
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
      fail(ErrorCode::conflict, "failed to save: is not a directory: {}",
           folder.native());
    }
    fs::create_directories(folder);
    return folder.lexically_normal();
  }

  void sign(const Package& made, const std::string& file) {
    auto keys = read_keyring(keyring_of(flags_));
    auto text = sign_chart(
        choose_signer(keys, flags_.text("key")),
        [&](const std::string& name) { return passphrase(name); },
        made.archive, made.file_name(), made.metadata,
        SystemClock().now() / 1000);
    write_file_atomically(file + ".prov", text);
  }

  std::string passphrase(const std::string& name) {
    if (passphrase_) return *passphrase_;
    auto file = flags_.text("passphrase-file");
    std::string line;
    if (file.empty()) {
      fail(ErrorCode::invalid,
           "the key {} has a passphrase: give it with --passphrase-file",
           quote(name));
    }
    if (file == "-") {
      if (!std::getline(streams_.in, line)) fail(ErrorCode::invalid, "EOF");
    } else {
      std::ifstream stream(file);
      if (!stream) {
        fail(ErrorCode::not_found, "open {}: no such file or directory", file);
      }
      if (!std::getline(stream, line)) fail(ErrorCode::invalid, "EOF");
    }
    if (line.ends_with('\r')) line.pop_back();
    passphrase_ = line;
    return line;
  }

  const Flags& flags_;
  const CommandStreams& streams_;
  const Log log_;
  Web web_;
  std::optional<std::string> passphrase_;
};

}  // namespace

int package_command(const Arguments& arguments,
                    const CommandStreams& streams) {
  const CommandSpec spec{"package", "package [CHART_PATH] [...]",
                         Count::at_least, 0, package_flags()};
  return run_command(spec, arguments, streams, [&](const Flags& flags) {
    if (flags.positional().empty()) {
      fail(ErrorCode::invalid,
           "need at least one argument, the path to the chart");
    }
    PackageCommand(flags, streams).run();
  });
}

}  // namespace skerry::chart
