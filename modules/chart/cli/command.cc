#include "cli/command.h"

#include <cstdlib>
#include <ostream>

#include "core/error.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2;

// Those of a cluster are there so that scripts need not change; nothing that
// these commands do asks one.
const std::vector<Flag>& common_flags() {
  static const std::vector<Flag> kFlags = {
      {"help", 'h', false},
      {"debug", 0, false},
      {"namespace", 'n'},
      {"registry-config"},
      {"repository-config"},
      {"repository-cache"},
      {"content-cache"},
      {"burst-limit"},
      {"qps"},
      {"color"},
      {"colour"},
      {"kube-apiserver"},
      {"kube-as-group"},
      {"kube-as-user"},
      {"kube-ca-file"},
      {"kube-context"},
      {"kube-insecure-skip-tls-verify", 0, false},
      {"kube-tls-server-name"},
      {"kube-token"},
      {"kubeconfig"}};
  return kFlags;
}

std::string plural(std::string_view word, std::size_t count) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

// "" or what is wrong with their number.
std::string count_problem(const CommandSpec& spec, std::size_t given) {
  std::string_view how;
  if (spec.count == Count::at_least && given < spec.arguments) {
    how = "requires at least";
  } else if (spec.count == Count::exactly && given != spec.arguments) {
    how = "requires";
  } else if (spec.count == Count::at_most && given > spec.arguments) {
    how = "accepts at most";
  } else {
    return "";
  }
  return fmt::format("{} {} {}\n\nUsage:  skerry {} [flags]",
                     quote(fmt::format("skerry {}", spec.path)), how,
                     plural("argument", spec.arguments), spec.use);
}

void print_help(const CommandSpec& spec, std::ostream& out) {
  out << "Usage:\n  skerry " << spec.use << " [flags]\n\nFlags:\n";
  for (auto& flag : spec.flags) {
    out << (flag.letter ? fmt::format("  -{}, --{}", flag.letter, flag.name)
                        : fmt::format("      --{}", flag.name))
        << (flag.takes_value ? " VALUE\n" : "\n");
  }
  out << "\nThey mean what Helm's mean; docs/guide.md says more.\n";
}

int fail_usage(const std::string& text, std::ostream& out) {
  out << "Error: " << text << '\n';
  return kWrongUsage;
}

}  // namespace

int run_command(const CommandSpec& spec, const Arguments& arguments,
                const CommandStreams& streams, const CommandBody& body) {
  std::optional<Flags> flags;
  try {
    auto known = spec.flags;
    for (auto& flag : common_flags()) known.push_back(flag);
    flags.emplace(arguments, known);
  } catch (const Error& error) {
    return fail_usage(error.message(), streams.error);
  }
  for (auto& warning : flags->warnings()) streams.error << warning << '\n';
  if (flags->has("help")) {
    print_help(spec, streams.out);
    return kDone;
  }
  auto problem = count_problem(spec, flags->positional().size());
  if (!problem.empty()) return fail_usage(problem, streams.error);
  try {
    body(*flags);
    return kDone;
  } catch (const Error& error) {
    streams.out.flush();
    streams.error << "Error: " << error.message() << '\n';
    return kFailed;
  }
}

int run_group(std::string_view path, const std::vector<SubCommand>& commands,
              const Arguments& arguments, const CommandStreams& streams) {
  std::string names;
  for (auto& command : commands) {
    if (!arguments.empty() && arguments[0] == command.name) {
      return command.run({arguments.begin() + 1, arguments.end()}, streams);
    }
    names += (names.empty() ? "" : "|") + std::string(command.name);
  }
  bool asks = arguments.empty() || arguments[0] == "--help" ||
              arguments[0] == "-h";
  if (asks) {
    streams.out << "Usage:\n  skerry " << path << " {" << names << "}\n";
    return arguments.empty() ? kWrongUsage : kDone;
  }
  return fail_usage(
      fmt::format("unknown command {} for {}: there are {}",
                  quote(arguments[0]), quote(fmt::format("skerry {}", path)),
                  names),
      streams.error);
}

void refuse_flags(const Flags& flags,
                  const std::vector<RefusedFlag>& refused) {
  for (auto& [name, why] : refused) {
    if (!flags.is_given(name) || flags.text(name) == "false") continue;
    fail(ErrorCode::invalid, "--{} is not supported: {}", name, why);
  }
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string helm_config_file(const std::string& name) {
  if (auto home = environment("HELM_CONFIG_HOME"); !home.empty()) {
    return home + "/" + name;
  }
  if (auto home = environment("XDG_CONFIG_HOME"); !home.empty()) {
    return home + "/helm/" + name;
  }
  auto home = environment("HOME");
  return home.empty() ? "" : home + "/.config/helm/" + name;
}

std::string namespace_of(const Flags& flags) {
  auto given = flags.text("namespace", environment("HELM_NAMESPACE"));
  return given.empty() ? "default" : given;
}

ChartCommand find_chart_command(std::string_view name) {
  struct Row {
    std::string_view name;
    ChartCommand command;
  };
  for (auto [known, command] : std::initializer_list<Row>{
           {"template", template_command},
           {"lint", lint_command},
           {"package", package_command},
           {"show", show_command},
           {"dependency", dependency_command},
           {"dep", dependency_command},
           {"verify", verify_command},
           {"create", create_command},
           {"kustomize", kustomize_command},
           {"chart", chart_command}}) {
    if (name == known) return command;
  }
  return nullptr;
}

}  // namespace skerry::chart
