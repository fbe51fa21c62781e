#include "helm/set_values.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "gotemplate/go_json.h"
#include "helm/values.h"

namespace skerry::chart {
namespace {

std::string set(SetKind kind, const std::string& text,
                const std::string& before = "") {
  Value values = read_values(before);
  FileReader read = [](const std::string& path) { return "<" + path + ">"; };
  try {
    set_values(values, kind, text, read);
    return write_json(values);
  } catch (const Error& error) {
    return error.message();
  }
}

TEST(SetValues, TypesValues) {
  struct Case {
    const char *text, *json;
  };
  for (auto [text, json] : std::initializer_list<Case>{
           {"x=1,y=1.5,z=0123", R"({"x":1,"y":"1.5","z":"0123"})"},
           {"x=true,y=null,z=", R"({"x":true,"y":null,"z":""})"},
           {"a.b.c=d", R"({"a":{"b":{"c":"d"}}})"},
           {"a[1]=x", R"({"a":[null,"x"]})"},
           {"a[0].b=1,a[0].c=2", R"({"a":[{"b":1,"c":2}]})"},
           {"a={1,b,}", R"({"a":[1,"b",""]})"},
           {"x=a\\,b", R"({"x":"a,b"})"},
           {"a\\.b=1", R"({"a.b":1})"},
           {"x=+5", R"({"x":5})"},
           {"a[0][1]=x", R"({"a":[[null,"x"]]})"}}) {
    EXPECT_EQ(set(SetKind::typed, text), json) << text;
  }
}

TEST(SetValues, RefusesAsHelm) {
  struct Case {
    const char *text, *error;
  };
  for (auto [text, error] : std::initializer_list<Case>{
           {"x", "failed parsing --set data: key \"x\" has no value"},
           {"x=1,,y=2",
            "failed parsing --set data: key \"\" has no value (cannot end "
            "with ,)"},
           {"x[-1]=1", "failed parsing --set data: negative -1 index not "
                       "allowed"},
           {"x[99999]=1",
            "failed parsing --set data: index of 99999 is greater than maximum "
            "supported index of 65536"},
           {"x={a", "failed parsing --set data: list must terminate with '}'"},
           {"a.b=1",
            "failed parsing --set data: unable to parse key: interface "
            "conversion: interface {} is string, not map[string]interface "
            "{}"}}) {
    EXPECT_EQ(set(SetKind::typed, text, "a: text"), error) << text;
  }
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "a.";
  EXPECT_NE(set(SetKind::typed, deep + "b=1").find("nested level"),
            std::string::npos);
  std::string brackets = "a";
  for (int i = 0; i < 5000; ++i) brackets += "[0]";
  EXPECT_NE(set(SetKind::typed, brackets + "=1").find("nested level"),
            std::string::npos);
}

TEST(SetValues, KnowsTheOtherKinds) {
  EXPECT_EQ(set(SetKind::text, "x=1"), R"({"x":"1"})");
  EXPECT_EQ(set(SetKind::file, "x=f"), R"({"x":"\u003cf\u003e"})");
  EXPECT_EQ(set(SetKind::literal, "a.x=1,b={c}\\d"),
            R"({"a":{"x":"1,b={c}\\d"}})");
  EXPECT_EQ(set(SetKind::json, "x=[1,{\"y\":2}],z=null"),
            R"({"x":[1,{"y":2}],"z":null})");
  EXPECT_EQ(set(SetKind::json, "{\"a\":{\"b\":1}}", "a: {c: 2}"),
            R"({"a":{"b":1,"c":2}})");
  EXPECT_EQ(set(SetKind::json, "x=[1"), "failed parsing --set-json data x=[1");
}

}  // namespace
}  // namespace skerry::chart
