#include <gtest/gtest.h>

#include "chart/kustomize.h"
#include "core/error.h"
#include "kustomize/build.h"
#include "kustomize/output.h"
#include "kustomize/repo_spec.h"

namespace skerry::chart::kustomize {
namespace {

using Files = std::vector<std::pair<std::string, MemoryFile>>;

std::string build_text(Files files, std::string_view folder = "",
                       RemoteSource* remote = nullptr) {
  auto tree = make_memory_tree(std::move(files));
  NoRemoteSource none;
  std::vector<std::string> warnings;
  auto result = build(*tree, folder, {}, remote ? *remote : none, warnings);
  return print_resources(result.resources);
}

std::string build_error(Files files, std::string_view folder = "") {
  try {
    build_text(std::move(files), folder);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

constexpr const char* kConfigMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n";

TEST(Kustomize, RewritesNamesOfWhatItGenerates) {
  std::string text = build_text(
      {{"kustomization.yaml",
        {"namePrefix: a-\nresources: [pod.yaml]\nconfigMapGenerator:\n- name: "
         "c\n  literals: [k=v]\n"}},
       {"pod.yaml",
        {"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  "
         "containers:\n  - name: n\n    envFrom: [{configMapRef: {name: "
         "c}}]\n"}}});
  EXPECT_TRUE(has(text, "    - configMapRef:\n        name: a-c-bdg947hgcc\n")) << text;
  EXPECT_TRUE(has(text, "metadata:\n  name: a-c-bdg947hgcc\n")) << text;
}

TEST(Kustomize, RefusesCircles) {
  EXPECT_TRUE(has(build_error({{"a/kustomization.yaml", {"resources: [../b]"}},
                               {"b/kustomization.yaml",
                                {"resources: [../a]"}}},
                              "a"),
                  "cycle detected"));
}

TEST(Kustomize, KeepsFilesInsideTheFolder) {
  EXPECT_TRUE(has(build_error({{"a/kustomization.yaml",
                                {"resources: [../x.yaml]"}},
                               {"x.yaml", {kConfigMap}}},
                              "a"),
                  "security; file '/x.yaml' is not in or below '/a'"));
}

TEST(Kustomize, BoundsWhatAliasesMakeOfAFile) {
  std::string bomb = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
                     "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    bomb += fmt::format("a{0}: &a{0} [", i);
    for (int k = 0; k < 10; ++k) bomb += fmt::format("*a{},", i - 1);
    bomb += "]\n";
  }
  EXPECT_TRUE(has(build_error({{"kustomization.yaml", {"resources: [x.yaml]"}},
                               {"x.yaml", {bomb}}}),
                  "more than 5000000 values"));
}

TEST(Kustomize, BoundsDepth) {
  std::string deep = std::string(kConfigMap) + "data: ";
  for (int i = 0; i < 10'000; ++i) deep += "[";
  std::string error =
      build_error({{"kustomization.yaml", {"resources: [x.yaml]"}},
                   {"x.yaml", {deep}}});
  EXPECT_FALSE(error.empty());
}

TEST(Kustomize, RefusesWhatItWouldHaveToFetch) {
  EXPECT_TRUE(has(build_error({{"kustomization.yaml",
                                {"resources: [github.com/o/r//x?ref=v1]"}}}),
                  "https://github.com/o/r"));
}

class OneRepository : public RemoteSource {
 public:
  std::shared_ptr<const Tree> repository(const RepoSpec& spec) override {
    EXPECT_EQ(spec.clone_spec(), "https://github.com/o/r");
    EXPECT_EQ(spec.ref, "v1");
    return make_memory_tree({{"x/kustomization.yaml",
                              {"nameSuffix: -r\nresources: [c.yaml]"}},
                             {"x/c.yaml", {kConfigMap}}});
  }
  std::string file(const std::string& address) override {
    fail(ErrorCode::unavailable, "no {}", address);
  }
};

TEST(Kustomize, ReadsRepositoriesThatAreHandedIn) {
  OneRepository remote;
  EXPECT_TRUE(has(build_text({{"kustomization.yaml",
                               {"resources: [github.com/o/r//x?ref=v1]"}}},
                             "", &remote),
                  "name: x-r"));
}

TEST(Kustomize, TakesAnApplicationsOverrides) {
  auto tree = make_memory_tree(
      {{"kustomization.yaml",
        {"namePrefix: a-\nresources: [pod.yaml]\nimages: [{name: nginx, newTag: "
         "'1'}]\n"}},
       {"pod.yaml",
        {"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  "
         "containers: [{name: n, image: 'nginx:0'}]\n"}}});
  Json overrides = {{"namePrefix", "b-"},
                    {"namespace", "there"},
                    {"images", {"nginx=host:5000/web:2"}},
                    {"commonLabels", {{"l", "1"}}}};
  auto manifests = build_kustomization(*tree, "", overrides);
  ASSERT_EQ(manifests.size(), 1u);
  EXPECT_EQ(manifests[0]["metadata"]["name"], "b-p");
  EXPECT_EQ(manifests[0]["metadata"]["namespace"], "there");
  EXPECT_EQ(manifests[0]["metadata"]["labels"]["l"], "1");
  EXPECT_EQ(manifests[0]["spec"]["containers"][0]["image"], "host:5000/web:2");
  EXPECT_THROW(build_kustomization(*tree, "", {{"patches", Json::array()}}),
               Error);
}

TEST(RepoSpec, KnowsKustomizesForms) {
  struct Row {
    const char *text, *repository, *folder, *ref;
  };
  for (auto row :
       {Row{"https://github.com/org/repo", "https://github.com/org/repo", "",
            ""},
        Row{"github.com/org/repo/a/b?ref=v1", "https://github.com/org/repo",
            "a/b", "v1"},
        Row{"git@github.com:org/repo.git//x", "git@github.com:org/repo.git",
            "x", ""},
        Row{"https://host.example/a/b/c.git/x?version=2",
            "https://host.example/a/b/c.git", "x", "2"},
        Row{"ssh://git@host.example/a/b//c", "ssh://git@host.example/a/b", "c",
            ""},
        Row{"file:///srv/git/x.git//y", "file:///srv/git/x.git", "y", ""}}) {
    auto spec = parse_repo_spec(row.text);
    ASSERT_TRUE(spec) << row.text;
    EXPECT_EQ(spec->clone_spec(), row.repository) << row.text;
    EXPECT_EQ(spec->folder, row.folder) << row.text;
    EXPECT_EQ(spec->ref, row.ref) << row.text;
  }
  for (auto text : {"../base", "/abs", "base", "a/b/c",
                    "https://github.com/org", "github.com/o/r//../.."}) {
    EXPECT_FALSE(parse_repo_spec(text)) << text;
  }
}

}  // namespace
}  // namespace skerry::chart::kustomize
