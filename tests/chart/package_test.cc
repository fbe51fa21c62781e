#include "package.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "world.h"

namespace skerry::chart {
namespace {

const char* const kValues =
    "# the image\nimage:\n  repository: a/b  # where\n  tag: latest\n"
    "replicas: 1\n";

TEST(Package, SetsValuesAndKeepsComments) {
  EXPECT_EQ(set_value_in_yaml(kValues, "image.tag", "1.0"),
            "# the image\nimage:\n  repository: a/b  # where\n  tag: \"1.0\"\n"
            "replicas: 1\n");
  EXPECT_EQ(set_value_in_yaml("image: {tag: x}\n", "image.tag", "y"),
            "image:\n  tag: \"y\"\n");
  EXPECT_EQ(set_value_in_yaml("", "a.b", "c"), "a:\n  b: c\n");
}

TEST(Package, IsReproducible) {
  auto tree = make_tree(chart_files(
      {{"values.yaml", kValues}, {"templates/x.yaml", "kind: X"},
       {"templates/" + std::string(120, 'n') + ".yaml", "kind: Y"}}));
  PackageOptions options;
  options.version = "2.0.0-rc.1";
  options.values = {{"image.tag", "1.0"}};
  Package first = package_chart(*tree, "", options);
  EXPECT_EQ(first.archive, package_chart(*tree, "", options).archive);
  EXPECT_EQ(first.file_name(), "app-2.0.0-rc.1.tgz");
  auto chart = load_chart_archive(first.archive, no_log());
  EXPECT_EQ(chart->metadata.version, "2.0.0-rc.1");
  EXPECT_EQ(chart->templates.size(), 2u);
}

TEST(Package, RefusesBadVersions) {
  auto tree = make_tree(chart_files({}));
  PackageOptions options;
  options.version = "1.2";
  EXPECT_THROW(package_chart(*tree, "", options), Error);
}

}  // namespace
}  // namespace skerry::chart
