#include "helm/lint.h"

#include "core/error.h"
#include "core/text/semver.h"
#include "core/text/yaml.h"
#include "gotemplate/funcs/common.h"
#include "helm/dependencies.h"
#include "helm/lint_templates.h"
#include "helm/schema.h"
#include "helm/values.h"

namespace skerry::chart {

namespace {

constexpr std::uint64_t kMaxFile = 16u << 20;

bool is_url(std::string_view text) {
  std::size_t scheme = text.find("://");
  return scheme != text.npos && scheme > 0 && scheme + 3 < text.size() &&
         text.find_first_of(" \t") == text.npos;
}

bool is_email(std::string_view text) {
  std::size_t at = text.find('@');
  return at != text.npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of(" \t") == text.npos &&
         text.find('.', at) != text.npos && text.find('@', at + 1) == text.npos;
}

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
    try {
      document = read_document("Chart.yaml");
      read_metadata(document, metadata);
    } catch (const Error& error) {
      return chart_error("unable to parse YAML\n\t" + error.message());
    }
    if (!document.is_object()) document = Json::object();
    lint_identity(metadata, document);
    lint_people(metadata);
    if (metadata.icon.empty()) {
      say(Severity::info, "Chart.yaml", "icon is recommended");
    } else if (!is_url(metadata.icon)) {
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
    if (metadata.version.empty()) {
      chart_error("version is required");
    } else if (!SemVer::parse(metadata.version, false)) {
      chart_error(fmt::format("version '{}' is not a valid SemVer",
                              metadata.version));
    }
    lint_type(document, "appVersion");
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
    }
    for (auto& source : metadata.sources) {
      if (is_url(source)) continue;
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
    try {
      read_values(tree_.read("values.yaml", kMaxFile));
    } catch (const Error& error) {
      say(Severity::error, "values.yaml",
          "unable to parse YAML: " + error.message());
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
