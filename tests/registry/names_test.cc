#include "names.h"

#include <gtest/gtest.h>

namespace skerry::registry {
namespace {

TEST(RepositoryName, AcceptsTheGrammar) {
  for (const auto* name : {"a", "0", "hello", "a/b", "a/b/c/d", "a.b", "a_b",
                           "a__b", "a-b", "a---b", "a1/2b", "demo/x.y_z-0"}) {
    EXPECT_TRUE(is_repository_name(name)) << name;
  }
  EXPECT_TRUE(is_repository_name(std::string(255, 'a')));
}

TEST(RepositoryName, RefusesEverythingElse) {
  for (const auto* name :
       {"", "/", "a/", "/a", "a//b", "A", "aB", "a..b", "a___b", "a.-b", "-a",
        "a-", ".a", "a.", "_a", "a_", "a b", "a:b", "a@b", "a\nb", "a/../b",
        "../a", "\xc3\xa4", "a/b-", "a/-b"}) {
    EXPECT_FALSE(is_repository_name(name)) << name;
  }
  EXPECT_FALSE(is_repository_name(std::string(256, 'a')));
  EXPECT_FALSE(is_repository_name(std::string_view("a\0b", 3)));
}

TEST(Tag, AcceptsTheGrammar) {
  for (const auto* tag : {"latest", "1.0", "_x", "A", "v1.0.0-rc.1", "a_b-c.d",
                          "sha256-abc.sig"}) {
    EXPECT_TRUE(is_tag(tag)) << tag;
  }
  EXPECT_TRUE(is_tag(std::string(128, 'x')));
}

TEST(Tag, RefusesEverythingElse) {
  for (const auto* tag : {"", ".a", "-a", "a/b", "a:b", "a b", "../x", "a\n",
                          "a+b", "\xc3\xa4", "a%2fb"}) {
    EXPECT_FALSE(is_tag(tag)) << tag;
  }
  EXPECT_FALSE(is_tag(std::string(129, 'x')));
}

TEST(Reference, TellsTagsFromDigests) {
  const auto hex = std::string(64, 'a');
  EXPECT_TRUE(std::holds_alternative<Digest>(*parse_reference("sha256:" + hex)));
  EXPECT_TRUE(std::holds_alternative<Digest>(
      *parse_reference("sha512:" + hex + hex)));
  EXPECT_TRUE(std::holds_alternative<std::string>(*parse_reference("latest")));
  EXPECT_TRUE(std::holds_alternative<std::string>(*parse_reference(hex)));
  for (const auto& text :
       {"sha256:" + std::string(64, 'A'), "sha256:" + hex + "a", "md5:" + hex,
        std::string("sha256:"), std::string("a:b")}) {
    EXPECT_FALSE(parse_reference(text)) << text;
  }
}

TEST(FullName, IsSplitAtTheFirstSlash) {
  const auto name = split_name("demo/tools/hello");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->project, "demo");
  EXPECT_EQ(name->repository, "tools/hello");
  EXPECT_FALSE(split_name("single"));
  EXPECT_FALSE(split_name("Demo/x"));
  EXPECT_FALSE(split_name("demo/"));
}

TEST(ReferrersTag, IsTheDigestWithADash) {
  EXPECT_EQ(referrers_tag(*Digest::parse("sha256:" + std::string(64, 'b'))),
            "sha256-" + std::string(64, 'b'));
}

}  // namespace
}  // namespace skerry::registry
