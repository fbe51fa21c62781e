#include <gtest/gtest.h>

#include "core/error.h"
#include "image/base_image.h"
#include "image/file_index.h"

namespace skerry::ci {
namespace {

TEST(ImageReference, Names) {
  struct Case {
    const char* text;
    const char* expected;  // "" is refused
  };
  const std::string hex(64, 'a');
  const std::string by_digest = "p/n@sha256:" + hex;
  const Case cases[] = {
      {"p/n", "p/n latest"},
      {"p/n:1", "p/n 1"},
      {"p/n/more:1", "p/n/more 1"},
      {"host:80/p/n:1", "p/n 1"},
      {by_digest.c_str(), nullptr},
      {"other.org/p/n", ""},
      {"localhost/p/n", ""},
      {"n", ""},
      {"n:1", ""},
      {"P/n", ""},
      {"p/n:", ""},
      {"p/n@sha256:zz", ""},
      {"/p/n", ""},
      {"", ""},
  };
  for (const Case& c : cases) {
    std::string got;
    try {
      const ImageReference r = parse_image_reference(c.text, {"host:80"});
      got = r.repository + " " + r.reference;
    } catch (const Error&) {
    }
    EXPECT_EQ(got, c.expected == nullptr ? "p/n sha256:" + hex
                                         : std::string(c.expected))
        << c.text;
  }
}

TEST(FileIndex, ListsAndResolves) {
  FileIndex files(100);
  const auto folder = [&](const char* path) {
    files.put(path, {.kind = FileNode::Kind::folder});
  };
  const auto link = [&](const char* path, const char* target) {
    files.put(path, {.kind = FileNode::Kind::symlink, .target = target});
  };
  folder("a");
  files.put("a-b", {});
  files.put("a/x", {});
  folder("a/y");
  files.put("a/y/z", {});
  link("l", "/a/y");
  link("a/up", "../l/z");
  link("loop", "loop");
  link("out", "../../../../a");
  EXPECT_EQ(files.list(""),
            (std::vector<std::string>{"a", "a-b", "l", "loop", "out"}));
  EXPECT_EQ(files.list("a"), (std::vector<std::string>{"up", "x", "y"}));
  EXPECT_EQ(files.resolve("l/z"), "a/y/z");
  EXPECT_EQ(files.resolve("a/up"), "a/y/z");
  EXPECT_EQ(files.resolve("out/x"), "a/x");
  EXPECT_EQ(files.resolve("a/none/x"), "a/none/x");
  EXPECT_THROW(files.resolve("loop/x"), Error);
  files.put("a", {});  // a file takes the folder's place
  EXPECT_FALSE(files.find("a/x"));
  EXPECT_TRUE(files.find("a-b"));
}

}  // namespace
}  // namespace skerry::ci
