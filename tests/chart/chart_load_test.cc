#include <gtest/gtest.h>

#include "core/error.h"
#include "helm/chart.h"
#include "helm/glob.h"
#include "helm/ignore.h"
#include "world.h"

namespace skerry::chart {
namespace {

std::string load_error(const Files& files) {
  try {
    load_chart(*make_tree(files), "", no_log());
    return "";
  } catch (const Error& error) {
    return error.message();
  }
}

TEST(ChartLoad, SortsTheFiles) {
  auto chart = load_chart(
      *make_tree(chart_files({{"values.yaml", "\xEF\xBB\xBF" "a: 1\n"},
                              {"templates/x.yaml", "x"},
                              {"templates/.hidden", "x"},
                              {"crds/c.yaml", "kind: X"},
                              {"README.md", "r"},
                              {".helmignore", "*.bak\n"},
                              {"old.bak", "x"},
                              {"charts/_off/Chart.yaml", "x"},
                              {"charts/sub/Chart.yaml",
                               "apiVersion: v2\nname: sub\nversion: 0.1.0\n"},
                              {"charts/sub/templates/y.yaml", "y"}})),
      "", no_log());
  EXPECT_EQ(chart->templates.size(), 1u);
  EXPECT_EQ(chart->files.size(), 3u);  // .helmignore, README.md, crds
  ASSERT_EQ(chart->dependencies.size(), 1u);
  EXPECT_EQ(chart->dependencies[0]->full_path(), "app/charts/sub");
  ASSERT_EQ(chart->crds().size(), 1u);
  EXPECT_EQ(chart->crds()[0].first, "app/crds/c.yaml");
  EXPECT_EQ(chart->find_raw("old.bak"), nullptr);
}

TEST(ChartLoad, TypesChartYamlAsHelm) {
  auto chart = load_chart(
      *make_tree({{"Chart.yaml",
                   "apiVersion: v2\nName: app\nversion: 1.2.3\n"
                   "appVersion: 1.10\nannotations: {a: true, b: 5}\n"}}),
      "", no_log());
  EXPECT_EQ(chart->metadata.app_version, "1.1");
  EXPECT_EQ(chart->metadata.annotations.at("a"), "true");
}

TEST(ChartLoad, RefusesWithHelmsSentences) {
  struct Case {
    Files files;
    const char* error;
  };
  for (auto& [files, error] : std::initializer_list<Case>{
           {{{"values.yaml", ""}}, "Chart.yaml file is missing"},
           {{{"Chart.yaml", "apiVersion: v2\nversion: 1.0.0\n"}},
            "validation: chart.metadata.name is required"},
           {{{"Chart.yaml", "apiVersion: v2\nname: a/b\nversion: 1.0.0\n"}},
            "validation: chart.metadata.name \"a/b\" is invalid"},
           {{{"Chart.yaml", "apiVersion: v2\nname: a\nversion: x\n"}},
            "validation: chart.metadata.version \"x\" is invalid"},
           {{{"Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n"},
             {"values.yaml", "- 1"}},
            "cannot load values.yaml: cannot unmarshal yaml document: error "
            "unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
            "array into Go value of type map[string]interface {}"},
           {{{"Chart.yaml", "a: b: c"}},
            "cannot load Chart.yaml: error converting YAML to JSON: yaml: "
            "mapping values are not allowed in this context"}}) {
    EXPECT_EQ(load_error(files), error);
  }
}

TEST(ChartLoad, RefusesLinksThatLeaveTheTree) {
  auto tree = make_memory_tree(
      {{"Chart.yaml", {"apiVersion: v2\nname: a\nversion: 1.0.0\n"}},
       {"templates/x.yaml", {"../../etc/passwd", EntryKind::symlink}}});
  EXPECT_THROW(load_chart(*tree, "", no_log()), Error);
}

TEST(ChartLoad, FollowsLinksInsideTheTree) {
  auto tree = make_memory_tree(
      {{"app/Chart.yaml", {"apiVersion: v2\nname: a\nversion: 1.0.0\n"}},
       {"app/templates/x.yaml", {"../../shared/x.yaml", EntryKind::symlink}},
       {"shared/x.yaml", {"kind: X"}}});
  auto chart = load_chart(*tree, "app", no_log());
  ASSERT_EQ(chart->templates.size(), 1u);
  EXPECT_EQ(chart->templates[0].data, "kind: X");
}

TEST(ChartLoad, BoundsSizes) {
  LoadLimits limits;
  limits.max_files = 3;
  auto tree = make_tree(chart_files({{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  EXPECT_THROW(load_chart(*tree, "", no_log(), limits), Error);
  EXPECT_THROW(load_chart_archive("not an archive", no_log()), Error);
}

TEST(IgnoreRules, MatchAsHelm) {
  IgnoreRules rules("# c\n*.bak\n/root.txt\ndir/\nfoo/*.txt\n");
  EXPECT_TRUE(rules.ignores("a/b.bak", false));
  EXPECT_TRUE(rules.ignores("root.txt", false));
  EXPECT_FALSE(rules.ignores("sub/root.txt", false));
  EXPECT_TRUE(rules.ignores("sub/dir", true));
  EXPECT_FALSE(rules.ignores("dir", false));
  EXPECT_TRUE(rules.ignores("foo/a.txt", false));
  EXPECT_FALSE(rules.ignores("foo/b/a.txt", false));
  EXPECT_TRUE(rules.ignores("templates/.x", false));
  EXPECT_TRUE(IgnoreRules("!keep\n").ignores("Chart.yaml", false));
  EXPECT_THROW(IgnoreRules("a/**\n"), Error);
}

TEST(PathMatch, MatchesAsGo) {
  struct Case {
    const char *pattern, *name;
    bool matches;
  };
  for (auto [pattern, name, matches] : std::initializer_list<Case>{
           {"abc", "abc", true},
           {"", "", true},
           {"", "a", false},
           {"*", "abc", true},
           {"*", "a/b", false},
           {"*c", "abc", true},
           {"a*", "a/b", false},
           {"a*/b", "abc/b", true},
           {"a*/b", "a/c/b", false},
           {"a*b*c*d*e*/f", "axbxcxdxexxx/f", true},
           {"a*b?c*x", "abxbbxdbxebxczzx", true},
           {"a*b?c*x", "abxbbxdbxebxczzy", false},
           {"ab[c]", "abc", true},
           {"ab[b-d]", "abc", true},
           {"ab[^b-d]", "abc", false},
           {"a[^a]b", "a\xE2\x98\xBA" "b", true},
           {"a???b", "a\xE2\x98\xBA" "b", false},
           {"[a-\xCE\xB6]*", "\xCE\xB1", true},
           {"a[^a]b", "a/b", true},
           {"a?b", "a/b", false},
           {"[\\]a]", "]", true},
           {"[\\-x]", "-", true},
           {"a\\*b", "a*b", true},
           {"[z-a]", "m", false},
           {"*x", "xxx", true}}) {
    EXPECT_EQ(path_match(pattern, name), matches) << pattern << " " << name;
  }
  for (const char* bad : {"[", "[]a]", "[x-]", "[-x]", "[^", "[a-b-c]", "a[",
                          "b[", "a\\", "[a-]", "*["}) {
    EXPECT_EQ(path_match(bad, "a"), std::nullopt) << bad;
  }
}

TEST(Glob, MatchesAsGobwas) {
  struct Case {
    const char *pattern, *name;
    bool matches;
  };
  for (auto [pattern, name, matches] : std::initializer_list<Case>{
           {"files/*", "files/a.txt", true},
           {"files/*", "files/sub/a.txt", false},
           {"files/**", "files/sub/a.txt", true},
           {"**", "a/b/c", true},
           {"files/{a,b}.*", "files/b.txt", true},
           {"files/[!a].txt", "files/b.txt", true},
           {"files/[a-c].txt", "files/d.txt", false},
           {"?.txt", "a.txt", true},
           {"a\\*", "a*", true},
           {"a.b", "axb", false}}) {
    auto glob = Glob::compile(pattern);
    ASSERT_NE(glob, nullptr) << pattern;
    EXPECT_EQ(glob->match(name), matches) << pattern << " " << name;
  }
  for (const char* bad : {"[", "{a", "[]", "a\\"}) {
    EXPECT_EQ(Glob::compile(bad), nullptr) << bad;
  }
}

}  // namespace
}  // namespace skerry::chart
