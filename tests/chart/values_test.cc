#include "helm/values.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "gotemplate/go_json.h"
#include "world.h"

namespace skerry::chart {
namespace {

std::string json(const Value& value) { return write_json(value); }

TEST(Values, MergesDocumentsOfAFile) {
  EXPECT_EQ(json(read_values("a: {x: 1, y1: 2}\n---\na: {x: 3}\nb: 1\n")),
            R"({"a":{"x":3,"y1":2},"b":1})");
  EXPECT_EQ(json(read_values("---\n# nothing\n---\n")), "{}");
}

TEST(Values, RefusesWhatIsNoMap) {
  try {
    read_values("- 1\n");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "cannot unmarshal yaml document: error unmarshaling JSON: while "
              "decoding JSON: json: cannot unmarshal array into Go value of "
              "type map[string]interface {}");
  }
}

std::shared_ptr<Chart> load(const Files& files) {
  return load_chart(*make_tree(files), "", no_log());
}

TEST(Values, CoalescesOverDefaults) {
  auto chart = load(chart_files(
      {{"values.yaml", "a: 1\nm: {x: 1, z: 2}\nl: [1, 2]\nd: gone\n"}}));
  EXPECT_EQ(json(coalesce_values(
                *chart, read_values("m: {x: 9, new: 1}\nl: [3]\nd: ~\ne: ~\n"),
                false, no_log())),
            R"({"a":1,"e":null,"l":[3],"m":{"new":1,"x":9,"z":2}})");
}

TEST(Values, DoesNotChangeTheChart) {
  auto chart = load(chart_files({{"values.yaml", "m: {x: 1}\n"}}));
  coalesce_values(*chart, read_values("m: {x: 2}\n"), false, no_log());
  EXPECT_EQ(json(chart->values), R"({"m":{"x":1}})");
}

TEST(Values, ReachSubchartsWithGlobals) {
  Files files = chart_files(
      {{"values.yaml", "global: {g: 1}\nsub: {a: parent}\n"},
       {"charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n"},
       {"charts/sub/values.yaml", "a: own\nb: own\nglobal: {h: 2}\n"}});
  EXPECT_EQ(json(coalesce_values(*load(files), {}, false, no_log())),
            R"({"global":{"g":1},"sub":{"a":"parent","b":"own",)"
            R"("global":{"g":1,"h":2}}})");
}

TEST(Values, FindsTablesAndScalars) {
  Value values = read_values("a: {b: {c: true}}\n");
  EXPECT_EQ(json(find_table(values, "a.b")), R"({"c":true})");
  EXPECT_TRUE(find_table(values, "a.b.c").is_nil());
  ASSERT_NE(find_scalar(values, "a.b.c"), nullptr);
  EXPECT_EQ(find_scalar(values, "a.b"), nullptr);
}

}  // namespace
}  // namespace skerry::chart
