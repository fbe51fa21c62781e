// Deleting, and undoing it.
#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

constexpr std::int64_t kDay = 24LL * 3'600'000;

class Deletion : public RegistryTest {
 protected:
  static std::string manifest(const Digest& digest) {
    return "/v2/demo/app/manifests/" + digest.to_string();
  }
  static std::string tag(const std::string& name) {
    return "/v2/demo/app/manifests/" + name;
  }
  Json deleted() const {
    return parse_json(
               admin().send("GET", "/api/v1/projects/demo/images/deleted").body)
        .at("deleted");
  }
  Reply restore(const Json& row, std::string_view user = "admin") const {
    return as(user).send("POST", "/api/v1/projects/demo/images/deleted/" +
                                     std::to_string(row.at("id").get<int>()) +
                                     "/restore");
  }
  int get(const std::string& path) const {
    return dev().send("GET", path).status;
  }
  int remove(const std::string& path) const {
    return admin().send("DELETE", path).status;
  }
};

TEST_F(Deletion, OfAManifestIsUndoneWithItsTags) {
  const auto image = push_image("layer", "v1");
  put_manifest(image_manifest({"layer"}), "v2");
  EXPECT_EQ(remove(manifest(image)), 202);
  EXPECT_EQ(get(tag("v1")), 404);
  EXPECT_EQ(get(manifest(image)), 404);

  const auto rows = deleted();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].at("digest"), image.to_string());
  EXPECT_EQ(rows[0].at("tag"), nullptr);
  EXPECT_EQ(rows[0].at("tags").dump(), R"(["v1","v2"])");
  EXPECT_EQ(rows[0].at("deleted_by"), "admin");
  EXPECT_EQ(rows[0].at("purged").get<std::int64_t>() -
                rows[0].at("deleted").get<std::int64_t>(),
            kDay);

  EXPECT_EQ(restore(rows[0], "dev").status, 403);
  EXPECT_EQ(restore(rows[0]).body, R"({"skipped_tags":[]})");
  EXPECT_EQ(get(tag("v1")), 200);
  EXPECT_EQ(get(tag("v2")), 200);
  EXPECT_TRUE(deleted().empty());
  EXPECT_EQ(restore(rows[0]).status, 404);
}

TEST_F(Deletion, OfATagIsUndone) {
  const auto image = push_image("layer", "v1");
  EXPECT_EQ(remove(tag("v1")), 202);
  EXPECT_EQ(get(tag("v1")), 404);
  EXPECT_EQ(get(manifest(image)), 200);
  const auto rows = deleted();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].at("tag"), "v1");
  EXPECT_EQ(restore(rows[0]).status, 200);
  EXPECT_EQ(get(tag("v1")), 200);
}

TEST_F(Deletion, DoesNotComeBackOverWhatIsNewer) {
  const auto image = push_image("layer", "v1");
  remove(manifest(image));
  const auto newer = push_image("other", "v1");
  EXPECT_EQ(restore(deleted()[0]).body, R"({"skipped_tags":["v1"]})");
  EXPECT_EQ(dev().send("GET", tag("v1")).header("docker-content-digest"),
            newer.to_string());
  EXPECT_EQ(get(manifest(image)), 200);

  remove(tag("v1"));
  put_manifest(image_manifest({"layer"}), "v1");
  EXPECT_EQ(restore(deleted()[0]).status, 409);
}

TEST_F(Deletion, OfATagWhoseManifestIsGoneNamesIt) {
  const auto image = push_image("layer", "v1");
  remove(tag("v1"));
  const auto row = deleted()[0];
  remove(manifest(image));
  const auto reply = restore(row);
  EXPECT_EQ(reply.status, 409);
  EXPECT_NE(reply.body.find(image.to_string()), std::string::npos);
}

TEST_F(Deletion, AnIndexNeedsItsChildrenBack) {
  const auto child = push_image("layer", "child");
  const auto index = index_of({child});
  put_manifest(index, "all", "demo/app", std::string(kOciIndex));
  remove(manifest(digest_of(index)));
  remove(manifest(child));
  const auto rows = deleted();
  ASSERT_EQ(rows.size(), 2u);
  const auto refused = restore(rows[1]);
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find(child.to_string()), std::string::npos);
  EXPECT_EQ(restore(rows[0]).status, 200);
  EXPECT_EQ(restore(rows[1]).status, 200);
  EXPECT_EQ(get(tag("all")), 200);
}

TEST_F(Deletion, PushingAgainEndsIt) {
  const auto image = push_image("layer", "v1");
  remove(manifest(image));
  push_image("layer", "v2");
  EXPECT_TRUE(deleted().empty());
  EXPECT_EQ(get(tag("v2")), 200);
  EXPECT_EQ(get(tag("v1")), 404);
  world().collect({false, std::chrono::milliseconds(0)});
  EXPECT_EQ(get(tag("v2")), 200);
}

TEST_F(Deletion, IsForGoodWhenItsTimeIsOver) {
  const auto image = push_image("layer", "v1");
  remove(manifest(image));
  world().clock().advance(std::chrono::milliseconds(kDay - 1'000));
  world().run_job("registry.upkeep");
  ASSERT_EQ(deleted().size(), 1u);
  world().clock().advance(std::chrono::milliseconds(2'000));
  world().run_job("registry.upkeep");
  EXPECT_TRUE(deleted().empty());
}

TEST_F(Deletion, IsForGoodAtOnceWhenAsked) {
  const auto image = push_image("layer", "v1");
  remove(manifest(image));
  const auto path = "/api/v1/projects/demo/images/deleted/" +
                    std::to_string(deleted()[0].at("id").get<int>());
  EXPECT_EQ(dev().send("DELETE", path).status, 403);
  EXPECT_EQ(remove(path), 204);
  EXPECT_EQ(remove(path), 404);
  EXPECT_TRUE(deleted().empty());
}

TEST_F(Deletion, WithoutAnUndoWindowIsForGood) {
  restart({{"SKERRY_REGISTRY_UNDO_WINDOW", "0s"}});
  const auto image = push_image("layer", "v1");
  remove(manifest(image));
  EXPECT_TRUE(deleted().empty());
}

TEST_F(Deletion, IsOfOneProject) {
  push_image("layer", "v1");
  remove(tag("v1"));
  const auto id = std::to_string(deleted()[0].at("id").get<int>());
  EXPECT_EQ(admin()
                .send("POST", "/api/v1/projects/other/images/deleted/" + id +
                                  "/restore")
                .status,
            404);
}

TEST_F(Deletion, IsToldAsAnEvent) {
  const auto image = push_image("layer", "v1");
  const auto before = world().events().last_id();
  remove(manifest(image));
  std::vector<std::string> told;
  for (const auto& event : world().events().after(before)) {
    told.push_back(event.topic + " " + event.subject + " " + event.version);
  }
  EXPECT_EQ(told, (std::vector<std::string>{
                      "TagDeleted demo/app:v1 " + image.to_string(),
                      "ManifestDeleted demo/app " + image.to_string()}));
}

}  // namespace
}  // namespace skerry::registry
