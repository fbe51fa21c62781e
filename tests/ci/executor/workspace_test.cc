// Symlinks and paths that try to lead out.
#include "executor/workspace.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::ci {
namespace {
namespace fs = std::filesystem;

struct Fixture {
  TempFolder folder{fs::temp_directory_path(), "skerry-workspace-"};
  fs::path inside = folder.path() / "w";
  fs::path outside = folder.path() / "outside";
  std::unique_ptr<Workspace> workspace;

  Fixture() {
    fs::create_directory(inside);
    fs::create_directory(outside);
    std::ofstream(outside / "secret") << "s3cret";
    fs::create_symlink(outside / "secret", inside / "absolute");
    fs::create_symlink("../outside/secret", inside / "relative");
    fs::create_symlink(outside, inside / "folder");
    fs::create_symlink("/proc/self/root/etc", inside / "magic");
    std::ofstream(inside / "file") << "fine";
    fs::create_symlink("file", inside / "good");
    workspace = std::make_unique<Workspace>(inside);
  }
};

TEST(Workspace, DoesNotReadThroughALinkThatLeadsOut) {
  Fixture f;
  for (const char* path :
       {"absolute", "relative", "folder/secret", "magic/passwd",
        "../outside/secret", "/etc/passwd"}) {
    EXPECT_THROW(f.workspace->read(path, 100), Error) << path;
  }
  EXPECT_EQ(f.workspace->read("good", 100), "fine");
}

TEST(Workspace, DoesNotWriteThroughALink) {
  Fixture f;
  f.workspace->write("absolute", "new");  // replaces the link itself
  EXPECT_EQ(read_file(f.outside / "secret"), "s3cret");
  EXPECT_EQ(f.workspace->read("absolute", 100), "new");
  EXPECT_THROW(f.workspace->write("folder/made", "x"), Error);
  EXPECT_FALSE(fs::exists(f.outside / "made"));
  EXPECT_THROW(f.workspace->make_folders("folder/made"), Error);
  EXPECT_THROW(f.workspace->write("../up", "x"), Error);
}

TEST(Workspace, RemovesOnlyWhatIsInside) {
  Fixture f;
  f.workspace->remove("folder");
  EXPECT_TRUE(fs::exists(f.outside / "secret"));
  EXPECT_FALSE(f.workspace->find("folder"));
  f.workspace->remove("");
  EXPECT_TRUE(fs::exists(f.outside / "secret"));
  EXPECT_TRUE(fs::is_empty(f.inside));
}

TEST(Workspace, DoesNotHangOnAPipe) {
  Fixture f;
  ASSERT_EQ(::mkfifo((f.inside / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(f.workspace->read("pipe", 100), Error);
}

TEST(Workspace, RefusesMoreThanTheLimit) {
  Fixture f;
  EXPECT_THROW(f.workspace->read("file", 3), Error);
}

TEST(Workspace, ChecksOutATree) {
  Fixture f;
  f.workspace->remove("");
  fs::create_symlink(f.outside, f.inside / "docs");  // stands in the way
  const auto tree = make_memory_tree({
      {"run.sh", {"#!/bin/sh\n", EntryKind::executable}},
      {"docs/a.txt", {"a", EntryKind::file}},
      {"link", {"docs/a.txt", EntryKind::symlink}},
      {"evil", {"/etc/passwd", EntryKind::symlink}},
  });
  check_out(*tree, *f.workspace, "", [](std::string_view) {});
  EXPECT_TRUE(fs::is_empty(f.outside) == false);
  EXPECT_FALSE(fs::exists(f.outside / "a.txt"));
  EXPECT_EQ(f.workspace->read("docs/a.txt", 100), "a");
  EXPECT_EQ(f.workspace->read("link", 100), "a");
  EXPECT_EQ(f.workspace->read_link("evil"), "/etc/passwd");
  EXPECT_THROW(f.workspace->read("evil", 100), Error);
  EXPECT_EQ(f.workspace->find("run.sh")->kind, EntryKind::executable);
  check_out(*tree, *f.workspace, "", [](std::string_view) {});  // again
  check_out(*tree, *f.workspace, "sub/folder", [](std::string_view) {});
  EXPECT_EQ(f.workspace->read("sub/folder/docs/a.txt", 100), "a");
}

TEST(Workspace, IsATree) {
  Fixture f;
  const auto tree = open_workspace_tree(*f.workspace, "");
  EXPECT_EQ(tree->read("file"), "fine");
  EXPECT_EQ(tree->read("good"), "file");  // a link's target
  EXPECT_EQ(tree->find("good")->kind, EntryKind::symlink);
  EXPECT_FALSE(tree->find("nothing"));
}

}  // namespace
}  // namespace skerry::ci
