#include <thread>

#include "fixture.h"
#include "manifests/media_types.h"
#include "pulls/pulls.h"

namespace skerry::registry {
namespace {

class PullsTest : public RegistryTest {
 protected:
  Json tag(const std::string& name, const std::string& repository = "app") {
    const auto reply = admin().send(
        "GET", "/api/v1/projects/demo/images/tags?repository=" + repository);
    const auto document = parse_json(reply.body);
    for (const auto& one : document.at("tags")) {
      if (one.at("name") == name) return one;
    }
    return {};
  }
  void get(const std::string& reference, const char* method = "GET") {
    EXPECT_EQ(
        dev().send(method, "/v2/demo/app/manifests/" + reference).status, 200);
  }
  std::int64_t rows() {
    return world().db().read([](Connection& db) {
      auto row = db.query("select count(*) from registry_pull");
      row.next();
      return row.integer(0);
    });
  }
};

TEST_F(PullsTest, ATagIsPulledByItsNameAndByItsDigest) {
  const auto digest = push_image("x", "1").to_string();
  push_image("x", "same");
  push_image("y", "2");
  EXPECT_EQ(tag("1").at("pulls"), 0);
  EXPECT_TRUE(tag("1").at("last_pulled").is_null());
  get("1");
  get("1");
  world().clock().advance(std::chrono::seconds(5));
  const auto now = world().clock().now();
  get(digest);
  EXPECT_EQ(tag("1").at("pulls"), 3);
  EXPECT_EQ(tag("1").at("last_pulled"), now);
  EXPECT_EQ(tag("same").at("pulls"), 1);
  EXPECT_EQ(tag("2").at("pulls"), 0);
}

TEST_F(PullsTest, LookingIsNotPulling) {
  push_image("x", "1");
  get("1", "HEAD");
  world().registry().read_manifest("demo", "app", "1");
  EXPECT_EQ(tag("1").at("pulls"), 0);
  EXPECT_EQ(dev().send("GET", "/v2/demo/app/manifests/none").status, 404);
}

TEST_F(PullsTest, AreWrittenTogetherAndSurviveARestart) {
  push_image("x", "1");
  const auto before = world().db().commits();
  for (int i = 0; i < 10; ++i) get("1");
  EXPECT_EQ(world().db().commits(), before);
  EXPECT_EQ(rows(), 0);
  restart();
  EXPECT_EQ(rows(), 1);
  get("1");
  EXPECT_EQ(tag("1").at("pulls"), 11);
  restart({{"SKERRY_REGISTRY_MANIFEST_CACHE", "0"}});
  get("1");
  get("1");
  EXPECT_EQ(tag("1").at("pulls"), 13);
}

TEST_F(PullsTest, ARepositoryTakesItsPullsWithIt) {
  push_image("x", "1");
  get("1");
  restart();
  get("1");
  world().db().write([](Transaction& tx) {
    tx.run("delete from registry_repository where name = 'app'");
  });
  EXPECT_EQ(rows(), 0);
  restart();  // what was counted meanwhile belongs to nobody
  EXPECT_EQ(rows(), 0);
}

TEST_F(PullsTest, NoneIsLostBetweenThreads) {
  push_image("x", "1");
  Pulls pulls(world().db());
  const Place place{1, "demo", "app"};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 5'000; ++n) {
        pulls.counter(place, n % 2 == 0 ? "1" : "2")->add(n + i);
        if (n % 500 == 0) pulls.flush();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  pulls.flush();
  pulls.flush();  // what counted nothing since is forgotten, not its row
  world().db().read([&](Connection& db) {
    auto counts = pulls.counts(db, place);
    EXPECT_EQ(counts["1"].pulls, 10'000);
    EXPECT_EQ(counts["2"].pulls, 10'000);
    EXPECT_GE(counts["2"].last, 4'000);
  });
}

TEST_F(PullsTest, TagsSayPlatformsTypeAndSignature) {
  const std::string arm = R"({"os":"linux","architecture":"arm64"})";
  const std::string amd = R"({"os":"linux","architecture":"amd64"})";
  std::vector<Digest> children;
  for (const auto& config : {arm, amd, std::string("no json"), amd + " "}) {
    push_blob(config);
    push_blob("layer");
    auto bytes = image_manifest({"layer"});
    const auto own = descriptor_text("application/vnd.oci.image.config.v1+json",
                                     digest_of(kConfig), kConfig.size());
    bytes.replace(bytes.find(own), own.size(),
                  descriptor_text("application/vnd.oci.image.config.v1+json",
                                  digest_of(config), config.size()));
    ASSERT_EQ(put_manifest(bytes, "c" + std::to_string(children.size())).status,
              201);
    children.push_back(digest_of(bytes));
  }
  ASSERT_EQ(put_manifest(index_of(children), "all", "demo/app",
                         std::string(kOciIndex))
                .status,
            201);
  EXPECT_EQ(tag("c0").at("platforms").dump(), R"(["linux/arm64"])");
  EXPECT_EQ(tag("c2").at("platforms").dump(), "[]");
  EXPECT_EQ(tag("all").at("platforms").dump(),
            R"(["linux/amd64","linux/arm64"])");
  EXPECT_EQ(tag("c0").at("artifact_type"),
            "application/vnd.oci.image.config.v1+json");
  EXPECT_EQ(tag("c0").at("signed"), false);
  push_blob("{}");
  push_blob("signature");
  put_manifest(artifact("application/vnd.cncf.notary.signature", children[0],
                        {"signature"}),
               "notary");
  push_blob(kConfig);
  ASSERT_EQ(put_manifest(image_manifest({"layer"}),
                         "sha256-" + children[1].hex + ".sig")
                .status,
            201);
  put_manifest(artifact("application/spdx+json", children[2], {"signature"}),
               "sbom");
  EXPECT_EQ(tag("c0").at("signed"), true);
  EXPECT_EQ(tag("notary").at("artifact_type"),
            "application/vnd.cncf.notary.signature");
  EXPECT_EQ(tag("c1").at("signed"), true);
  EXPECT_EQ(tag("c2").at("signed"), false);
}

}  // namespace
}  // namespace skerry::registry
