#include <gtest/gtest.h>

#include "chart/render.h"
#include "core/error.h"
#include "gotemplate/funcs/families.h"
#include "helm/template_cache.h"
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

TEST(Render, BuildsKustomizations) {
  auto tree = make_tree({{"d/kustomization.yaml",
                          "namePrefix: my-\nconfigMapGenerator:\n"
                          "- {name: x, literals: [a=b], options: "
                          "{disableNameSuffixHash: true}}\n"}});
  auto rendered = render(*tree, "d", {});
  EXPECT_EQ(rendered.type, SourceType::kustomize);
  ASSERT_EQ(rendered.manifests.size(), 1u);
  EXPECT_EQ(rendered.manifests[0].text,
            "apiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\nmetadata:\n"
            "  name: my-x\n");
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

TEST(Renderer, GivesWhatRenderGivesWhateverItKeeps) {
  Renderer renderer;
  auto one = make_tree(chart_files({{"templates/x.yaml", "kind: {{ .Release.Name }}"},
                                    {"templates/y.yaml", "kind: Y"}}));
  auto two = make_tree(chart_files({{"templates/x.yaml", "kind: Other"},
                                    {"templates/y.yaml", "kind: Y"}}));
  RenderOptions other;
  other.release_name = "other";
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(renderer.render(*one, "", {}).manifests[0].text,
              render(*one, "", {}).manifests[0].text);
    EXPECT_EQ(renderer.render(*one, "", other).manifests[0].text, "kind: other");
    EXPECT_EQ(renderer.render(*two, "", {}).manifests[0].text, "kind: Other");
  }
}

TEST(TemplateCache, KeepsByNameAndTextAndWithinItsBound) {
  TemplateCache cache(10);
  auto parse = [&](const char* name, const char* text) {
    return cache.parse(name, text, helm_functions());
  };
  auto first = parse("a", "1234");
  EXPECT_EQ(parse("a", "1234"), first);
  EXPECT_NE(parse("b", "1234"), first);
  EXPECT_NE(parse("a", "12345"), parse("a", "1234"));
  auto last = parse("c", "123456789");  // pushes the others out
  EXPECT_NE(parse("a", "1234"), first);
  EXPECT_NE(parse("a", "longer than all"), parse("a", "longer than all"));
  EXPECT_THROW(parse("a", "{{"), Error);
}

}  // namespace
}  // namespace skerry::chart
