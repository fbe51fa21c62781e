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

}  // namespace
}  // namespace skerry::chart
