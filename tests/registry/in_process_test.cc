#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

using InProcess = RegistryTest;

TEST_F(InProcess, PushIsPulledOverHttp) {
  auto& registry = world().registry();
  for (const auto& bytes : {std::string(kConfig), std::string("layer")}) {
    auto writer = registry.create_blob("demo", "built/app");
    writer->write(bytes);
    EXPECT_EQ(writer->commit(), digest_of(bytes));
  }
  const http::Identity who{0, "ci"};
  const auto bytes = image_manifest({"layer"});
  const auto digest = registry.put_manifest("demo", "built/app", {"1", "latest"},
                                            kOciManifest, bytes, who);
  EXPECT_EQ(digest, digest_of(bytes));
  EXPECT_EQ(dev().send("GET", "/v2/demo/built/app/manifests/latest").body,
            bytes);
  EXPECT_EQ(world().events().after(0).size(), 2u);
}

TEST_F(InProcess, PullSeesWhatWasPushedOverHttp) {
  const auto digest = push_image("layer", "v1");
  auto& registry = world().registry();
  const auto manifest = registry.read_manifest("demo", "app", "v1");
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->digest, digest);
  EXPECT_EQ(manifest->media_type, kOciManifest);
  EXPECT_TRUE(registry.has_blob("demo", "app", digest_of("layer")));
  EXPECT_FALSE(registry.has_blob("demo", "app", digest_of("none")));
  EXPECT_EQ(registry.read_blob("demo", "app", digest_of("layer"), 100),
            "layer");
  EXPECT_FALSE(registry.read_manifest("demo", "app", "none"));
}

TEST_F(InProcess, ChecksAsOverHttp) {
  auto& registry = world().registry();
  const http::Identity who{0, "ci"};
  EXPECT_THROW(registry.put_manifest("demo", "app", {"v1"}, kOciManifest,
                                     image_manifest({"none"}), who),
               Error);
  EXPECT_THROW(registry.put_manifest("demo", "app", {".."}, kOciManifest,
                                     image_manifest({}), who),
               Error);
  EXPECT_THROW(registry.create_blob("nope", "app"), Error);
  EXPECT_THROW(registry.create_blob("demo", "App"), Error);
  EXPECT_THROW(registry.read_manifest("demo", "app", "a b"), Error);
}

TEST_F(InProcess, LinksWhatLiesInTheStore) {
  auto writer = world().blobs().create();
  writer->write("from elsewhere");
  const auto digest = writer->commit();
  auto& registry = world().registry();
  EXPECT_FALSE(registry.has_blob("demo", "app", digest));
  registry.link_blob("demo", "app", digest);
  EXPECT_EQ(registry.blob_size("demo", "app", digest), 14u);
  EXPECT_THROW(registry.link_blob("demo", "app", digest_of("none")), Error);
}

}  // namespace
}  // namespace skerry::registry
