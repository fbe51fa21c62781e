#include "helm/lint.h"

#include "core/error.h"
#include "core/text/semver.h"
#include "core/text/yaml.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/go_json.h"
#include "gotemplate/go_yaml.h"
#include "helm/dependencies.h"
#include "helm/lint_objects.h"
#include "helm/lint_templates.h"
#include "helm/manifests.h"
#include "helm/schema.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

constexpr std::uint64_t kMaxFile = 16u << 20;

class Linter {
 public:
  Linter(const Tree& tree, const Value& values, const LintOptions& options,
         const Log& log)
      : tree_(tree), values_(values), options_(options), log_(log) {}

  std::vector<LintMessage> run() {
    lint_chart_file();
    lint_values_file();
    lint_templates();
    lint_dependencies();
    lint_crds();
    return std::move(messages_);
  }

 private:
  void say(Severity severity, std::string path, std::string text) {
    messages_.push_back({severity, std::move(path), std::move(text)});
  }
  void chart_error(std::string text) {
    say(Severity::error, "Chart.yaml", std::move(text));
  }

  void lint_chart_file() {
    Metadata metadata;
    Json document;
    auto entry = tree_.find("Chart.yaml");
    if (entry && entry->kind == EntryKind::folder) {
      chart_error("should be a file, not a directory");
      return chart_error(fmt::format(
          "unable to parse YAML\n\tread {}/Chart.yaml: is a directory",
          options_.chart_path));
    }
    try {
      document = read_document("Chart.yaml");
      read_metadata(document, metadata);
    } catch (const Error& error) {
      return chart_error("unable to parse YAML\n\t" + error.message());
    }
    if (auto unknown = unknown_member(document); !unknown.empty()) {
      say(Severity::warning, "Chart.yaml",
          fmt::format("failed to strictly parse chart metadata file\n\terror "
                      "unmarshaling JSON: while decoding JSON: json: unknown "
                      "field {}",
                      quote(unknown)));
    }
    if (!document.is_object()) document = Json::object();
    lint_identity(metadata, document);
    lint_people(metadata);
    if (metadata.icon.empty()) {
      say(Severity::info, "Chart.yaml", "icon is recommended");
    } else if (!is_request_url(metadata.icon)) {
      chart_error(fmt::format("invalid icon URL '{}'", metadata.icon));
    }
    lint_versioned_fields(metadata);
    if (!SemVer::parse(metadata.version, true)) {
      say(Severity::warning, "Chart.yaml",
          fmt::format("version '{}' is not a valid SemVerV2",
                      metadata.version));
    }
  }

  Json read_document(const std::string& file) {
    auto result = read_yaml(tree_.read(file, kMaxFile),
                            YamlRead::first_document);
    if (auto* problem = std::get_if<YamlProblem>(&result)) {
      fail(problem->code, "error converting YAML to JSON: {}",
           problem->go_text);
    }
    auto& documents = std::get<std::vector<Json>>(result);
    return documents.empty() ? Json() : std::move(documents[0]);
  }

  void lint_identity(const Metadata& metadata, const Json& document) {
    if (metadata.name.empty()) {
      chart_error("name is required");
    } else if (metadata.name.find('/') != std::string::npos) {
      chart_error(
          fmt::format("chart name {} is invalid", quote(metadata.name)));
    }
    const std::string& api = metadata.api_version;
    if (api.empty()) {
      chart_error(
          "apiVersion is required. The value must be either \"v1\" or \"v2\"");
    } else if (api != "v1" && api != "v2") {
      chart_error(fmt::format("apiVersion '{}' is not valid. The value must be "
                              "either \"v1\" or \"v2\"",
                              api));
    }
    lint_type(document, "version");
    lint_version(metadata.version);
    lint_type(document, "appVersion");
  }

  void lint_version(const std::string& text) {
    if (text.empty()) return chart_error("version is required");
    auto version = SemVer::parse(text, false);
    if (!version) {
      return chart_error(
          fmt::format("version '{}' is not a valid SemVer", text));
    }
    if (!semver_satisfies(*version, ">0.0.0-0")) {
      chart_error(fmt::format("version {} is less than or equal to 0.0.0-0",
                              text));
    }
  }

  void lint_type(const Json& document, const char* key) {
    auto member = document.find(key);
    if (member == document.end() || member->is_string()) return;
    chart_error(fmt::format("{} should be of type string but it's of type {}",
                            key, type_name(from_json(*member))));
  }

  void lint_people(const Metadata& metadata) {
    for (auto& m : metadata.maintainers) {
      if (m.name.empty()) {
        return chart_error("each maintainer requires a name");
      }
      if (!m.email.empty() && !is_email(m.email)) {
        return chart_error(fmt::format(
            "invalid email '{}' for maintainer '{}'", m.email, m.name));
      }
      if (!m.url.empty() && !is_web_address(m.url)) {
        return chart_error(fmt::format(
            "invalid url '{}' for maintainer '{}'", m.url, m.name));
      }
    }
    for (auto& source : metadata.sources) {
      if (is_request_url(source)) continue;
      return chart_error(fmt::format("invalid source URL '{}'", source));
    }
  }

  void lint_versioned_fields(const Metadata& metadata) {
    if (metadata.api_version == "v2") return;
    if (!metadata.type.empty()) {
      chart_error(fmt::format("chart type is not valid in apiVersion '{}'. It "
                              "is valid in apiVersion 'v2'",
                              metadata.api_version));
    }
    if (!metadata.dependencies.empty()) {
      chart_error(fmt::format(
          "dependencies are not valid in the Chart file with apiVersion '{}'. "
          "They are valid in apiVersion 'v2'",
          metadata.api_version));
    }
  }

  void lint_values_file() {
    if (!tree_.find("values.yaml")) {
      return say(Severity::info, "values.yaml", "file does not exist");
    }
    Value values;
    try {
      values = read_go_yaml(tree_.read("values.yaml", kMaxFile));
      if (values.is_nil()) values = Value::new_map();
      if (!values.is_map()) {
        fail(ErrorCode::invalid,
             "error unmarshaling JSON: while decoding JSON: json: cannot "
             "unmarshal {} into Go value of type common.Values",
             json_type_name(values));
      }
    } catch (const Error& error) {
      return say(Severity::error, "values.yaml",
                 "unable to parse YAML: " + error.message());
    }
    auto schema = tree_.find("values.schema.json");
    if (!schema || schema->size == 0 || options_.skip_schema) return;
    lint_schema(values);
  }

  // Only what the chart's own schema says: sub-charts are not looked at.
  void lint_schema(const Value& values) {
    Chart alone;
    alone.metadata.name = "chart";
    alone.schema = tree_.read("values.schema.json", kMaxFile);
    try {
      validate_schemas(alone, coalesce_tables(deep_copy(values_), values,
                                              false, log_),
                       log_);
    } catch (const Error& error) {
      constexpr std::string_view kIntroduction = ":\nchart:\n";
      std::size_t at = error.message().find(kIntroduction);
      say(Severity::error, "values.yaml",
          at == std::string::npos
              ? error.message()
              : error.message().substr(at + kIntroduction.size()));
    }
  }

  void lint_templates() {
    auto folder = tree_.find("templates");
    if (!folder) {
      return say(Severity::warning, "templates/", "directory does not exist");
    }
    if (folder->kind != EntryKind::folder) {
      return say(Severity::error, "templates/", "not a directory");
    }
    try {
      auto chart = load_chart(tree_, "", log_);
      check_templates(*chart, values_, options_, log_, messages_);
    } catch (const Error& error) {
      say(Severity::error, "templates/", error.message());
    }
  }

  static std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (auto& name : names) out += (out.empty() ? "" : ",") + name;
    return out;
  }

  void lint_dependencies() {
    std::shared_ptr<Chart> chart;
    try {
      chart = load_chart(tree_, "", log_);
    } catch (const Error& error) {
      return say(Severity::error, "",
                 "unable to load chart\n\t" + error.message());
    }
    std::vector<std::string> unlisted, absent;
    auto listed = [&](const std::string& name) {
      for (auto& d : chart->metadata.dependencies) {
        if (d.name == name) return true;
      }
      return false;
    };
    for (auto& sub : chart->dependencies) {
      if (!listed(sub->name())) unlisted.push_back(sub->name());
    }
    for (auto& d : chart->metadata.dependencies) {
      bool present = false;
      for (auto& sub : chart->dependencies) {
        if (sub->name() == d.name) present = true;
      }
      if (!present) absent.push_back(d.name);
    }
    if (!unlisted.empty()) {
      say(Severity::error, options_.chart_path,
          "chart metadata is missing these dependencies: " + joined(unlisted));
    }
    if (!absent.empty()) {
      say(Severity::warning, options_.chart_path,
          "chart directory is missing these dependencies: " + joined(absent));
    }
  }

  void lint_crds() {
    auto folder = tree_.find("crds");
    if (!folder) return;
    if (folder->kind != EntryKind::folder) {
      return say(Severity::error, "crds/", "not a directory");
    }
    std::shared_ptr<Chart> chart;
    try {
      chart = load_chart(tree_, "", log_);
    } catch (const Error& error) {
      return say(Severity::error, "crds/", error.message());
    }
    for (auto& [path, file] : chart->crds()) {
      if (!lint_crd(file->name, file->data)) return;
    }
  }

  // False when the rest need not be looked at.
  bool lint_crd(const std::string& name, const std::string& content) {
    for (auto& document : split_manifests(content)) {
      auto result = read_yaml(document, YamlRead::first_document);
      try {
        if (auto* problem = std::get_if<YamlProblem>(&result)) {
          fail(problem->code, "error converting YAML to JSON: {}",
               problem->go_text);
        }
        auto& documents = std::get<std::vector<Json>>(result);
        if (documents.empty() || documents[0].is_null()) continue;
        auto object = read_linted_object(documents[0]);
        if (!object.api_version.starts_with("apiextensions.k8s.io")) {
          say(Severity::error, name,
              "apiVersion is not in 'apiextensions.k8s.io'");
        }
        if (object.kind != "CustomResourceDefinition") {
          say(Severity::error, name,
              "object kind is not 'CustomResourceDefinition'");
        }
      } catch (const Error& error) {
        say(Severity::error, name, "unable to parse YAML: " + error.message());
        return false;
      }
    }
    return true;
  }

  const Tree& tree_;
  const Value& values_;
  const LintOptions& options_;
  const Log& log_;
  std::vector<LintMessage> messages_;
};

}  // namespace

std::string LintMessage::to_string() const {
  std::string_view name = severity == Severity::info      ? "INFO"
                          : severity == Severity::warning ? "WARNING"
                                                          : "ERROR";
  return fmt::format("[{}] {}: {}", name, path, text);
}

std::vector<LintMessage> lint_chart(const Tree& tree, const Value& values,
                                    const LintOptions& options,
                                    const Log& log) {
  return Linter(tree, values, options, log).run();
}

}  // namespace skerry::chart
