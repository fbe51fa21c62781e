// Where COPY and ADD put things.
#include <archive.h>
#include <archive_entry.h>

#include "support.h"

namespace skerry::ci {
namespace {

Files context() {
  return {{"a.txt", {"A"}},
          {"b.txt", {"B"}},
          {"c.md", {"C"}},
          {"d/e.txt", {"E"}},
          {"d/f/g.txt", {"G"}},
          {"ln", {"d/e.txt", EntryKind::symlink}},
          {"dl", {"d", EntryKind::symlink}}};
}

TEST_F(ImageTest, CopyTargets) {
  struct Case {
    const char* instructions;
    const char* listing;  // without modes
  };
  const Case cases[] = {
      {"COPY a.txt /", "a.txt "},
      {"COPY a.txt /x", "x "},
      {"COPY a.txt /x/", "x/ x/a.txt "},
      {"COPY a.txt x/y", "x/ x/y "},
      {"COPY a.txt .", "a.txt "},
      {"COPY *.txt /t/", "t/ t/a.txt t/b.txt "},
      {"COPY [ab].txt c.md /t/", "t/ t/a.txt t/b.txt t/c.md "},
      {"COPY d /t", "t/ t/e.txt t/f/ t/f/g.txt "},
      {"COPY d/ /t/", "t/ t/e.txt t/f/ t/f/g.txt "},
      {"COPY d/f d/e.txt /t/", "t/ t/e.txt t/g.txt "},
      {"COPY */*.txt /t/", "t/ t/e.txt "},
      {"COPY d/f /t\nCOPY a.txt /t", "t/ t/a.txt t/g.txt "},
      {"COPY ln /x", "x "},
      {"COPY dl /x", "x/ x/e.txt x/f/ x/f/g.txt "},
      {"COPY dl/e.txt /x", "x "},
      {"COPY [\"a.txt\", \"/with space/\"]", "with space/ with space/a.txt "},
      {"WORKDIR /w\nCOPY a.txt .\nCOPY b.txt sub/",
       "w/ w/a.txt w/sub/ "
       "w/sub/b.txt "},
      {"COPY /a.txt /x", "x "},
  };
  for (const Case& c : cases) {
    const std::string all = listing(
        build("FROM scratch\n" + std::string(c.instructions), context()));
    std::string paths;
    std::size_t at = 0;
    while (at < all.size()) {
      const std::size_t end = all.find('\n', at);
      std::string line = all.substr(at, end - at);
      line = line.substr(line.find(' ', line.find(' ') + 1) + 1);
      paths += line.substr(0, line.find(" = ")) + " ";
      at = end + 1;
    }
    EXPECT_EQ(paths, c.listing) << c.instructions;
  }
}

TEST_F(ImageTest, DockerignoreHidesFiles) {
  Files files = context();
  files.push_back({".dockerignore", {"# notes\n**/*.txt\n!d/f/*.txt\nc*\n"}});
  EXPECT_EQ(listing(build("FROM scratch\nCOPY . /\n", files)),
            "644 0:0 .dockerignore = # notes\n**/*.txt\n!d/f/*.txt\nc*\n\n"
            "755 0:0 d/\n"
            "755 0:0 d/f/\n"
            "644 0:0 d/f/g.txt = G\n"
            "777 0:0 dl -> d\n"
            "777 0:0 ln -> d/e.txt\n");
  EXPECT_EQ(fault("FROM scratch\nCOPY a.txt /\n", files),
            "Dockerfile:2: 'a.txt' is not in the build context");
}

std::string make_tar(bool gzip, const std::string& evil = "") {
  std::string out(1u << 20, '\0');
  std::size_t used = 0;
  archive* a = archive_write_new();
  archive_write_set_format_pax_restricted(a);
  if (gzip) archive_write_add_filter_gzip(a);
  archive_write_open_memory(a, out.data(), out.size(), &used);
  const auto add = [&](const std::string& path, unsigned type,
                       const std::string& content) {
    archive_entry* e = archive_entry_new();
    archive_entry_set_pathname(e, path.c_str());
    archive_entry_set_filetype(e, type);
    archive_entry_set_perm(e, type == AE_IFDIR ? 0750 : 0640);
    archive_entry_set_uid(e, 5);
    archive_entry_set_gid(e, 6);
    archive_entry_set_mtime(e, 12345, 0);
    if (type == AE_IFREG) {
      archive_entry_set_size(e, static_cast<la_int64_t>(content.size()));
    } else if (type == AE_IFLNK) {
      archive_entry_set_symlink(e, content.c_str());
    } else if (type == 0) {
      archive_entry_set_filetype(e, AE_IFREG);
      archive_entry_set_hardlink(e, content.c_str());
    }
    archive_write_header(a, e);
    if (type == AE_IFREG) archive_write_data(a, content.data(), content.size());
    archive_entry_free(e);
  };
  add("dir/", AE_IFDIR, "");
  add("dir/z.txt", AE_IFREG, "Z");
  add("dir/hard", 0, "dir/z.txt");
  add("dir/soft", AE_IFLNK, "z.txt");
  if (!evil.empty()) add(evil, AE_IFREG, "evil");
  archive_write_free(a);
  out.resize(used);
  return out;
}

TEST_F(ImageTest, AddUnpacksArchives) {
  for (const bool gzip : {false, true}) {
    EXPECT_EQ(listing(build("FROM scratch\nADD x.tar a.txt /t/\n",
                            {{"x.tar", {make_tar(gzip)}}, {"a.txt", {"A"}}})),
              "755 0:0 t/\n"
              "644 0:0 t/a.txt = A\n"
              "750 5:6 t/dir/\n"
              "640 5:6 t/dir/hard == t/dir/z.txt\n"
              "777 5:6 t/dir/soft -> z.txt\n"
              "640 5:6 t/dir/z.txt = Z\n");
  }
  // COPY does not.
  EXPECT_TRUE(listing(build("FROM scratch\nCOPY x.tar /\n",
                            {{"x.tar", {make_tar(true)}}}))
                  .starts_with("644 0:0 x.tar = "));
}

TEST_F(ImageTest, AddRefusesEntriesThatLeaveTheArchive) {
  for (const char* evil : {"../x", "/etc/passwd", "dir/../../x"}) {
    EXPECT_EQ(fault("FROM scratch\nADD x.tar /t/\n",
                    {{"x.tar", {make_tar(true, evil)}}}),
              fmt::format("Dockerfile:2: the archive's entry '{}' leaves the "
                          "archive",
                          evil));
  }
}

TEST_F(ImageTest, AddBoundsWhatAnArchiveUnpacksTo) {
  BuildRequest r =
      request("FROM scratch\nADD x.tar /\n", {{"x.tar", {make_tar(true)}}});
  r.limits.max_unpacked_bytes = 0;
  try {
    build_image(r, store_);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::too_large);
  }
}

}  // namespace
}  // namespace skerry::ci
