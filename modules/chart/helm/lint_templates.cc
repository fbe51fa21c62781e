#include "helm/lint_templates.h"

#include <cstdlib>

#include "core/error.h"
#include "core/text/yaml.h"
#include "gotemplate/funcs/common.h"
#include "helm/dependencies.h"
#include "helm/deprecations.h"
#include "helm/engine.h"
#include "helm/lint_objects.h"
#include "helm/manifests.h"
#include "helm/schema.h"
#include "helm/values.h"
#include "machine.h"

namespace skerry::chart {

namespace {

std::string extension_of(std::string_view name) {
  std::string_view base = name.substr(name.rfind('/') + 1);
  std::size_t dot = base.rfind('.');
  return dot == base.npos ? "" : std::string(base.substr(dot));
}

// The first line with anything in it must not be indented.
std::string indented_line(std::string_view content) {
  for (auto& line : go_split(content, "\n", -1)) {
    if (trim_space(line).empty()) continue;
    return line[0] == ' ' || line[0] == '\t' ? line : "";
  }
  return "";
}

class TemplateChecks {
 public:
  TemplateChecks(const KubeVersion& kube, std::vector<LintMessage>& messages)
      : kube_(kube), messages_(messages) {}

  // False when the rest need not be looked at.
  bool check(const std::string& name, const std::string& content) {
    std::string line = indented_line(content);
    if (!line.empty()) {
      say(Severity::warning, name,
          fmt::format("document starts with an illegal indent: {}, which may "
                      "cause parsing problems",
                      quote(line)));
    }
    for (auto& document : split_manifests(content)) {
      auto result = read_yaml(document, YamlRead::first_document);
      if (auto* problem = std::get_if<YamlProblem>(&result)) {
        say(Severity::error, name,
            "unable to parse YAML: error converting YAML to JSON: " +
                problem->go_text);
        return false;
      }
      auto& documents = std::get<std::vector<Json>>(result);
      if (documents.empty() || documents[0].is_null()) continue;
      try {
        check_object(name, read_linted_object(documents[0]), content);
      } catch (const Error& error) {
        say(Severity::error, name, "unable to parse YAML: " + error.message());
        return false;
      }
    }
    return true;
  }

  void check_extension(const std::string& name) {
    std::string extension = extension_of(name);
    for (auto known : {".yaml", ".yml", ".tpl", ".txt"}) {
      if (extension == known) return;
    }
    say(Severity::error, name,
        fmt::format("file extension '{}' not valid. Valid extensions are "
                    ".yaml, .yml, .tpl, or .txt",
                    extension));
  }

 private:
  void say(Severity severity, const std::string& path, std::string text) {
    messages_.push_back({severity, path, std::move(text)});
  }

  void check_object(const std::string& file, const LintedObject& object,
                    const std::string& content) {
    if (auto problem = name_problem(object); !problem.empty()) {
      say(Severity::warning, file,
          fmt::format("object name does not conform to Kubernetes naming "
                      "requirements: {}: {}",
                      quote(object.name), problem));
    }
    auto deprecation =
        deprecation_of(object.api_version, object.kind,
                       std::atoi(kube_.major.c_str()),
                       std::atoi(kube_.minor.c_str()));
    if (!deprecation.empty()) say(Severity::warning, file, deprecation);
    check_selector(file, object, content);
    if (object.kind == "List") check_list(file, content);
  }

  void check_selector(const std::string& file, const LintedObject& object,
                      const std::string& content) {
    bool selects = object.kind == "Deployment" ||
                   object.kind == "ReplicaSet" || object.kind == "DaemonSet" ||
                   object.kind == "StatefulSet";
    if (!selects || content.find("matchLabels") != content.npos ||
        content.find("matchExpressions") != content.npos) {
      return;
    }
    say(Severity::error, file,
        fmt::format("a {} must contain matchLabels or matchExpressions, and "
                    "{} does not",
                    object.kind, quote(object.name)));
  }

  // Helm looks at the file's first document, whichever the list is.
  void check_list(const std::string& file, const std::string& content) {
    auto result = read_yaml(content, YamlRead::first_document);
    auto* documents = std::get_if<std::vector<Json>>(&result);
    if (!documents || documents->empty() || !(*documents)[0].is_object()) {
      return;
    }
    auto* items = go_member((*documents)[0], "items");
    if (!items || !items->is_array()) return;
    for (auto& item : *items) {
      const Json* at = &item;
      for (auto name : {"metadata", "annotations", "helm.sh/resource-policy"}) {
        at = at && at->is_object() ? go_member(*at, name) : nullptr;
      }
      if (!at) continue;
      return say(Severity::error, file,
                 "annotation 'helm.sh/resource-policy' within List objects are "
                 "ignored");
    }
  }

  const KubeVersion& kube_;
  std::vector<LintMessage>& messages_;
};

}  // namespace

void check_templates(Chart& chart, const Value& values,
                     const LintOptions& options, const Log& log,
                     std::vector<LintMessage>& messages) {
  process_dependencies(chart, values, log);
  RenderScope scope;
  scope.values = coalesce_values(chart, values, false, log);
  if (!options.skip_schema) validate_schemas(chart, scope.values, log);
  scope.release = Value::new_map();
  scope.release.set("Name", "test-release");
  scope.release.set("Namespace", options.name_space);
  scope.release.set("IsUpgrade", false);
  scope.release.set("IsInstall", false);
  scope.release.set("Revision", 0);
  scope.release.set("Service", "Helm");
  scope.capabilities = make_capabilities(options.kube, default_api_versions());
  Environment environment = machine_environment(log);
  environment.is_lint = true;
  auto outputs = render_templates(chart, scope, environment, {});
  TemplateChecks checks(options.kube, messages);
  for (auto& file : chart.templates) {
    checks.check_extension(file.name);
    std::string extension = extension_of(file.name);
    if (extension != ".yaml" && extension != ".yml") continue;
    auto output = outputs.find(chart.name() + "/" + file.name);
    if (output == outputs.end() || trim_space(output->second).empty()) continue;
    if (!checks.check(file.name, output->second)) return;
  }
}

}  // namespace skerry::chart
