#include "client/copy/copy.h"

#include <gtest/gtest.h>

#include "client/copy/layout_place.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/text/json.h"

namespace skerry::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kImage = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kIndex = "application/vnd.oci.image.index.v1+json";

class ImageCopy : public testing::Test {
 protected:
  fs::path at(const char* name) const { return folder_.path() / name; }
  static Json blob(LayoutPlace& place, const std::string& bytes) {
    const BlobName name{digest_of(bytes), bytes.size()};
    const auto writer = place.write(name);
    writer->write(bytes);
    writer->finish();
    return {{"mediaType", "text/plain"},
            {"digest", name.digest.to_string()},
            {"size", bytes.size()}};
  }
  static Manifest manifest(const Json& document, const char* type) {
    const auto bytes = document.dump();
    return {digest_of(bytes), type, bytes};
  }
  static Json descriptor(const Manifest& manifest) {
    return {{"mediaType", manifest.media_type},
            {"digest", manifest.digest.to_string()},
            {"size", manifest.bytes.size()}};
  }
  static Manifest image(LayoutPlace& place, const std::string& layer) {
    return manifest({{"schemaVersion", 2},
                     {"config", blob(place, "{}")},
                     {"layers", {blob(place, layer)}}},
                    kImage);
  }
  // An index "all" of two images, and an SBOM of the first of them.
  void make() {
    LayoutPlace place(at("source"), true);
    const auto one = image(place, "one"), two = image(place, "two");
    place.put(one, ImagePlace::Rank::child, "");
    place.put(two, ImagePlace::Rank::child, "");
    place.put(manifest({{"schemaVersion", 2},
                        {"manifests", {descriptor(one), descriptor(two)}}},
                       kIndex),
              ImagePlace::Rank::named, "all");
    place.put(manifest({{"schemaVersion", 2},
                        {"config", blob(place, "{}")},
                        {"layers", {blob(place, "sbom")}},
                        {"subject", descriptor(one)}},
                       kImage),
              ImagePlace::Rank::referrer, "");
    first_ = one.digest;
  }
  CopyResult copy(bool with_referrers = false) {
    LayoutPlace from(at("source"), false), to(at("copy"), true);
    return copy_image(from, "all", to, "new", with_referrers,
                      [](const std::string&) {});
  }
  Digest first_;

 private:
  TempFolder folder_{fs::temp_directory_path(), "copy-test-"};
};

TEST_F(ImageCopy, TakesAnIndexWithItsImages) {
  make();
  const auto result = copy();
  EXPECT_EQ(result.manifests, 3);
  EXPECT_EQ(result.blobs, 3);
  LayoutPlace to(at("copy"), false);
  EXPECT_EQ(to.manifest("new").digest, result.digest);
  EXPECT_EQ(to.manifest(first_.to_string()).digest, first_);
  EXPECT_TRUE(to.referrers(first_).empty());
}

TEST_F(ImageCopy, TakesWhatRefersToItOnDemand) {
  make();
  EXPECT_EQ(copy(true).manifests, 4);
  EXPECT_EQ(LayoutPlace(at("copy"), false).referrers(first_).size(), 1u);
}

TEST_F(ImageCopy, SendsNothingThatIsThere) {
  make();
  copy();
  const auto again = copy(true);
  EXPECT_EQ(again.blobs, 1);  // the SBOM's
  EXPECT_EQ(again.skipped, 3);
}

TEST_F(ImageCopy, NoticesDamageOnTheWayAndLeavesNothing) {
  make();
  const auto layer = digest_of("one");
  const auto file = at("source") / "blobs/sha256" / layer.hex;
  write_file_atomically(file, "eno");
  EXPECT_THROW(copy(), Error);
  EXPECT_FALSE(fs::exists(at("copy") / "blobs/sha256" / layer.hex));
  EXPECT_FALSE(fs::exists(at("copy") / "blobs/sha256" / (layer.hex + ".part")));
  write_file_atomically(file, "one and more");
  EXPECT_THROW(copy(), Error);
  write_file_atomically(file, "one");
  EXPECT_EQ(copy().manifests, 3);
}

TEST_F(ImageCopy, NamesWhatIsMissing) {
  make();
  LayoutPlace from(at("source"), false);
  EXPECT_THROW(from.manifest("nope"), Error);
  EXPECT_THROW(from.manifest(""), Error);  // there are two
}

}  // namespace
}  // namespace skerry::app
