#include "core/http/router.h"

#include "core/temp.h"

namespace skerry::http {
namespace {

using test::code_of;

Route route(std::string method, std::string pattern,
            Access access = Access::anyone) {
  return {std::move(method), std::move(pattern), access,
          [](Request&, Response&) {}, "for a test"};
}

std::string found(const Router& router, std::string_view method,
                  std::string_view path) {
  const auto target = parse_target_path(path);
  if (!target) return "bad path";
  const auto match = router.match(method, *target);
  if (match.route == nullptr) {
    std::string text = match.allowed.empty() ? "404" : "405";
    for (const std::string& one : match.allowed) text += " " + one;
    return text;
  }
  std::string text = match.route->pattern;
  for (const auto& [name, value] : match.params) {
    text += " " + name + "=" + value;
  }
  return text;
}

TEST(Router, PrefersTheMostLiteralPattern) {
  const Router router({route("GET", "/v2/"),
                       route("GET", "/v2/_catalog"),
                       route("GET", "/v2/{name+}/blobs/{digest}"),
                       route("POST", "/v2/{name+}/blobs/uploads/"),
                       route("GET", "/v2/{name+}/blobs/uploads/{id}"),
                       route("GET", "/{file+}"), route("GET", "/")});
  EXPECT_EQ(found(router, "GET", "/v2/"), "/v2/");
  EXPECT_EQ(found(router, "GET", "/v2/_catalog"), "/v2/_catalog");
  EXPECT_EQ(found(router, "GET", "/v2/a/b/c/blobs/x"),
            "/v2/{name+}/blobs/{digest} digest=x name=a/b/c");
  EXPECT_EQ(found(router, "GET", "/v2/a/blobs/uploads/7"),
            "/v2/{name+}/blobs/uploads/{id} id=7 name=a");
  // As many segments as possible are the name's.
  EXPECT_EQ(found(router, "GET", "/v2/a/blobs/b/blobs/x"),
            "/v2/{name+}/blobs/{digest} digest=x name=a/blobs/b");
  EXPECT_EQ(found(router, "GET", "/"), "/");
  EXPECT_EQ(found(router, "GET", "/assets/app.js"), "/{file+} file=assets/app.js");
}

TEST(Router, TellsAbsentFromOtherMethods) {
  const Router router({route("GET", "/a/{x}"), route("PUT", "/a/{x}"),
                       route("DELETE", "/a/b")});
  EXPECT_EQ(found(router, "PUT", "/a/b"), "/a/{x} x=b");
  EXPECT_EQ(found(router, "HEAD", "/a/b"), "/a/{x} x=b");
  EXPECT_EQ(found(router, "POST", "/a/b"), "405 DELETE GET HEAD PUT");
  EXPECT_EQ(found(router, "GET", "/a"), "404");
  EXPECT_EQ(found(router, "GET", "/a/"), "404");
  EXPECT_EQ(found(router, "GET", "/a//b"), "404");
  EXPECT_EQ(found(router, "GET", "/a/b/c"), "404");
}

TEST(Router, HasItsOwnHead) {
  const Router router({route("GET", "/a/{x}"), route("HEAD", "/a/{y}")});
  EXPECT_EQ(found(router, "HEAD", "/a/b"), "/a/{y} y=b");
  EXPECT_EQ(found(router, "GET", "/a/b"), "/a/{x} x=b");
}

TEST(Router, RefusesTablesThatNothingDecides) {
  EXPECT_EQ(code_of([] {
              Router({route("GET", "/a/{x}"), route("GET", "/a/{y}")});
            }),
            ErrorCode::conflict);
  for (const char* bad : {"a", "/a{x}", "/{}", "/{+}", "/{x", "/x}"}) {
    EXPECT_EQ(code_of([&] { Router({route("GET", bad)}); }),
              ErrorCode::internal)
        << bad;
  }
  EXPECT_EQ(code_of([] {
              Router({route("GET", "/a/{x}", Access::project_viewer)});
            }),
            ErrorCode::internal);
}

TEST(TargetPath, DecodesWithinASegment) {
  const auto path = parse_target_path("/a%20b/c%2Fd/");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->segments, (std::vector<std::string>{"a b", "c/d", ""}));
  EXPECT_EQ(path->text, "/a b/c/d/");
}

TEST(TargetPath, RefusesWhatClimbsOrCannotBeRead) {
  for (const char* bad :
       {"", "a", "/..", "/../a", "/a/../b", "/a/%2e%2e/b", "/a/.%2E", "/./a",
        "/a/.", "/%2e%2e%2fetc", "/a%2f..%2fb", "/%", "/%2", "/%zz", "/%00",
        "/a%2f%2e"}) {
    EXPECT_FALSE(parse_target_path(bad)) << bad;
  }
  for (const char* good : {"/", "/...", "/a..b", "/.a", "/..a", "/a."}) {
    EXPECT_TRUE(parse_target_path(good)) << good;
  }
}

}  // namespace
}  // namespace skerry::http
