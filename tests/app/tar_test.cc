#include "client/copy/tar.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "core/os/file.h"

namespace skerry::app {
namespace {

namespace fs = std::filesystem;

const std::string kSha512 = std::string(128, 'b');

class Tar : public testing::Test {
 protected:
  fs::path at(const char* name) const { return folder_.path() / name; }
  void write(const fs::path& path, std::string_view bytes) const {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  void make_layout() const {
    write(at("in/oci-layout"), "{}");
    write(at("in/index.json"), "[]");
    write(at("in/blobs/sha256") / std::string(64, 'a'), std::string(1000, 'x'));
    write(at("in/blobs/sha512") / kSha512, "");
  }

 private:
  TempFolder folder_{fs::temp_directory_path(), "tar-test-"};
};

TEST_F(Tar, ComesBackAsItWas) {
  make_layout();
  pack_layout(at("in"), at("layout.tar"));
  unpack_layout(at("layout.tar"), at("out"));
  EXPECT_EQ(read_file(at("out/index.json")), "[]");
  EXPECT_EQ(read_file(at("out/blobs/sha256") / std::string(64, 'a')),
            std::string(1000, 'x'));
  EXPECT_EQ(read_file(at("out/blobs/sha512") / kSha512), "");
}

TEST_F(Tar, WhatDoesNotBelongToALayoutIsPassedOver) {
  make_layout();
  pack_layout(at("in"), at("layout.tar"));
  auto bytes = read_file(at("layout.tar"));
  // "index.json" becomes "/ndex.json", with the checksum that this makes.
  const auto name = bytes.find("index.json");
  bytes[name] = '/';
  auto sum = std::stoi(bytes.substr(name + 148, 6), nullptr, 8) + '/' - 'i';
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06o", static_cast<unsigned>(sum));
  bytes.replace(name + 148, 6, digits);
  write(at("odd.tar"), bytes);
  unpack_layout(at("odd.tar"), at("out"));
  EXPECT_TRUE(fs::exists(at("out/oci-layout")));
  EXPECT_FALSE(fs::exists(at("out/index.json")));
  EXPECT_FALSE(fs::exists(at("out/ndex.json")));
}

TEST_F(Tar, CutOffOrDamagedIsRefused) {
  make_layout();
  pack_layout(at("in"), at("layout.tar"));
  const auto bytes = read_file(at("layout.tar"));
  write(at("short.tar"), bytes.substr(0, 700));
  EXPECT_THROW(unpack_layout(at("short.tar"), at("out")), Error);
  auto damaged = bytes;
  damaged[0] = 'X';
  write(at("damaged.tar"), damaged);
  EXPECT_THROW(unpack_layout(at("damaged.tar"), at("out")), Error);
}

TEST_F(Tar, PaxRecordsAreRead) {
  const auto found = parse_pax("14 path=a/b/c\n18 size=123456789\n8 x=y=z\n");
  EXPECT_EQ(found.path, "a/b/c");
  EXPECT_EQ(found.size, 123456789u);
}

TEST_F(Tar, PaxRecordsThatAreNoneAreRefused) {
  for (const char* text : {"x", "5", "99 a=b\n", "6 a=b", "0 a=b\n",
                           "13 size=12x4\n", "999999999999 a=b\n"}) {
    EXPECT_THROW(parse_pax(text), Error) << text;
  }
}

}  // namespace
}  // namespace skerry::app
