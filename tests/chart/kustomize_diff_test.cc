// Patches that are computed: applied to the base they give what is wished.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/error.h"
#include "kustomize/diff.h"
#include "kustomize/overlay.h"
#include "kustomize/resource_read.h"

namespace skerry::chart::kustomize {
namespace {

Resource pod(const Json& spec) {
  Resource resource;
  resource.node = yaml_node_of(Json{{"apiVersion", "v1"},
                                    {"kind", "Pod"},
                                    {"metadata", {{"name", "p"}}},
                                    {"spec", spec}});
  return resource;
}

ObjectDiff diff_pods(const char* base, const char* wished) {
  Schema schema;
  return diff_objects(pod(Json::parse(base)), pod(Json::parse(wished)), schema);
}

TEST(Diff, SaysOnlyWhatDiffers) {
  const struct {
    const char *base, *wished, *patch;
  } rows[] = {
      {R"({"a":1,"b":2})", R"({"a":1,"b":3})", R"({"b":3})"},
      {R"({"a":1,"b":2})", R"({"a":1})", R"({"b":null})"},
      {R"({"containers":[{"name":"a","image":"x"},{"name":"b"}]})",
       R"({"containers":[{"name":"a","image":"y"},{"name":"b"}]})",
       R"({"containers":[{"image":"y","name":"a"}]})"},
      {R"({"containers":[{"name":"a"},{"name":"b","image":"long enough"}]})",
       R"({"containers":[{"name":"b","image":"long enough"}]})",
       R"({"containers":[{"$patch":"delete","name":"a"}]})"},
      {R"({"other":[1],"x":[1,2]})", R"({"other":[1],"x":[2]})",
       R"({"x":[2]})"},
  };
  for (const auto& row : rows) {
    const ObjectDiff diff = diff_pods(row.base, row.wished);
    ASSERT_EQ(diff.kind, ObjectDiff::Kind::merge) << row.wished;
    EXPECT_EQ(diff.patch["spec"].dump(), row.patch) << row.wished;
  }
}

TEST(Diff, TakesAJsonPatchWhereAMergeCannotSayIt) {
  // A mapping cannot be merged into a list.
  EXPECT_EQ(diff_pods(R"({"a":[1]})", R"({"a":{"b":1}})").kind,
            ObjectDiff::Kind::json);
  EXPECT_EQ(diff_pods(R"({"a":1})", R"({"a":1})").kind, ObjectDiff::Kind::none);
}

Json random_value(std::mt19937& random, int depth) {
  const auto pick = [&](unsigned count) { return random() % count; };
  switch (pick(depth > 3 ? 4 : 7)) {
    case 0:
      return pick(5);
    case 1:
      return "text" + std::to_string(pick(4));
    case 2:
      return pick(2) == 0;
    case 3:
      return std::to_string(pick(100));
    case 4: {
      Json list = Json::array();
      for (unsigned i = pick(4); i > 0; --i) {
        list.push_back(random_value(random, depth + 1));
      }
      return list;
    }
    default: {
      Json object = Json::object();
      for (unsigned i = pick(5); i > 0; --i) {
        object[std::string(1, static_cast<char>('a' + pick(5)))] =
            random_value(random, depth + 1);
      }
      return object;
    }
  }
}

Json random_spec(std::mt19937& random) {
  Json spec = random_value(random, 1);
  if (!spec.is_object()) spec = Json::object();
  for (const char* field : {"containers", "volumes", "tolerations"}) {
    if (random() % 3 == 0) continue;
    Json list = Json::array();
    std::set<unsigned> names;
    for (unsigned i = random() % 5; i > 0; --i) names.insert(random() % 6);
    for (const unsigned name : names) {
      Json item = random_value(random, 2);
      if (!item.is_object()) item = Json::object();
      item["name"] = "n" + std::to_string(name);
      list.insert(
          list.begin() + static_cast<long>(random() % (list.size() + 1)), item);
    }
    spec[field] = list;
  }
  return spec;
}

TEST(Diff, AppliedToTheBaseGivesWhatIsWished) {
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    const Resource base = pod(random_spec(random));
    const Resource wished = pod(random_spec(random));
    Schema schema;
    // It applies what it finds and compares; it throws when that is not equal.
    EXPECT_NO_THROW(diff_objects(base, wished, schema))
        << base.to_yaml() << "---\n"
        << wished.to_yaml();
  }
}

ResourceMap objects(std::string_view text) {
  ResourceMap map;
  for (Resource& each : read_resources(text)) map.append(std::move(each));
  return map;
}

TEST(Overlay, PatchesAddsAndDeletes) {
  const ResourceMap base = objects(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}\n"
      "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n");
  const ResourceMap wished = objects(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: w}}\n"
      "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n");
  const Overlay overlay = write_overlay(base, wished, "../../base");
  EXPECT_EQ(overlay.merges, 1);
  EXPECT_EQ(overlay.added, 1);
  EXPECT_EQ(overlay.deleted, 1);
  EXPECT_EQ(overlay.files.at("kustomization.yaml"),
            "apiVersion: kustomize.config.k8s.io/v1beta1\n"
            "kind: Kustomization\n"
            "patches:\n"
            "- path: patch-configmap-a.yaml\n"
            "- path: patch-configmap-b.yaml\n"
            "resources:\n"
            "- ../../base\n"
            "- configmap-c.yaml\n");
  EXPECT_EQ(write_base(base).size(), 3u);
}

}  // namespace
}  // namespace skerry::chart::kustomize
