#include "helm/lint.h"

#include <gtest/gtest.h>

#include "world.h"

namespace skerry::chart {
namespace {

std::string lint(const Files& files) {
  std::string out;
  LintOptions options;
  options.chart_path = "app";
  for (auto& message : lint_chart(*make_tree(files), Value::new_map(), options,
                                  no_log())) {
    out += message.to_string() + "\n";
  }
  return out;
}

TEST(Lint, IsContentWithAGoodChart) {
  EXPECT_EQ(lint(chart_files({{"values.yaml", "a: 1\n"},
                              {"templates/x.yaml",
                               "kind: X\nmetadata: {name: \"{{ required \"m\" "
                               ".Values.none }}x\"}\n"}})),
            "[INFO] Chart.yaml: icon is recommended\n");
}

TEST(Lint, NamesWhatIsWrong) {
  EXPECT_EQ(lint({{"Chart.yaml", "apiVersion: v1\nname: app\nversion: 1.2\n"
                                 "type: application\nicon: x\n"},
                  {"templates/x.yaml", "kind: {{ .Values.a.b }}"},
                  {"templates/y.sh", "x"}}),
            "[ERROR] Chart.yaml: version should be of type string but it's of "
            "type float64\n"
            "[ERROR] Chart.yaml: invalid icon URL 'x'\n"
            "[ERROR] Chart.yaml: chart type is not valid in apiVersion 'v1'. "
            "It is valid in apiVersion 'v2'\n"
            "[WARNING] Chart.yaml: version '1.2' is not a valid SemVerV2\n"
            "[INFO] values.yaml: file does not exist\n"
            "[ERROR] templates/: app/templates/x.yaml:1:16\n  executing "
            "\"app/templates/x.yaml\" at <.Values.a.b>:\n    nil pointer "
            "evaluating interface {}.b\n");
}

TEST(Lint, LooksAtObjectsCrdsAndSchemas) {
  auto found = lint(chart_files(
      {{"values.yaml", "a: 1\n"},
       {"values.schema.json", R"({"properties":{"a":{"type":"string"}}})"},
       {"crds/c.yaml", "kind: Foo\napiVersion: apiextensions.k8s.io/v1\n"}}));
  EXPECT_NE(found.find("[ERROR] values.yaml: - at '/a': got number, want "
                       "string\n"),
            found.npos)
      << found;
  EXPECT_NE(found.find("[ERROR] crds/c.yaml: object kind is not "
                       "'CustomResourceDefinition'\n"),
            found.npos);
  found = lint(chart_files(
      {{"templates/x.yaml", "apiVersion: batch/v1beta1\nkind: CronJob\n"
                            "metadata: {name: a}\n---\napiVersion: v1\n"
                            "kind: Service\nmetadata: {name: 1a}\n"}}));
  EXPECT_NE(found.find("[WARNING] templates/x.yaml: batch/v1beta1 CronJob is "
                       "deprecated in v1.21+, unavailable in v1.25+; use "
                       "batch/v1 CronJob\n"),
            found.npos)
      << found;
  EXPECT_NE(found.find("\"1a\": a DNS-1035 label must consist of"),
            found.npos);
}

}  // namespace
}  // namespace skerry::chart
