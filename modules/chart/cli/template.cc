#include <optional>
#include <ostream>

#include "chart/cli.h"
#include "cli/command.h"
#include "cli/sources.h"
#include "cli/template_output.h"
#include "cli/update.h"
#include "core/error.h"
#include "gotemplate/error.h"
#include "gotemplate/exec.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/parser.h"
#include "gotemplate/print.h"
#include "helm/dependencies.h"
#include "helm/log.h"
#include "helm/release.h"
#include "machine.h"

namespace skerry::chart {

namespace {

std::vector<Flag> template_flags() {
  std::vector<Flag> flags = value_flags();
  for (auto& flag : place_flags()) flags.push_back(flag);
  for (Flag flag : std::initializer_list<Flag>{
           {"kube-version"},
           {"api-versions", 'a'},
           {"show-only", 's'},
           {"output-dir"},
           {"dry-run", 0, true, "unset"},
           {"validate", 0, false, "", "use '--dry-run=server' instead"},
           {"include-crds", 0, false},
           {"skip-tests", 0, false},
           {"no-hooks", 0, false},
           {"is-upgrade", 0, false},
           {"release-name", 0, false},
           {"generate-name", 'g', false},
           {"name-template"},
           {"dependency-update", 0, false},
           {"skip-schema-validation", 0, false},
           {"post-renderer"},
           {"post-renderer-args"},
           {"enable-dns", 0, false},
           // Of installing, which `helm template` accepts and does not need.
           {"atomic", 0, false, "", "use --rollback-on-failure instead"},
           {"create-namespace", 0, false},
           {"description"},
           {"disable-openapi-validation", 0, false},
           {"force", 0, false, "", "use --force-replace instead"},
           {"force-conflicts", 0, false},
           {"force-replace", 0, false},
           {"hide-notes", 0, false},
           {"labels", 'l'},
           {"render-subchart-notes", 0, false},
           {"replace", 0, false},
           {"rollback-on-failure", 0, false},
           {"server-side", 0, false},
           {"skip-crds", 0, false},
           {"take-ownership", 0, false},
           {"timeout"},
           {"wait", 0, true, "watcher"},
           {"wait-for-jobs", 0, false}}) {
    flags.push_back(flag);
  }
  return flags;
}

// --name-template
std::string rendered_name(const std::string& text, const Log& log) {
  const auto& functions = helm_functions();
  Environment environment = machine_environment(log);
  TemplateSet set;
  std::string name;
  for (auto& made : parse_template("name-template", text, functions)) {
    set.add(made);
  }
  run_on_deep_stack([&] {
    Execution(functions, set, environment, {})
        .execute("name-template", Value(), name);
  });
  return name;
}

class TemplateCommand {
 public:
  TemplateCommand(const Flags& flags, const CommandStreams& streams)
      : flags_(flags), streams_(streams), log_(log_to(streams.error)) {}

  void run() {
    refuse_what_is_missing();
    ReleaseOptions options = read_options();
    auto place = locate_chart(flags_.positional().back(), flags_, web_,
                              streams_.error, log_);
    Value values = values_from_flags(flags_, streams_.in, web_);
    auto chart = load_chart_by_version(place, log_);
    check_installable(*chart);
    if (chart->metadata.deprecated) {
      log_("WARN", "msg=\"this chart is deprecated\"");
    }
    chart = with_dependencies(std::move(chart), place);
    Release release = make(*chart, values, options);
    put_out(release, output_for(release, options.name), streams_.out);
  }

 private:
  void refuse_what_is_missing() {
    constexpr std::string_view kCluster = "there is no cluster to ask";
    constexpr std::string_view kPrograms = "no other programs are started";
    refuse_flags(flags_, {{"validate", kCluster},
                          {"enable-dns", "names are not looked up"},
                          {"post-renderer", kPrograms},
                          {"post-renderer-args", kPrograms}});
    std::string version = flags_.text("kube-version");
    if (!version.empty()) parse_kube_version(version);
    check_dry_run(flags_.text("dry-run", "client"));
  }

  void check_dry_run(const std::string& mode) {
    if (mode == "client") return;
    if (mode == "server") {
      fail(ErrorCode::invalid, "--dry-run=server is not supported: there is no "
           "cluster to ask");
    }
    if (mode == "unset") {
      log_("WARN", "msg=\"--dry-run is deprecated and should be replaced with "
                   "'--dry-run=client'\"");
    } else if (mode == "true" || mode == "1" || mode == "t" || mode == "T" ||
               mode == "TRUE" || mode == "True") {
      log_("WARN", fmt::format("msg=\"boolean '--dry-run={}' flag is "
                               "deprecated and must be replaced with "
                               "'--dry-run=client'\"",
                               mode));
    } else {
      bool is_bool = mode == "none" || mode == "false" || mode == "0" ||
                     mode == "f" || mode == "F" || mode == "FALSE" ||
                     mode == "False";
      fail(ErrorCode::invalid, "invalid dry-run value (\"{}\"). Must be {}",
           mode,
           is_bool ? "\"server\" or \"client\""
                   : "\"none\", \"server\", or \"client\"");
    }
  }

  std::string release_name() {
    auto& given = flags_.positional();
    if (given.size() > 2) {
      std::string rest;
      for (std::size_t i = 2; i < given.size(); ++i) {
        rest += (rest.empty() ? "" : ", ") + given[i];
      }
      fail(ErrorCode::invalid,
           "expected at most two arguments, unexpected arguments: {}", rest);
    }
    auto name_template = flags_.text("name-template");
    if (given.size() == 2) {
      for (auto flag : {"generate-name", "name-template"}) {
        if (!flags_.is_given(flag) || flags_.text(flag) == "false") continue;
        fail(ErrorCode::invalid, "cannot set --{} and also specify a name",
             flag);
      }
      return given[0];
    }
    // As Helm, which has a name before it looks at --generate-name.
    return name_template.empty() ? "release-name"
                                 : rendered_name(name_template, log_);
  }

  ReleaseOptions read_options() {
    ReleaseOptions options;
    options.name = release_name();
    options.name_space = namespace_of(flags_);
    options.is_upgrade = flags_.has("is-upgrade");
    options.include_crds = flags_.has("include-crds");
    options.skip_schema = flags_.has("skip-schema-validation");
    auto kube = flags_.text("kube-version");
    if (!kube.empty()) options.kube_version = kube;
    options.api_versions = flags_.list("api-versions");
    return options;
  }

  std::shared_ptr<Chart> with_dependencies(std::shared_ptr<Chart> chart,
                                           const ChartPlace& place) {
    if (!flags_.has("dependency-update")) {
      check_dependencies(*chart);
      return chart;
    }
    try {
      check_dependencies(*chart);
      return chart;
    } catch (const Error&) {
      update_dependencies(place.path, flags_, web_, streams_);
    }
    try {
      return load_chart_by_version(place, log_);
    } catch (const Error& error) {
      throw error.in("failed reloading chart after repo update");
    }
  }

  Release make(Chart& chart, const Value& values,
               const ReleaseOptions& options) {
    check_name(options.name);
    ReleaseProgress progress;
    try {
      return make_release(chart, values, options, machine_environment(log_), {},
                          log_, &progress);
    } catch (const Error& error) {
      if (!progress.was_rendering) throw;
      if (flags_.has("debug")) {
        streams_.out << '\n';
        throw;
      }
      throw Error(error.code(),
                  error.message() +
                      "\n\nUse --debug flag to render out invalid YAML");
    }
  }

  void check_name(const std::string& name) {
    auto problem = release_name_problem(name);
    if (problem.empty()) return;
    problem = fmt::format("release name {}: {}", quote(name), problem);
    log_("ERROR",
         "msg=\"release name check failed\" error=" + log_value(problem));
    fail(ErrorCode::invalid, "release name check failed: {}", problem);
  }

  TemplateOutput output_for(const Release& release, const std::string& name) {
    TemplateOutput output;
    output.folder = flags_.text("output-dir");
    if (flags_.has("release-name")) output.sub_folder = name;
    output.only = flags_.all("show-only");
    if (flags_.has("no-hooks")) return output;
    for (auto& hook : release.hooks) {
      if (flags_.has("skip-tests") && hook.is_test()) continue;
      output.hooks.push_back(hook);
    }
    return output;
  }

  const Flags& flags_;
  const CommandStreams& streams_;
  const Log log_;
  Web web_;
};

}  // namespace

int template_command(const Arguments& arguments,
                     const CommandStreams& streams) {
  const CommandSpec spec{"template", "template [NAME] [CHART]",
                         Count::at_least, 1, template_flags()};
  return run_command(spec, arguments, streams, [&](const Flags& flags) {
    TemplateCommand(flags, streams).run();
  });
}

}  // namespace skerry::chart
