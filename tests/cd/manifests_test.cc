#include "source/manifests.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "sample.h"

namespace skerry::cd {
namespace {

std::unique_ptr<Tree> tree_of(
    const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<std::pair<std::string, MemoryFile>> all;
  for (const auto& [path, text] : files) {
    all.emplace_back(path, MemoryFile{text, EntryKind::file});
  }
  return make_memory_tree(std::move(all));
}

std::vector<std::string> names(const std::vector<Json>& objects) {
  std::vector<std::string> result;
  for (const Json& object : objects) {
    result.push_back(object["metadata"]["name"].get<std::string>());
  }
  return result;
}

using Names = std::vector<std::string>;

TEST(Directory, ChoosesFiles) {
  const auto tree = tree_of({{"deploy/a.yaml", test::config_map("a", "1")},
                             {"deploy/b.json",
                              R"({"apiVersion":"v1","kind":"ConfigMap",)"
                              R"("metadata":{"name":"b"}})"},
                             {"deploy/notes.txt", "x"},
                             {"deploy/skip.yml",
                              "# +argocd:skip-file-rendering\na: {"},
                             {"deploy/sub/c.yml", test::config_map("c", "1") +
                                                      "---\n" +
                                                      test::config_map("d", "1")},
                             {"other.yaml", "nonsense"}});
  EXPECT_EQ(names(read_directory(*tree, "deploy", {})), (Names{"a", "b"}));
  EXPECT_EQ(names(read_directory(*tree, "deploy", {.recurse = true})),
            (Names{"a", "b", "c", "d"}));
  EXPECT_EQ(names(read_directory(
                *tree, "deploy", {true, "{*.yaml,sub/*.yml}", "a.yaml"})),
            (Names{"c", "d"}));
  EXPECT_THROW(read_directory(*tree, "nowhere", {}), Error);
  EXPECT_THROW(read_directory(*tree_of({{"x.jsonnet", "{}"}}), "", {}), Error);
}

TEST(Manifests, GetNamespacesAndTracking) {
  const Application app = test::application(
      "  syncPolicy: {syncOptions: [CreateNamespace=true]}\n");
  std::vector<Json> documents = {
      test::manifest("apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n"
                     "  kind: ConfigMap\n  metadata: {name: a}\n"),
      test::manifest("apiVersion: rbac.authorization.k8s.io/v1\n"
                     "kind: ClusterRole\nmetadata: {name: r}\n"),
      Json(),
      test::manifest("apiVersion: apiextensions.k8s.io/v1\n"
                     "kind: CustomResourceDefinition\nmetadata: {name: t.x.io}\n"
                     "spec: {scope: Cluster, group: x.io, names: {kind: T}}\n"),
      test::manifest("apiVersion: x.io/v1\nkind: T\nmetadata: {name: t}\n"),
      test::manifest("apiVersion: batch/v1\nkind: Job\nmetadata:\n"
                     "  generateName: j-\n"
                     "  annotations: {argocd.argoproj.io/hook: PreSync}\n")};
  const Desired desired =
      finish_manifests(app, std::move(documents), "sha256:ABCDEF0123");
  EXPECT_EQ(names(desired.objects), (Names{"web", "a", "r", "t.x.io", "t"}));
  EXPECT_EQ(names(desired.hooks), (Names{"j-abcdef0"}));
  EXPECT_FALSE(desired.helm_hooks);
  EXPECT_EQ(desired.objects[1]["metadata"]["namespace"], "web");
  EXPECT_FALSE(desired.objects[2]["metadata"].contains("namespace"));
  EXPECT_FALSE(desired.objects[4]["metadata"].contains("namespace"));
  for (const Json& object : desired.objects) {
    EXPECT_TRUE(is_tracked_by(object, "hello"));
  }
}

TEST(Manifests, RefuseTwins) {
  const Application app = test::application();
  EXPECT_THROW(finish_manifests(app,
                                {test::manifest(test::config_map("a", "1")),
                                 test::manifest(test::config_map("a", "2"))},
                                ""),
               Error);
  EXPECT_THROW(finish_manifests(app, {Json{{"kind", "X"}}}, ""), Error);
  EXPECT_THROW(finish_manifests(app, {Json("text")}, ""), Error);
}

TEST(Substitute, KnowsTheBuildEnvironment) {
  const std::vector<std::pair<std::string, std::string>> env = {{"A", "1"}};
  EXPECT_EQ(substitute("x$A-${A}-$$A-$B.$", env), "x1-1-$A-.$");
  EXPECT_EQ(substitute("${A", env), "${A");
}

}  // namespace
}  // namespace skerry::cd
