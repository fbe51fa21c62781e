#include "core/tree/tree.h"

#include <archive.h>
#include <archive_entry.h>

#include <map>

#include "core/temp.h"

namespace skerry {
namespace {

namespace fs = std::filesystem;
using test::code_of;
using test::Scratch;

struct Entry {
  std::string path;
  unsigned type = AE_IFREG;
  std::string content;  // or a link's target
};

std::string make_tar(const std::vector<Entry>& entries) {
  std::string bytes(1 << 20, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  archive_write_add_filter_gzip(writer);
  archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  for (const Entry& item : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, item.path.c_str());
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_filetype(entry, item.type);
    if (item.type == AE_IFLNK) {
      archive_entry_set_symlink(entry, item.content.c_str());
    } else {
      archive_entry_set_size(entry,
                             static_cast<la_int64_t>(item.content.size()));
    }
    archive_write_header(writer, entry);
    if (item.type == AE_IFREG) {
      archive_write_data(writer, item.content.data(), item.content.size());
    }
    archive_entry_free(entry);
  }
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

TEST(Path, IsCleanedOrRefused) {
  const std::map<std::string, std::string> good = {
      {"", ""},           {".", ""},          {"a", "a"},
      {"a/./b//c/", "a/b/c"}, {"a/../b", "b"}, {"a/b/..", "a"}};
  for (const auto& [from, to] : good) EXPECT_EQ(clean_path(from), to);
  for (const char* bad : {"/a", "..", "a/../..", "a/../../b"}) {
    EXPECT_EQ(code_of([&] { clean_path(bad); }), ErrorCode::invalid) << bad;
  }
  EXPECT_EQ(join_path("charts/x", "../y"), "charts/y");
  EXPECT_EQ(code_of([] { join_path("a", "../../b"); }), ErrorCode::invalid);
}

TEST(MemoryTree, ListsFoldersThatExistThroughTheirFiles) {
  const auto tree = make_memory_tree(
      {{"a/b/c", {"1"}}, {"a/d", {"22", EntryKind::executable}}, {"e", {}}});
  ASSERT_EQ(tree->list("a").size(), 2u);
  EXPECT_EQ(tree->list("a")[0].kind, EntryKind::folder);
  EXPECT_EQ(tree->list("a")[1].size, 2u);
  EXPECT_EQ(tree->read("a/b/c"), "1");
  EXPECT_FALSE(tree->find("a/b/x"));
  EXPECT_FALSE(tree->find("a/bb"));
  EXPECT_EQ(code_of([&] { tree->read("a"); }), ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { tree->list("e"); }), ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { tree->read("a/d", 1); }), ErrorCode::too_large);
}

TEST(Subtree, CannotBeLeft) {
  const std::shared_ptr<const Tree> tree =
      make_memory_tree({{"in/a", {"1"}}, {"out", {"2"}}});
  const auto sub = make_subtree(tree, "in");
  EXPECT_EQ(sub->read("a"), "1");
  EXPECT_EQ(code_of([&] { sub->read("../out"); }), ErrorCode::invalid);
}

TEST(ResolvePath, FollowsLinksInsideOnly) {
  const auto tree = make_memory_tree({
      {"d/f", {"x"}},
      {"to-file", {"d/f", EntryKind::symlink}},
      {"to-folder", {"./d", EntryKind::symlink}},
      {"d/up", {"../to-file", EntryKind::symlink}},
      {"loop", {"loop", EntryKind::symlink}},
      {"out", {"../../etc/passwd", EntryKind::symlink}},
      {"absolute", {"/etc/passwd", EntryKind::symlink}},
  });
  EXPECT_EQ(resolve_path(*tree, "to-folder/f"), "d/f");
  EXPECT_EQ(resolve_path(*tree, "to-folder/up"), "d/f");
  EXPECT_EQ(code_of([&] { resolve_path(*tree, "loop"); }), ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { resolve_path(*tree, "out"); }), ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { resolve_path(*tree, "absolute"); }),
            ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { resolve_path(*tree, "d/none"); }),
            ErrorCode::not_found);
}

TEST(FolderTree, NeverReadsThroughALinkThatLeavesIt) {
  const Scratch scratch;
  fs::create_directories(scratch / "tree/d");
  write_file_atomically(scratch / "secret", "secret");
  write_file_atomically(scratch / "tree/d/f", "x");
  fs::create_symlink("../secret", scratch / "tree/link");
  fs::create_symlink("..", scratch / "tree/up");
  const auto tree = open_folder_tree((scratch / "tree").native());
  EXPECT_EQ(tree->read("d/f"), "x");
  EXPECT_EQ(tree->find("link")->kind, EntryKind::symlink);
  EXPECT_EQ(tree->read("link"), "../secret");
  EXPECT_FALSE(tree->find("up/secret"));
  EXPECT_EQ(code_of([&] { tree->read("up/secret"); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { tree->list("up"); }), ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { tree->read("../secret"); }), ErrorCode::invalid);
  std::vector<std::string> seen;
  walk(*tree, "", [&](const std::string& path, const TreeEntry&) {
    seen.push_back(path);
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"d", "d/f", "link", "up"}));
}

TEST(ArchiveTree, HoldsWhatATarHolds) {
  const auto tree = open_archive_tree(make_tar(
      {{"chart/", AE_IFDIR, ""},
       {"chart/Chart.yaml", AE_IFREG, "name: x\n"},
       {"./chart/link", AE_IFLNK, "Chart.yaml"}}));
  EXPECT_EQ(tree->read("chart/Chart.yaml"), "name: x\n");
  EXPECT_EQ(tree->find("chart/link")->kind, EntryKind::symlink);
  EXPECT_EQ(tree->id().substr(0, 7), "sha256:");
}

TEST(ArchiveTree, RefusesWhatLeavesItOrIsTooLarge) {
  for (const char* path : {"../evil", "/etc/passwd", "a/../../b"}) {
    EXPECT_EQ(code_of([&] {
                open_archive_tree(make_tar({{path, AE_IFREG, "x"}}));
              }),
              ErrorCode::invalid)
        << path;
  }
  EXPECT_EQ(code_of([] {
              open_archive_tree(
                  make_tar({{"zeros", AE_IFREG, std::string(500'000, '\0')}}),
                  100'000);
            }),
            ErrorCode::too_large);
  EXPECT_EQ(code_of([] { open_archive_tree(make_tar({{"p", AE_IFIFO, ""}})); }),
            ErrorCode::invalid);
  EXPECT_EQ(code_of([] { open_archive_tree("this is no archive"); }),
            ErrorCode::invalid);
  const std::string whole =
      make_tar({{"a", AE_IFREG, std::string(100'000, 'x')}});
  EXPECT_EQ(code_of([&] { open_archive_tree(whole.substr(0, 100)); }),
            ErrorCode::invalid);
}

}  // namespace
}  // namespace skerry
