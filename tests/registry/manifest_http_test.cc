#include <thread>

#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

class ManifestPush : public RegistryTest {
 protected:
  Reply get(const std::string& reference,
            const std::string& repository = "demo/app") const {
    return dev().send("GET", "/v2/" + repository + "/manifests/" + reference);
  }
  std::vector<std::string> pushed() {
    std::vector<std::string> subjects;
    for (const auto& event : world().events().after(0)) {
      if (event.topic == "ImagePushed") {
        subjects.push_back(event.subject + " " + event.version);
      }
    }
    return subjects;
  }
};

TEST_F(ManifestPush, IsReadBackByteForByteByTagAndDigest) {
  push_blob(kConfig);
  push_blob("layer");
  const auto bytes = image_manifest({"layer"}) + "\n  ";  // any spacing stays
  const auto digest = digest_of(bytes).to_string();
  const auto reply = put_manifest(bytes, "v1");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.header("docker-content-digest"), digest);
  EXPECT_EQ(reply.header("location"), "/v2/demo/app/manifests/v1");
  for (int round = 0; round < 2; ++round) {
    for (const auto& reference : {std::string("v1"), digest}) {
      const auto got = get(reference);
      EXPECT_EQ(got.status, 200);
      EXPECT_EQ(got.body, bytes);
      EXPECT_EQ(got.header("content-type"), kOciManifest);
      EXPECT_EQ(got.header("docker-content-digest"), digest);
    }
    restart();
  }
  const auto head = dev().send("HEAD", "/v2/demo/app/manifests/v1");
  EXPECT_EQ(head.header("content-length"), std::to_string(bytes.size()));
}

TEST_F(ManifestPush, TellsTheEventLogOncePerTag) {
  const auto one = push_image("one", "v1").to_string();
  const auto two = push_image("two", "v1").to_string();
  EXPECT_EQ(pushed(), (std::vector<std::string>{"demo/app:v1 " + one,
                                                "demo/app:v1 " + two}));
}

TEST_F(ManifestPush, MovesATag) {
  push_image("one", "v1");
  EXPECT_EQ(get("v1").body, image_manifest({"one"}));
  const auto two = push_image("two", "v1");
  EXPECT_EQ(get("v1").body, image_manifest({"two"}));
  EXPECT_EQ(get(digest_of(image_manifest({"one"})).to_string()).status, 200);
}

TEST_F(ManifestPush, NeedsWhatItNames) {
  push_blob(kConfig);
  push_blob("layer", "demo/elsewhere");
  auto reply = put_manifest(image_manifest({"layer"}), "v1");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(error_code(reply), "MANIFEST_BLOB_UNKNOWN");
  reply = put_manifest(index_of({digest_of("none")}), "v1", "demo/app",
                       std::string(kOciIndex));
  EXPECT_EQ(error_code(reply), "MANIFEST_BLOB_UNKNOWN");
  EXPECT_EQ(get("v1").status, 404);
  EXPECT_TRUE(pushed().empty());
}

TEST_F(ManifestPush, MayNameAbsentPartsWhereThatIsAllowed) {
  const auto index = index_of({digest_of("none")});
  const auto image = image_manifest({"layer"});
  push_blob(kConfig);
  const auto put = [&](const std::string& bytes, std::string_view type) {
    return put_manifest(bytes, "v1", "demo/app", std::string(type)).status;
  };
  restart({{"SKERRY_REGISTRY_ABSENT_PARTS", "manifests"}});
  EXPECT_EQ(put(index, kOciIndex), 201);
  EXPECT_EQ(put(image, kOciManifest), 404);
  restart({{"SKERRY_REGISTRY_ABSENT_PARTS", "all"}});
  EXPECT_EQ(put(image, kOciManifest), 201);
  EXPECT_EQ(get("v1").body, image);
  const auto digest = digest_of(image).to_string();
  EXPECT_EQ(dev().send("HEAD", "/v2/demo/app/blobs/" +
                                   digest_of("layer").to_string()).status,
            404);
  EXPECT_EQ(admin().send("DELETE", "/v2/demo/app/manifests/" + digest).status,
            202);
  const auto deleted = parse_json(
      admin().send("GET", "/api/v1/projects/demo/images/deleted").body);
  for (const auto& row : deleted.at("deleted")) {
    if (!row.at("tag").is_null()) continue;
    const auto path = "/api/v1/projects/demo/images/deleted/" +
                      row.at("id").dump() + "/restore";
    EXPECT_LT(admin().send("POST", path).status, 300);
  }
  EXPECT_EQ(get(digest).body, image);
}

TEST_F(ManifestPush, ByDigestMustMatchAndTakesTags) {
  push_blob(kConfig);
  const auto bytes = image_manifest({});
  EXPECT_EQ(error_code(put_manifest(bytes, digest_of("x").to_string())),
            "DIGEST_INVALID");
  const auto digest = digest_of(bytes, DigestAlgorithm::sha512).to_string();
  const auto reply = put_manifest(bytes, digest + "?tag=a&tag=b");
  EXPECT_EQ(reply.status, 201);
  EXPECT_FALSE(reply.header("oci-tag").empty());
  EXPECT_EQ(get("a").header("docker-content-digest"), digest);
  EXPECT_EQ(get("b").body, bytes);
  EXPECT_EQ(put_manifest(bytes, digest + "?tag=..").status, 400);
}

TEST_F(ManifestPush, RefusesBadTagsAndReferences) {
  push_blob(kConfig);
  for (const auto* path : {"..", "%2e%2e", "..%2f..%2fx", "a%00b", "%zz"}) {
    EXPECT_EQ(error_code(get(path)), "NAME_INVALID") << path;
  }
  for (const auto* tag : {".a", "-a", "a%20b"}) {
    EXPECT_EQ(put_manifest(image_manifest({}), tag).status, 400) << tag;
    EXPECT_EQ(get(tag).status, 404) << tag;
  }
  EXPECT_EQ(error_code(get("sha256:xyz")), "DIGEST_INVALID");
  EXPECT_EQ(put_manifest(image_manifest({}), std::string(129, 'x')).status,
            400);
}

TEST_F(ManifestPush, HasALimitOnSize) {
  restart({{"SKERRY_REGISTRY_MAX_MANIFEST_SIZE", "4MiB"}});
  push_blob(kConfig);
  auto text = image_manifest({});
  text.insert(1, R"("annotations":{"a":")" +
                     std::string((4u << 20) - text.size() - 30, 'x') + "\"},");
  ASSERT_LE(text.size(), 4u << 20);
  EXPECT_EQ(put_manifest(text, "big").status, 201);
  EXPECT_EQ(get("big").body, text);
  const auto reply = put_manifest(text + std::string(64, ' '), "bigger");
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(error_code(reply), "SIZE_INVALID");
  EXPECT_EQ(admin().send_chunked("PUT", "/v2/demo/app/manifests/x",
                                 {text, std::string(64, ' ')}).status,
            413);
}

TEST_F(ManifestPush, HasALimitOnDepth) {
  restart({{"SKERRY_REGISTRY_MAX_INDEX_DEPTH", "3"}});
  push_blob(kConfig);
  auto bytes = image_manifest({});
  put_manifest(bytes, "d0");
  for (int depth = 1; depth <= 4; ++depth) {
    bytes = index_of({digest_of(bytes)});
    const auto reply = put_manifest(bytes, "d" + std::to_string(depth),
                                    "demo/app", std::string(kOciIndex));
    EXPECT_EQ(reply.status, depth <= 3 ? 201 : 400) << depth;
  }
}

TEST_F(ManifestPush, BetweenManyClientsLeavesOneWinner) {
  push_blob(kConfig);
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([this, i] {
      for (int j = 0; j < 10; ++j) {
        const auto layer = std::to_string(i) + "/" + std::to_string(j);
        push_image(layer, "race");
        const auto got = get("race");
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.header("docker-content-digest"),
                  digest_of(got.body).to_string());
      }
    });
  }
  for (auto& client : clients) client.join();
  const auto events = pushed();
  ASSERT_EQ(events.size(), 40u);
  EXPECT_EQ("demo/app:race " + get("race").header("docker-content-digest"),
            events.back());
}

TEST_F(ManifestPush, TakesBuildKitsCacheIndex) {
  push_blob("cache layer");
  const auto bytes =
      R"({"schemaVersion":2,"mediaType":")" + std::string(kOciIndex) +
      R"(","manifests":[)" +
      descriptor_text("application/vnd.oci.image.layer.v1.tar+gzip",
                      digest_of("cache layer"), 11) +
      "]}";
  EXPECT_EQ(put_manifest(bytes, "cache", "demo/app", std::string(kOciIndex))
                .status,
            201);
}

using ManifestDelete = ManifestPush;

TEST_F(ManifestDelete, ByDigestTakesItsTagsAlong) {
  const auto digest = push_image("one", "v1").to_string();
  push_image("one", "v2");
  push_image("two", "v3");
  EXPECT_EQ(get("v1").status, 200);  // kept in memory now
  const auto path = "/v2/demo/app/manifests/" + digest;
  EXPECT_EQ(dev().send("DELETE", path).status, 403);
  EXPECT_EQ(admin().send("DELETE", path).status, 202);
  for (const auto& reference : {digest, std::string("v1"), std::string("v2")}) {
    EXPECT_EQ(error_code(get(reference)), "MANIFEST_UNKNOWN") << reference;
  }
  EXPECT_EQ(get("v3").status, 200);
  EXPECT_EQ(admin().send("DELETE", path).status, 404);
}

TEST_F(ManifestDelete, ByTagTakesOnlyTheTag) {
  const auto digest = push_image("one", "v1").to_string();
  push_image("one", "v2");
  EXPECT_EQ(admin().send("DELETE", "/v2/demo/app/manifests/v1").status, 202);
  EXPECT_EQ(get("v1").status, 404);
  EXPECT_EQ(get("v2").status, 200);
  EXPECT_EQ(get(digest).status, 200);
  EXPECT_EQ(admin().send("DELETE", "/v2/demo/app/manifests/v1").status, 404);
}

TEST_F(ManifestDelete, ThenPushAgainWorks) {
  const auto digest = push_image("one", "v1").to_string();
  admin().send("DELETE", "/v2/demo/app/manifests/" + digest);
  push_image("one", "v1");
  EXPECT_EQ(get("v1").status, 200);
  EXPECT_EQ(get(digest).status, 200);
}

TEST_F(ManifestDelete, LeavesOtherRepositoriesAlone) {
  const auto digest = push_image("one", "v1", "demo/a").to_string();
  push_image("one", "v1", "demo/b");
  admin().send("DELETE", "/v2/demo/a/manifests/" + digest);
  EXPECT_EQ(get("v1", "demo/b").status, 200);
}

}  // namespace
}  // namespace skerry::registry
