#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

class Immutable : public RegistryTest {
 protected:
  static constexpr const char* kPolicyPath =
      "/api/v1/projects/demo/images/policy";
  Reply set(const std::string& text, std::string_view user = "admin") {
    return as(user).send("PUT", kPolicyPath, text);
  }
  Reply remove(const std::string& reference) {
    return admin().send("DELETE", "/v2/demo/app/manifests/" + reference);
  }
  std::string digest_at(const std::string& tag) {
    return admin()
        .send("GET", "/v2/demo/app/manifests/" + tag)
        .header("docker-content-digest");
  }
  // Two images; v1 names the first.
  void SetUp() override {
    one_ = push_image("one", "v1");
    two_ = push_image("two", "latest");
    ASSERT_EQ(set(R"({"immutable_tags":[{"tags":"v*"}]})").status, 200);
  }
  std::optional<Digest> one_, two_;
};

TEST_F(Immutable, PolicyIsForAdminsToSetAndForViewersToRead) {
  EXPECT_EQ(set("{}", "dev").status, 403);
  EXPECT_EQ(set("{}", "viewer").status, 403);
  const auto reply = as("viewer").send("GET", kPolicyPath);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(parse_json(reply.body).at("immutable_tags")[0].at("tags"), "v*");
  EXPECT_EQ(as("").send("GET", kPolicyPath).status, 401);
  const auto wrong = set(R"({"immutable":[]})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(wrong.body.find("immutable is not a member"), std::string::npos);
  EXPECT_EQ(world().accounts().audited().back(), "image.policy demo");
  EXPECT_EQ(admin()
                .send("PUT", "/api/v1/projects/none/images/policy", "{}")
                .status,
            404);
}

TEST_F(Immutable, ATagDoesNotMove) {
  const auto refused = put_manifest(image_manifest({"two"}), "v1");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(error_code(refused), "DENIED");
  EXPECT_NE(refused.body.find("the tag 'v1' of demo/app is immutable"),
            std::string::npos);
  EXPECT_NE(refused.body.find("immutable_tags[0]"), std::string::npos);
  EXPECT_EQ(digest_at("v1"), one_->to_string());
  // The same again is fine, so are new tags and tags that no rule names.
  EXPECT_EQ(put_manifest(image_manifest({"one"}), "v1").status, 201);
  EXPECT_EQ(put_manifest(image_manifest({"two"}), "v2").status, 201);
  EXPECT_EQ(put_manifest(image_manifest({"one"}), "latest").status, 201);
}

TEST_F(Immutable, NorDoesOneOfManyInAPushByDigest) {
  const auto bytes = image_manifest({"two"});
  const auto reply = put_manifest(
      bytes, digest_of(bytes).to_string() + "?tag=free&tag=v1");
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(digest_at("free"), "");
}

TEST_F(Immutable, ATagAndItsManifestAreNotRemoved) {
  for (const auto& reference : {std::string("v1"), one_->to_string()}) {
    const auto refused = remove(reference);
    EXPECT_EQ(refused.status, 403) << reference;
    EXPECT_EQ(error_code(refused), "DENIED");
  }
  EXPECT_EQ(remove("none").status, 404);
  EXPECT_EQ(remove("v9").status, 404);
  EXPECT_EQ(remove("latest").status, 202);
  EXPECT_EQ(remove(two_->to_string()).status, 202);
}

TEST_F(Immutable, NorIsAPartOfAnImmutableIndex) {
  const auto index = index_of({*two_});
  ASSERT_EQ(put_manifest(index, "v3", "demo/app", std::string(kOciIndex)).status,
            201);
  const auto refused = remove(two_->to_string());
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("'v3'"), std::string::npos);
  EXPECT_EQ(remove("latest").status, 202);
}

TEST_F(Immutable, NorIsTheRepository) {
  const std::string path = "/api/v1/projects/demo/images?repository=app";
  const auto refused = admin().send("DELETE", path);
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("'v1'"), std::string::npos);
  ASSERT_EQ(set("{}").status, 200);
  EXPECT_EQ(admin().send("DELETE", path).status, 204);
}

TEST_F(Immutable, OnlyInTheRepositoriesThatTheRuleNames) {
  ASSERT_EQ(set(R"({"immutable_tags":[
                  {"tags":"*","repositories":"prod/**"}]})").status, 200);
  EXPECT_EQ(remove("v1").status, 202);
  push_image("one", "x", "demo/prod/app");
  push_blob("two", "demo/prod/app");
  EXPECT_EQ(
      put_manifest(image_manifest({"two"}), "x", "demo/prod/app").status, 403);
}

TEST_F(Immutable, HoldsAfterARestartAndForPushesInTheProcess) {
  restart();
  EXPECT_EQ(put_manifest(image_manifest({"two"}), "v1").status, 403);
  EXPECT_THROW(world().registry().put_manifest("demo", "app", {"v1"},
                                               kOciManifest,
                                               image_manifest({"two"}), {}),
               Error);
  EXPECT_THROW(world().registry().remove_manifest("demo", "app", "v1", {}),
               Error);
}

}  // namespace
}  // namespace skerry::registry
