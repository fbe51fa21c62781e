#include <gtest/gtest.h>

#include "chart/render.h"
#include "core/error.h"
#include "core/tree/memory_tree.h"
#include "world.h"

namespace skerry::chart {
namespace {

TEST(Render, DetectsByArgosRules) {
  auto type = [](const Files& files) {
    return detect_source(*make_tree(files), "d");
  };
  EXPECT_EQ(type({{"d/Chart.yaml", ""}}), SourceType::helm);
  EXPECT_EQ(type({{"d/kustomization.yml", ""}}), SourceType::kustomize);
  EXPECT_EQ(type({{"d/Kustomization", ""}}), SourceType::kustomize);
  EXPECT_EQ(type({{"d/x.yaml", ""}}), SourceType::directory);
}

TEST(Render, RefusesKustomizationsByName) {
  EXPECT_EQ(render_error({{"kustomization.yaml", "resources: []\n"}}),
            "the root folder holds a kustomization: kustomize is not supported "
            "yet");
}

TEST(Render, TakesPlainFolders) {
  Files files = {{"b.yaml", "kind: B\n---\n---\nkind: C\n"},
                 {"a.json", "{\"kind\":\"A\"}"},
                 {"notes.txt", "x"},
                 {"sub/d.yaml", "kind: D\n"}};
  EXPECT_EQ(render_text(files),
            "# a.json\nkind: A\n\n# b.yaml\nkind: B\n\n# b.yaml\nkind: C\n\n");
  RenderOptions options;
  options.recurse = true;
  EXPECT_NE(render_text(files, options).find("kind: D"), std::string::npos);
  EXPECT_EQ(render_error({{"x.yaml", "- 1\n"}}),
            "x.yaml: a document is no Kubernetes object");
}

TEST(Render, LaysValuesOverEachOther) {
  Files files = chart_files({{"values.yaml", "v: default\n"},
                             {"one.yaml", "v: one\nw: one\n"},
                             {"templates/x.yaml",
                              "v: {{ .Values.v }}\nw: {{ .Values.w }}\n"
                              "f: {{ .Values.f | quote }}"}});
  RenderOptions options;
  options.value_files = {"one.yaml"};
  options.values_object = {{"v", "object"}};
  options.parameters = {{SetParameter::Kind::typed, "w=set"},
                        {SetParameter::Kind::file, "f=values.yaml"}};
  EXPECT_EQ(render_text(files, options),
            "# app/templates/x.yaml\nv: object\nw: set\n"
            "f: \"v: default\\n\"\n");
  options.value_files = {"nope.yaml"};
  EXPECT_NE(render_error(files, options), "");
  options.ignore_missing_value_files = true;
  EXPECT_EQ(render_error(files, options), "");
  options.value_files = {"../../etc/passwd"};
  EXPECT_NE(render_error(files, options), "");
}

TEST(Render, OrdersCrdsManifestsAndHooks) {
  Files files = chart_files(
      {{"crds/c.yaml", "kind: CustomResourceDefinition\n---\nkind: Second\n"},
       {"templates/a.yaml",
        "kind: Job\nmetadata: {annotations: {helm.sh/hook: test}}\n"},
       {"templates/b.yaml", "kind: Service\n"},
       {"templates/NOTES.txt", "Hello {{ .Release.Name }}"}});
  RenderOptions options;
  options.include_crds = true;
  auto rendered = render(*make_tree(files), "", options);
  ASSERT_EQ(rendered.manifests.size(), 4u);
  EXPECT_TRUE(rendered.manifests[0].is_crd);
  EXPECT_EQ(rendered.manifests[2].text, "kind: Service");
  EXPECT_TRUE(rendered.manifests[3].is_hook);
  EXPECT_EQ(rendered.notes, "Hello release-name");
  options.skip_tests = true;
  EXPECT_EQ(render(*make_tree(files), "", options).manifests.size(), 3u);
}

TEST(Render, ChecksSchemas) {
  Files files = chart_files(
      {{"values.schema.json",
        R"({"properties":{"x":{"type":"integer"}},"required":["x"]})"},
       {"values.yaml", "x: 5\n"},
       {"templates/x.yaml", "kind: X"}});
  EXPECT_EQ(render_error(files), "");
  RenderOptions options;
  options.values = "x: text\n";
  EXPECT_NE(render_error(files, options).find("- at '/x'"), std::string::npos);
  options.skip_schema = true;
  EXPECT_EQ(render_error(files, options), "");
}

std::unique_ptr<Tree> addressed_tree(const std::string& id) {
  return make_memory_tree_with_id(
      id, {{"Chart.yaml", {"apiVersion: v2\nname: app\nversion: 1.2.3\n"}},
           {"templates/x.yaml", {"kind: X"}}});
}

TEST(RenderCache, KeepsResultsOfTreesWithAnId) {
  RenderCache cache;
  auto first = cache.render(*addressed_tree("git:1"), "", {});
  EXPECT_EQ(cache.render(*addressed_tree("git:1"), "", {}), first);
  EXPECT_NE(cache.render(*addressed_tree("git:2"), "", {}), first);
  RenderOptions other;
  other.release_name = "other";
  EXPECT_NE(cache.render(*addressed_tree("git:1"), "", other), first);
}

TEST(RenderCache, KeepsNothingOfTreesWithoutAnId) {
  RenderCache cache;
  auto tree = make_tree(chart_files({{"templates/x.yaml", "kind: X"}}));
  auto first = cache.render(*tree, "", {});
  EXPECT_NE(cache.render(*tree, "", {}), first);
}

}  // namespace
}  // namespace skerry::chart
