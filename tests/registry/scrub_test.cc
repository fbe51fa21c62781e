// The scrub finds what is damaged, and what it found can be mended.
#include <fstream>

#include "fixture.h"

namespace skerry::registry {
namespace {

using List = std::vector<std::string>;

class ScrubTest : public RegistryTest {
 protected:
  // Large enough for a file.
  const std::string layer_ = std::string(20'000, 'l');
  static std::string blob(std::string_view bytes) {
    return "/v2/demo/app/blobs/" + digest_of(bytes).to_string();
  }
  std::filesystem::path file_of(std::string_view bytes) const {
    const auto hex = digest_of(bytes).hex;
    return data() / "blobs" / "sha256" / hex.substr(0, 2) / hex;
  }
};

TEST_F(ScrubTest, FindsNothingWhereNothingIsWrong) {
  push_image("small", "v0");
  push_image(layer_, "v1");
  EXPECT_EQ(world().scrub(), List{});
  EXPECT_EQ(world().scrubber().trouble(), "");
}

TEST_F(ScrubTest, NamesADamagedBlobAndPushingItAgainMendsIt) {
  push_image(layer_, "v1");
  std::fstream(file_of(layer_), std::ios::in | std::ios::out) << "L";
  const auto digest = digest_of(layer_).to_string();
  EXPECT_EQ(world().scrub(), (List{"damaged blob " + digest,
                                   "missing blob " + digest}));
  const auto trouble = world().scrubber().trouble();
  EXPECT_NE(trouble.find(digest), std::string::npos) << trouble;
  EXPECT_NE(trouble.find("image demo/app"), std::string::npos) << trouble;
  // A client that pushes is not told that it is there.
  EXPECT_EQ(dev().send("HEAD", blob(layer_)).status, 404);
  EXPECT_EQ(dev().send("GET", blob(layer_)).status, 500);
  EXPECT_TRUE(std::filesystem::exists(data() / "blobs" / "damaged" /
                                      digest_of(layer_).hex));

  EXPECT_EQ(world().scrub(), List{"missing blob " + digest});
  push_image(layer_, "v1");
  EXPECT_EQ(dev().send("GET", blob(layer_)).body, layer_);
  EXPECT_EQ(world().scrub(), List{});
  EXPECT_EQ(world().scrubber().trouble(), "");
}

TEST_F(ScrubTest, NamesADamagedSmallBlob) {
  push_image("small", "v1");
  const auto digest = digest_of("small").to_string();
  world().db().write([&](Transaction& tx) {
    tx.run("update small_blob set bytes = 'smalL' where digest = ?", digest);
  });
  EXPECT_EQ(world().scrub(), (List{"damaged blob " + digest,
                                   "missing blob " + digest}));
  push_image("small", "v1");
  EXPECT_EQ(world().scrub(), List{});
}

TEST_F(ScrubTest, NamesAMissingBlobAndADamagedManifest) {
  const auto image = push_image(layer_, "v1");
  std::filesystem::remove(file_of(layer_));
  world().db().write([&](Transaction& tx) {
    tx.run("update registry_content set bytes = 'x' where digest = ?",
           image.to_string());
  });
  EXPECT_EQ(world().scrub(),
            (List{"missing blob " + digest_of(layer_).to_string(),
                  "damaged manifest " + image.to_string()}));
}

TEST_F(ScrubTest, IsNotDisturbedByWhatGoesMeanwhile) {
  push_blob("loose");
  world().clock().advance(std::chrono::hours(2));
  world().collect();
  EXPECT_EQ(world().scrub(), List{});
}

}  // namespace
}  // namespace skerry::registry
