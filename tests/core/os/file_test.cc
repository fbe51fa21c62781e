#include "core/os/file.h"

#include <sys/stat.h>

#include "core/temp.h"

namespace skerry {
namespace {

namespace fs = std::filesystem;
using test::code_of;
using test::Scratch;

TEST(File, ReadsBackWhatWasWrittenAtomically) {
  const Scratch scratch;
  const std::string data("bytes\0and more", 14);
  write_file_atomically(scratch / "a", data, 0600);
  EXPECT_EQ(read_file(scratch / "a"), data);
  struct stat info {};
  ASSERT_EQ(stat((scratch / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(File, LeavesNothingWhenAnAtomicWriteFails) {
  const Scratch scratch;
  fs::create_directory(scratch / "taken");
  EXPECT_ANY_THROW(write_file_atomically(scratch / "taken", "x"));
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), {}), 1);
}

TEST(File, RefusesMoreThanTheLimit) {
  const Scratch scratch;
  write_file_atomically(scratch / "a", std::string(100, 'x'));
  EXPECT_EQ(read_file(scratch / "a", 100).size(), 100u);
  EXPECT_EQ(code_of([&] { read_file(scratch / "a", 99); }),
            ErrorCode::too_large);
}

TEST(File, SaysThatAFileDoesNotExist) {
  EXPECT_EQ(code_of([] { read_file("/nonexistent/file"); }),
            ErrorCode::not_found);
}

TEST(File, RemovesATreeWithLockedFoldersAndFollowsNoLink) {
  const Scratch scratch;
  fs::create_directories(scratch / "tree/locked/inner");
  write_file_atomically(scratch / "keep", "x");
  fs::create_symlink(scratch.path(), scratch / "tree/link");
  fs::permissions(scratch / "tree/locked", fs::perms::none);
  remove_tree(scratch / "tree");
  EXPECT_FALSE(fs::exists(scratch / "tree"));
  EXPECT_TRUE(fs::exists(scratch / "keep"));
  remove_tree(scratch / "tree");  // an absent one is fine
}

}  // namespace
}  // namespace skerry
