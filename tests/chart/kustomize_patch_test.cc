// Patches and their targets, in tables; tests/diff/kustomize compares whole
// kustomizations with the real tool.
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/text/yaml_node.h"
#include "kustomize/field_filter.h"
#include "kustomize/image_reference.h"
#include "kustomize/json_patch.h"
#include "kustomize/label_selector.h"
#include "kustomize/strategic_merge.h"

namespace skerry::chart::kustomize {
namespace {

YamlNode node(std::string_view text) {
  auto read = read_yaml_node(text);
  EXPECT_TRUE(std::holds_alternative<YamlNode>(read)) << text;
  return std::get<YamlNode>(std::move(read));
}

std::string failure(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

std::string merged(std::string_view target, std::string_view patch) {
  Schema schema;
  YamlNode result = node(target);
  if (!apply_strategic_merge(result, node(patch), schema)) return "deleted\n";
  return yaml_node_to_json(result).dump();
}

constexpr std::string_view kPod = "apiVersion: v1\nkind: Pod\nspec: ";

std::string merged_pods(std::string_view spec, std::string_view patch) {
  const std::string head(kPod);
  Schema schema;
  YamlNode result = node(head + std::string(spec));
  apply_strategic_merge(result, node(head + std::string(patch)), schema);
  return yaml_node_to_json(*result.find("spec")).dump();
}

TEST(StrategicMerge, MergesWhatHasNoSchemaKeyByKey) {
  const struct {
    std::string_view target, patch, result;
  } rows[] = {
      {"{a: 1}", "{b: 2}", R"({"a":1,"b":2})"},
      {"{a: {x: 1, y: 2}}", "{a: {y: null, z: 3}}", R"({"a":{"x":1,"z":3}})"},
      {"{a: [1, 2]}", "{a: [3]}", R"({"a":[3]})"},
      {"{a: {x: 1}}", "{a: {$patch: replace, y: 2}}", R"({"a":{"y":2}})"},
      {"{a: {x: 1}, b: 1}", "{a: {$patch: delete}}", R"({"b":1})"},
      {"{a: 1}", "{b: {c: null, d: {e: null}}}", R"({"a":1,"b":{"d":{}}})"},
      // A null that is written stays, one that is not written goes.
      {"{a: null, b: , c: 1}", "{c: 2}", R"({"a":null,"c":2})"},
      {"{a: \"80\"}", "{a: 8080}", R"({"a":"8080"})"},
      {"{a: 80}", "{a: \"8080\"}", R"({"a":"8080"})"},
      {"{a: 1}", "{$patch: delete}", "deleted\n"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(merged(row.target, row.patch), row.result) << row.patch;
  }
}

TEST(StrategicMerge, MergesListsByTheirKeysWithThePatchFirst) {
  const struct {
    std::string_view target, patch, result;
  } rows[] = {
      {"{containers: [{name: a, image: x}]}", "{containers: [{name: b}]}",
       R"({"containers":[{"name":"b"},{"image":"x","name":"a"}]})"},
      {"{containers: [{name: a, image: x}, {name: b}]}",
       "{containers: [{name: a, $patch: delete}]}",
       R"({"containers":[{"name":"b"}]})"},
      {"{containers: [{name: a}]}",
       "{containers: [{$patch: replace}, {name: c}]}",
       R"({"containers":[{"name":"c"}]})"},
      // A port without its protocol stands for the one with it: Kustomize's own
      // result, which forgets the protocol again.
      {"{containers: [{name: a, ports: [{containerPort: 80}]}]}",
       "{containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}]}]}",
       R"({"containers":[{"name":"a","ports":[{"containerPort":80}]}]})"},
      {"{tolerations: [{key: a}]}", "{tolerations: [{key: b}]}",
       R"({"tolerations":[{"key":"b"}]})"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(merged_pods(row.target, row.patch), row.result) << row.patch;
  }
}

TEST(StrategicMerge, RefusesWhatDoesNotFit) {
  EXPECT_EQ(failure([] { merged("{a: [1]}", "{a: {b: c}}"); }),
            "wrong node kind: expected SequenceNode but got MappingNode: node "
            "contents:\n{b: c}\n");
  EXPECT_EQ(failure([] { merged("{a: {b: c}}", "{a: {$patch: wipe}}"); }),
            "unknown patch strategy 'wipe'");
}

TEST(StrategicMerge, ChangesSharedNodesTogether) {
  YamlNode target = node("{a: x, b: x}");
  target.find("a")->twin = target.find("b")->twin = 1;
  Schema schema;
  apply_strategic_merge(target, node("{a: y}"), schema);
  EXPECT_EQ(yaml_node_to_json(target).dump(), R"({"a":"y","b":"y"})");
}

TEST(Schema, ReadsDocumentsInsteadOfTheBuiltInOne) {
  Schema schema;
  EXPECT_NE(schema.find_kind("apps/v1", "Deployment"), nullptr);
  Schema own;
  own.use(std::nullopt,
          R"({"definitions": {"T": {"properties": {"l": {"type": "array",
             "items": {}, "x-kubernetes-patch-merge-key": "id",
             "x-kubernetes-patch-strategy": "merge"}},
             "x-kubernetes-group-version-kind":
             [{"group": "g", "version": "v1", "kind": "T"}]}}})",
          true);
  EXPECT_EQ(own.find_kind("apps/v1", "Deployment"), nullptr);
  const SchemaNode* list = own.field(own.find_kind("g/v1", "T"), "l");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->merge_keys, std::vector<std::string>{"id"});
  EXPECT_EQ(own.is_namespaced("v1", "Node"), false);
  EXPECT_EQ(own.is_namespaced("v1", "Pod"), true);
  EXPECT_EQ(own.is_namespaced("g/v1", "T"), std::nullopt);
  EXPECT_EQ(failure([&] { own.use("v9", std::nullopt, true); }),
            "the specified OpenAPI version is not built in");
}

TEST(JsonPatch, AppliesOperations) {
  const struct {
    std::string_view document, patch, result;
  } rows[] = {
      {R"({"a":[1]})", R"([{"op":"add","path":"/a/-","value":2}])",
       R"({"a":[1,2]})"},
      {R"({"a":[1]})", R"([{"op":"add","path":"/a/0","value":2}])",
       R"({"a":[2,1]})"},
      {R"({"a":[1,2]})", R"([{"op":"remove","path":"/a/-1"}])", R"({"a":[1]})"},
      {R"({"a/b":1,"c~d":2})",
       R"([{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/c~0d"}])",
       "{}"},
      {R"({"a":1})", "- {op: replace, path: /b, value: [x]}",
       R"({"a":1,"b":["x"]})"},
      {R"({"a":1})", "- {op: move, from: /a, path: /b}", R"({"b":1})"},
      {R"({"a":[1]})", "- {op: copy, from: /a, path: /b}",
       R"({"a":[1],"b":[1]})"},
      {R"({"a":1})", "- {op: test, path: /a, value: 1}", R"({"a":1})"},
      {R"({"a":1})", "- {op: replace, path: \"\", value: {b: 1}}",
       R"({"b":1})"},
      {R"({"a":1})", "", R"({"a":1})"},
  };
  for (const auto& row : rows) {
    Json document = Json::parse(row.document);
    apply_json_patch(document, read_json_patch(row.patch));
    EXPECT_EQ(document.dump(), row.result) << row.patch;
  }
}

TEST(JsonPatch, SaysWhyItDoesNotApply) {
  const struct {
    std::string_view patch, message;
  } rows[] = {
      {"- {op: add, path: /x/y, value: 1}",
       "add operation does not apply: doc is missing path: \"/x/y\": missing "
       "value"},
      {"- {op: remove, path: /x}",
       "error in remove for path: '/x': Unable to remove nonexistent key: x: "
       "missing value"},
      {"- {op: add, path: /l/9, value: 1}",
       "error in add for path: '/l/9': Unable to access invalid index: 9: "
       "invalid index referenced"},
      {"- {op: add, path: /l/x, value: 1}",
       "error in add for path: '/l/x': value was not a proper array index: "
       "'x': strconv.Atoi: parsing \"x\": invalid syntax"},
      {"- {op: test, path: /l/0, value: 2}",
       "testing value /l/0 failed: test failed"},
      {"- {op: wipe, path: /l}", "Unexpected kind: wipe"},
      {"- {op: add, value: 1}",
       "add operation failed to decode path: missing value"},
      {"{op: add}",
       "json: cannot unmarshal object into Go value of type jsonpatch.Patch"},
      {"- text",
       "json: cannot unmarshal string into Go value of type "
       "jsonpatch.Operation"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(failure([&] {
                Json document = Json::parse(R"({"l":[1]})");
                apply_json_patch(document, read_json_patch(row.patch));
              }),
              row.message);
  }
}

TEST(LabelSelector, MatchesLabels) {
  const struct {
    std::string_view selector;
    bool matches;
  } rows[] = {
      {"", true},
      {"app=web", true},
      {"app==web", true},
      {"app!=web", false},
      {"app in (web, x)", true},
      {"app notin (web)", false},
      {"app", true},
      {"!app", false},
      {"!none", true},
      {"none!=x", true},
      {"n>3", true},
      {"n<3", false},
      {"app=web,n=5", true},
      {"app=web,n=6", false},
      {"empty=", true},
  };
  for (const auto& row : rows) {
    const auto labels = [](std::string_view key) -> std::optional<std::string> {
      if (key == "app") return "web";
      if (key == "n") return "5";
      if (key == "empty") return "";
      return std::nullopt;
    };
    EXPECT_EQ(LabelSelector(row.selector).matches(labels), row.matches)
        << row.selector;
  }
}

TEST(LabelSelector, RefusesWhatItCannotRead) {
  const struct {
    std::string_view selector, message;
  } rows[] = {
      {"a=b=c", "found '=', expected: ',' or 'end of string'"},
      {",", "found ',', expected: !, identifier, or 'end of string'"},
      {"a,", "found '', expected: identifier after ','"},
      {"a in b", "unable to parse requirement: found 'b' expected: '('"},
      {"a ~ b",
       "unable to parse requirement: found '~', expected: '=', '!=', '==', "
       "'in', notin'"},
      {"a>x",
       "unable to parse requirement: for 'Gt', 'Lt' operators, the value must "
       "be an integer"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(failure([&] { LabelSelector selector(row.selector); }),
              row.message);
  }
}

TEST(ImageReference, IsTakenApart) {
  const struct {
    std::string_view text;
    ImageReference parts;
  } rows[] = {
      {"nginx", {"nginx", "", ""}},
      {"nginx:1", {"nginx", "1", ""}},
      {"reg:5000/a/b", {"reg:5000/a/b", "", ""}},
      {"reg:5000/a/b:v1", {"reg:5000/a/b", "v1", ""}},
      {"a@sha256:x", {"a", "", "sha256:x"}},
      {"reg:5000/a:v1@sha256:x", {"reg:5000/a", "v1", "sha256:x"}},
  };
  for (const auto& row : rows) {
    const ImageReference parts = split_image(row.text);
    EXPECT_EQ(parts.name, row.parts.name) << row.text;
    EXPECT_EQ(parts.tag, row.parts.tag) << row.text;
    EXPECT_EQ(parts.digest, row.parts.digest) << row.text;
    EXPECT_EQ(join_image(parts), row.text);
  }
}

TEST(FieldPath, IsSplitAtSeparatorsThatAreNotEscaped) {
  using Parts = std::vector<std::string>;
  EXPECT_EQ(split_path("/a/b\\/c/d", '/'), (Parts{"a", "b/c", "d"}));
  EXPECT_EQ(split_bracketed_path("a.[name=x.y].b", '.'),
            (Parts{"a", "[name=x.y]", "b"}));
  EXPECT_EQ(split_bracketed_path("a.[x.y/z].b", '.'),
            (Parts{"a", "x.y/z", "b"}));
  EXPECT_EQ(split_bracketed_path("a.x\\.y", '.'), (Parts{"a", "x.y"}));
}

}  // namespace
}  // namespace skerry::chart::kustomize
