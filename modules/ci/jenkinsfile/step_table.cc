#include "jenkinsfile/step_table.h"

#include <algorithm>
#include <array>

#include "core/text/number.h"

namespace skerry::ci {
namespace {

using T = ArgumentType;

ArgumentRule required(std::string_view name, T type = T::text) {
  return {.name = name, .type = type, .required = true};
}
ArgumentRule optional(std::string_view name, T type = T::text) {
  return {.name = name, .type = type};
}
ArgumentRule with_default(std::string_view name, T type, Value otherwise) {
  return {.name = name, .type = type, .otherwise = std::move(otherwise)};
}
ArgumentRule flag(std::string_view name, bool otherwise) {
  return with_default(name, T::flag, otherwise);
}
// An argument of which only one value is supported (and is the default).
ArgumentRule only(std::string_view name, bool value) {
  return {.name = name,
          .type = T::flag,
          .otherwise = Value(value),
          .choices = {value ? "true" : "false"}};
}
ArgumentRule one_of(std::string_view name, std::string_view otherwise,
                    std::vector<std::string_view> choices) {
  return {.name = name,
          .type = T::text,
          .otherwise = Value(otherwise),
          .choices = std::move(choices)};
}
ArgumentRule encoding() {
  return one_of("encoding", "UTF-8", {"UTF-8", "utf-8", "UTF8", "utf8"});
}
ArgumentRule time_unit(std::string_view otherwise) {
  return one_of("unit", otherwise,
                {"NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS",
                 "MINUTES", "HOURS", "DAYS"});
}
ArgumentRule result(std::string_view name, std::string_view otherwise) {
  return one_of(name, otherwise,
                {"SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED"});
}

std::vector<StepRule> workspace_steps() {
  return {
      {.name = "sh",
       .arguments = {required("script"), flag("returnStdout", false),
                     flag("returnStatus", false), optional("label"),
                     encoding()},
       .unnamed = "script",
       .gives_value = true},
      {.name = "dir",
       .arguments = {required("path")},
       .unnamed = "path",
       .block = true},
      {.name = "readFile",
       .arguments = {required("file"), encoding()},
       .unnamed = "file",
       .gives_value = true},
      {.name = "writeFile",
       .arguments = {required("file"), required("text"), encoding()}},
      {.name = "fileExists",
       .arguments = {required("file")},
       .unnamed = "file",
       .gives_value = true},
      {.name = "deleteDir"},
      {.name = "stash",
       .arguments = {required("name"), with_default("includes", T::text, "**"),
                     with_default("excludes", T::text, ""),
                     flag("useDefaultExcludes", true),
                     flag("allowEmpty", false)},
       .unnamed = "name"},
      {.name = "unstash", .arguments = {required("name")}, .unnamed = "name"},
      {.name = "checkout",
       .arguments = {required("scm", T::scm), only("poll", false),
                     only("changelog", false)},
       .unnamed = "scm"},
      {.name = "git",
       .arguments = {required("url"), with_default("branch", T::text, "master"),
                     optional("credentialsId"), only("poll", false),
                     only("changelog", false)},
       .unnamed = "url"},
  };
}

std::vector<StepRule> result_steps() {
  return {
      {.name = "archiveArtifacts",
       .arguments = {required("artifacts"),
                     with_default("excludes", T::text, ""),
                     flag("allowEmptyArchive", false),
                     flag("onlyIfSuccessful", false),
                     flag("defaultExcludes", true),
                     flag("fingerprint", false),  // every digest is kept anyway
                     only("caseSensitive", true), only("followSymlinks", true)},
       .unnamed = "artifacts"},
      {.name = "junit",
       .arguments = {required("testResults"), flag("allowEmptyResults", false),
                     flag("skipMarkingBuildUnstable", false),
                     only("skipPublishingChecks", true)},
       .unnamed = "testResults",
       .unsupported = {"checksName", "healthScaleFactor", "keepLongStdio",
                       "keepProperties", "keepTestNames", "skipOldReports",
                       "stdioRetention", "testDataPublishers"}},
      {.name = "buildImage",
       .arguments = {required("image"),
                     with_default("dockerfile", T::text, "Dockerfile"),
                     with_default("context", T::text, "."),
                     with_default("tags", T::texts, ValueList{}),
                     with_default("buildArgs", T::map, ValueMap{}),
                     with_default("target", T::text, "")},
       .unnamed = "image"},
      {.name = "publishChart",
       .arguments = {required("path"), optional("version"),
                     optional("appVersion"), optional("image"),
                     with_default("values", T::map, ValueMap{})},
       .unnamed = "path"},
  };
}

std::vector<StepRule> flow_steps() {
  return {
      {.name = "echo",
       .arguments = {required("message")},
       .unnamed = "message",
       .needs_workspace = false},
      {.name = "error",
       .arguments = {required("message")},
       .unnamed = "message",
       .needs_workspace = false},
      {.name = "unstable",
       .arguments = {required("message")},
       .unnamed = "message",
       .needs_workspace = false},
      {.name = "sleep",
       .arguments = {required("time", T::integer), time_unit("SECONDS")},
       .unnamed = "time",
       .needs_workspace = false},
      {.name = "withEnv",
       .arguments = {required("overrides", T::texts)},
       .unnamed = "overrides",
       .block = true,
       .needs_workspace = false},
      {.name = "retry",
       .arguments = {required("count", T::integer)},
       .unnamed = "count",
       .block = true,
       .needs_workspace = false,
       .unsupported = {"conditions"}},
      {.name = "timeout",
       .arguments = {required("time", T::integer), time_unit("MINUTES"),
                     only("activity", false)},
       .unnamed = "time",
       .block = true,
       .needs_workspace = false},
      {.name = "timestamps", .block = true, .needs_workspace = false},
      {.name = "script", .block = true, .needs_workspace = false},
      {.name = "catchError",
       .arguments = {optional("message"), result("buildResult", "FAILURE"),
                     result("stageResult", "SUCCESS"),
                     flag("catchInterruptions", true)},
       .unnamed = "message",
       .block = true,
       .needs_workspace = false},
      {.name = "warnError",
       .arguments = {required("message"), flag("catchInterruptions", true)},
       .unnamed = "message",
       .block = true,
       .needs_workspace = false},
      {.name = "withCredentials",
       .arguments = {required("bindings", T::bindings)},
       .unnamed = "bindings",
       .block = true},
  };
}

std::vector<StepRule> make_steps() {
  std::vector<StepRule> steps = workspace_steps();
  for (auto& more : {result_steps(), flow_steps()}) {
    steps.insert(steps.end(), more.begin(), more.end());
  }
  return steps;
}

const std::vector<StepRule>& steps() {
  static const std::vector<StepRule> kSteps = make_steps();
  return kSteps;
}

const std::vector<StepRule>& bindings() {
  static const std::vector<StepRule> kBindings = {
      {.name = "string",
       .arguments = {required("credentialsId"), required("variable")}},
      {.name = "file",
       .arguments = {required("credentialsId"), required("variable")}},
      {.name = "usernamePassword",
       .arguments = {required("credentialsId"), required("usernameVariable"),
                     required("passwordVariable")}},
      {.name = "usernameColonPassword",
       .arguments = {required("credentialsId"), required("variable")}},
  };
  return kBindings;
}

constexpr auto kUnsupportedSteps =
    std::to_array<std::string_view>({"ansiColor",
                                     "bat",
                                     "build",
                                     "cleanWs",
                                     "container",
                                     "copyArtifacts",
                                     "cucumber",
                                     "emailext",
                                     "fileOperations",
                                     "findFiles",
                                     "httpRequest",
                                     "input",
                                     "isUnix",
                                     "jiraComment",
                                     "library",
                                     "libraryResource",
                                     "load",
                                     "lock",
                                     "mail",
                                     "milestone",
                                     "node",
                                     "nodesByLabel",
                                     "parallel",
                                     "powershell",
                                     "properties",
                                     "publishHTML",
                                     "pwd",
                                     "pwsh",
                                     "readJSON",
                                     "readMavenPom",
                                     "readProperties",
                                     "readTrusted",
                                     "readYaml",
                                     "recordCoverage",
                                     "recordIssues",
                                     "resolveScm",
                                     "slackSend",
                                     "sshagent",
                                     "step",
                                     "tee",
                                     "tool",
                                     "touch",
                                     "unarchive",
                                     "unzip",
                                     "validateDeclarativePipeline",
                                     "waitForQualityGate",
                                     "waitUntil",
                                     "withAnt",
                                     "withChecks",
                                     "withContext",
                                     "withDockerContainer",
                                     "withDockerRegistry",
                                     "withGradle",
                                     "withMaven",
                                     "withSonarQubeEnv",
                                     "wrap",
                                     "writeJSON",
                                     "writeYaml",
                                     "ws",
                                     "xunit",
                                     "zip"});

constexpr auto kUnsupportedBindings = std::to_array<std::string_view>(
    {"certificate", "dockerCert", "gitUsernamePassword", "sshUserPrivateKey",
     "token", "zip"});

const StepRule* find(const std::vector<StepRule>& rules,
                     std::string_view name) {
  for (const StepRule& rule : rules) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

std::optional<Value> as_integer(const Value& value) {
  if (value.integer()) return value;
  const std::string* text = value.text();
  if (!text) return std::nullopt;
  const auto number = parse_number<std::int64_t>(*text);
  return number ? std::optional<Value>(*number) : std::nullopt;
}

std::optional<Value> as_flag(const Value& value) {
  if (value.flag()) return value;
  if (const std::string* text = value.text()) {
    if (*text == "true") return true;
    if (*text == "false") return false;
  }
  return std::nullopt;
}

std::optional<Value> as_texts(const Value& value) {
  if (!value.list()) return std::nullopt;
  ValueList out;
  for (const Value& element : *value.list()) {
    auto text = as_type(T::text, element);
    if (!text) return std::nullopt;
    out.push_back(std::move(*text));
  }
  return out;
}

}  // namespace

std::string_view type_name(ArgumentType type) {
  switch (type) {
    case T::text:
      return "a string";
    case T::integer:
      return "an integer";
    case T::flag:
      return "true or false";
    case T::texts:
      return "a list of strings";
    case T::map:
      return "a map";
    case T::scm:
      return "'scm'";
    case T::bindings:
      return "a list of credential bindings";
  }
  return "";
}

std::optional<Value> as_type(ArgumentType type, const Value& value) {
  switch (type) {
    case T::text:
      if (value.list() || value.map()) return std::nullopt;
      return Value(to_string(value));
    case T::integer:
      return as_integer(value);
    case T::flag:
      return as_flag(value);
    case T::texts:
      return as_texts(value);
    case T::map:
      if (!value.map()) return std::nullopt;
      return value;
    case T::scm:
      return value;
    case T::bindings:
      if (!value.list()) return std::nullopt;
      return value;
  }
  return std::nullopt;
}

const StepRule* find_step(std::string_view name) { return find(steps(), name); }

const StepRule* find_binding(std::string_view kind) {
  return find(bindings(), kind);
}

std::span<const StepRule> all_steps() { return steps(); }

const ArgumentRule* find_argument(std::string_view step,
                                  std::string_view argument) {
  const StepRule* rule = find_step(step);
  if (!rule) return nullptr;
  for (const ArgumentRule& candidate : rule->arguments) {
    if (candidate.name == argument) return &candidate;
  }
  return nullptr;
}

bool is_unsupported_step(std::string_view name) {
  return std::find(kUnsupportedSteps.begin(), kUnsupportedSteps.end(), name) !=
         kUnsupportedSteps.end();
}

bool is_unsupported_binding(std::string_view kind) {
  return std::find(kUnsupportedBindings.begin(), kUnsupportedBindings.end(),
                   kind) != kUnsupportedBindings.end();
}

}  // namespace skerry::ci
