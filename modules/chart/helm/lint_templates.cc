#include "helm/lint_templates.h"

#include "core/error.h"
#include "core/os/clock.h"
#include "core/os/random.h"
#include "core/text/yaml.h"
#include "gotemplate/funcs/common.h"
#include "helm/dependencies.h"
#include "helm/engine.h"
#include "helm/manifests.h"
#include "helm/schema.h"
#include "helm/values.h"

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

bool is_subdomain(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (plain(c)) continue;
    bool inner = i > 0 && i + 1 < name.size();
    if (!inner || (c != '-' && c != '.')) return false;
    if (c == '.' && (!plain(name[i - 1]) || !plain(name[i + 1]))) return false;
  }
  return true;
}

class TemplateChecks {
 public:
  explicit TemplateChecks(std::vector<LintMessage>& messages)
      : messages_(messages) {}

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
      if (!documents.empty() && documents[0].is_object()) {
        check_object(name, documents[0], content);
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

  void check_object(const std::string& file, const Json& object,
                    const std::string& content) {
    auto text = [](const Json& from, std::string_view key) {
      auto* member = go_member(from, key);
      return member && member->is_string() ? member->get<std::string>()
                                           : std::string();
    };
    std::string kind = text(object, "kind");
    auto* metadata = go_member(object, "metadata");
    std::string name =
        metadata && metadata->is_object() ? text(*metadata, "name") : "";
    // RBAC names may hold almost anything.
    bool is_free = kind == "Role" || kind == "ClusterRole" ||
                   kind == "RoleBinding" || kind == "ClusterRoleBinding" ||
                   kind == "CertificateSigningRequest";
    if (!is_free && !is_subdomain(name)) {
      say(Severity::warning, file,
          fmt::format("object name does not conform to Kubernetes naming "
                      "requirements: {}",
                      quote(name)));
    }
    bool selects = kind == "Deployment" || kind == "ReplicaSet" ||
                   kind == "DaemonSet" || kind == "StatefulSet";
    if (selects && content.find("matchLabels") == content.npos &&
        content.find("matchExpressions") == content.npos) {
      say(Severity::error, file,
          fmt::format("a {} must contain matchLabels or matchExpressions, and "
                      "{} does not",
                      kind, quote(name)));
    }
  }

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
  Environment environment{[] { return SystemClock().now(); }, random_bytes,
                          true, log};
  auto outputs = render_templates(chart, scope, environment, {});
  TemplateChecks checks(messages);
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
