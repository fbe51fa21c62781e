#include "helm/manifests.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "world.h"

namespace skerry::chart {
namespace {

TEST(Manifests, SplitsAsHelm) {
  using List = std::vector<std::string>;
  struct Case {
    const char* text;
    List documents;
  };
  for (auto& [text, documents] : std::initializer_list<Case>{
           {"", {}},
           {"a: 1", {"a: 1"}},
           {"---\na: 1\n---\nb: 2\n", {"a: 1", "b: 2"}},
           {"a: 1\n  \n---   \n\nb: 2", {"a: 1", "b: 2"}},
           {"---kind: x", {"kind: x"}},
           {"a: 1\n---\n---\nb: 2", {"a: 1", "---\nb: 2"}},
           {"a: '---'\nb: x---y", {"a: '---'\nb: x---y"}},
           {"# only\n---\n", {"# only"}}}) {
    EXPECT_EQ(split_manifests(text), documents) << text;
  }
}

TEST(Manifests, SortsByKindAndSetsHooksApart) {
  std::map<std::string, std::string> files = {
      {"a/templates/z.yaml", "kind: Namespace"},
      {"a/templates/b.yaml", "kind: Zebra\n---\nkind: Deployment"},
      {"a/templates/c.yaml",
       "kind: Job\nmetadata:\n  name: j\n  annotations:\n"
       "    helm.sh/hook: pre-install, TEST\n    helm.sh/hook-weight: \"-5\"\n"
       "    helm.sh/hook-delete-policy: hook-succeeded"},
      {"a/templates/d.yaml", "kind: Ant"},
      {"a/templates/_p.tpl", "not: looked at"},
      {"a/templates/e.yaml",
       "metadata:\n  annotations:\n    helm.sh/hook: nonsense"}};
  std::string logged;
  auto sorted = sort_manifests(
      files, [&](std::string_view level, std::string_view text) {
        logged += std::string(level) + " " + std::string(text);
      });
  std::string kinds;
  for (auto& manifest : sorted.manifests) kinds += manifest.kind + " ";
  EXPECT_EQ(kinds, "Namespace Deployment Ant Zebra ");
  ASSERT_EQ(sorted.hooks.size(), 1u);
  EXPECT_EQ(sorted.hooks[0].weight, -5);
  EXPECT_TRUE(sorted.hooks[0].is_test());
  EXPECT_EQ(sorted.hooks[0].delete_policies,
            std::vector<std::string>{"hook-succeeded"});
  EXPECT_EQ(logged, "INFO msg=\"skipping unknown hooks\" hookTypes=nonsense");
}

TEST(Manifests, RefusesWhatIsNoObject) {
  auto error = [](const std::string& text) -> std::string {
    try {
      sort_manifests({{"a/templates/x.yaml", text}}, no_log());
      return "";
    } catch (const Error& e) {
      return e.message();
    }
  };
  EXPECT_EQ(error("- 1"),
            "YAML parse error on a/templates/x.yaml: error unmarshaling JSON: "
            "while decoding JSON: json: cannot unmarshal array into Go value "
            "of type util.SimpleHead");
  EXPECT_EQ(error("a: b: c"),
            "YAML parse error on a/templates/x.yaml: error converting YAML to "
            "JSON: yaml: mapping values are not allowed in this context");
  EXPECT_EQ(error("kind: X\nmetadata:\n  name: 5\n  annotations: {a: true}"),
            "");
}

}  // namespace
}  // namespace skerry::chart
