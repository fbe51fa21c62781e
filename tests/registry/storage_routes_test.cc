#include "fixture.h"

namespace skerry::registry {
namespace {

class StorageRoutes : public RegistryTest {
 protected:
  Json storage() {
    return parse_json(admin().send("GET", "/api/v1/images/usage").body);
  }
  Json of(const std::string& project) {
    const Json all = storage();
    for (const Json& one : all.at("projects")) {
      if (one.at("project") == project) return one;
    }
    return nullptr;
  }
};

TEST_F(StorageRoutes, ListEveryProjectWithItsWeightAndQuota) {
  push_image("layer", "1");
  ASSERT_EQ(admin()
                .send("PUT", "/api/v1/projects/other/images/policy",
                      R"({"quota_bytes":5000})")
                .status,
            200);
  EXPECT_EQ(of("demo").at("used_bytes").get<std::size_t>(),
            kConfig.size() + 5 + image_manifest({"layer"}).size());
  EXPECT_TRUE(of("demo").at("quota_bytes").is_null());
  EXPECT_EQ(of("other").at("used_bytes"), 0);
  EXPECT_EQ(of("other").at("quota_bytes"), 5000);
}

TEST_F(StorageRoutes, SayHowFullTheDiskIs) {
  const Json disk = storage().at("disk");
  EXPECT_GT(disk.at("total_bytes").get<std::uint64_t>(),
            disk.at("free_bytes").get<std::uint64_t>());
}

TEST_F(StorageRoutes, AreForServerAdmins) {
  EXPECT_EQ(dev().send("GET", "/api/v1/images/usage").status, 403);
}

TEST_F(StorageRoutes, AManifestSaysForHowLongItsDeletionCanBeUndone) {
  const char* path =
      "/api/v1/projects/demo/images/manifest?repository=app&reference=1";
  push_image("layer", "1");
  EXPECT_EQ(parse_json(admin().send("GET", path).body).at("undo_ms"),
            24 * 3'600'000);
  restart({{"SKERRY_REGISTRY_UNDO_WINDOW", "0s"}});
  EXPECT_EQ(parse_json(admin().send("GET", path).body).at("undo_ms"), 0);
}

}  // namespace
}  // namespace skerry::registry
