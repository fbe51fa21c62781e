#include "helm/dependencies.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "gotemplate/go_json.h"
#include "helm/values.h"
#include "world.h"

namespace skerry::chart {
namespace {

Files with_subcharts(const std::string& dependencies) {
  return {{"Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"
                         "dependencies:\n" + dependencies},
          {"charts/one/Chart.yaml",
           "apiVersion: v2\nname: one\nversion: 1.5.0\n"},
          {"charts/one/values.yaml",
           "a: 1\nexports: {shared: {e: 7}}\ndeep: {x: 1}\n"},
          {"charts/two/Chart.yaml",
           "apiVersion: v2\nname: two\nversion: 2.0.0\n"}};
}

std::string enabled(const std::string& dependencies,
                    const std::string& values) {
  auto chart =
      load_chart(*make_tree(with_subcharts(dependencies)), "", no_log());
  process_dependencies(*chart, read_values(values), no_log());
  std::string names;
  for (auto& sub : chart->dependencies) names += sub->name() + " ";
  return names;
}

TEST(Dependencies, FollowConditionsTagsAndAliases) {
  const std::string both =
      "- {name: one, version: 1.x.x, condition: one.enabled, tags: [t]}\n"
      "- {name: two, version: 2.0.0, tags: [t]}\n";
  EXPECT_EQ(enabled(both, ""), "one two ");
  EXPECT_EQ(enabled(both, "one: {enabled: false}"), "two ");
  EXPECT_EQ(enabled(both, "tags: {t: false}"), "");
  EXPECT_EQ(enabled(both, "tags: {t: false}\none: {enabled: true}"), "one ");
  EXPECT_EQ(enabled("- {name: one, version: ^1, alias: uno}\n"
                    "- {name: one, version: ^1, alias: eins}\n", ""),
            "two uno eins ");
}

TEST(Dependencies, ImportValues) {
  auto chart = load_chart(
      *make_tree(with_subcharts(
          "- name: one\n  version: 1.5.0\n  import-values: [shared, {child: "
          "deep, parent: here.deep}]\n")),
      "", no_log());
  process_dependencies(*chart, Value::new_map(), no_log());
  EXPECT_EQ(chart->values.find("e")->number(), 7);
  EXPECT_EQ(write_json(*chart->values.find("here")), R"({"deep":{"x":1}})");
}

TEST(Dependencies, MustBeThere) {
  auto chart = load_chart(
      *make_tree(with_subcharts("- {name: three, version: 1.0.0}\n")), "",
      no_log());
  try {
    check_dependencies(*chart);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("missing in charts/ directory: three"),
              std::string::npos);
  }
}

TEST(Dependencies, RefuseAScalarWhereAChartsValuesStand) {
  auto chart = load_chart(
      *make_tree(with_subcharts("- {name: one, version: 1.5.0}\n")), "",
      no_log());
  try {
    process_dependencies(*chart, read_values("one: text"), no_log());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "chart dependencies processing failed: type mismatch on one: "
              "%!t(string=text)");
  }
}

}  // namespace
}  // namespace skerry::chart
