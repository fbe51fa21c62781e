#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

class Listing : public RegistryTest {
 protected:
  Json json(const std::string& target) const {
    return parse_json(admin().send("GET", target).body);
  }
  Json referrers(const Digest& subject, const std::string& query = {}) const {
    return json("/v2/demo/app/referrers/" + subject.to_string() + query)
        .at("manifests");
  }
  // Pushes an artifact about `subject`; its digest.
  Digest attach(const Digest& subject, const std::string& type,
                const std::string& layer) const {
    push_blob("{}");
    push_blob(layer);
    const auto bytes = artifact(type, subject, {layer});
    const auto reply = put_manifest(bytes, digest_of(bytes).to_string());
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(reply.header("oci-subject"), subject.to_string());
    return digest_of(bytes);
  }
};

TEST_F(Listing, TagsComeSortedInPages) {
  for (const auto* tag : {"b", "a", "C", "1", "_"}) push_image("x", tag);
  EXPECT_EQ(json("/v2/demo/app/tags/list").dump(),
            R"({"name":"demo/app","tags":["1","C","_","a","b"]})");
  auto reply = admin().send("GET", "/v2/demo/app/tags/list?n=2");
  EXPECT_EQ(parse_json(reply.body).at("tags").dump(), R"(["1","C"])");
  EXPECT_EQ(reply.header("link"),
            "</v2/demo/app/tags/list?n=2&last=C>; rel=\"next\"");
  reply = admin().send("GET", "/v2/demo/app/tags/list?n=3&last=C");
  EXPECT_EQ(parse_json(reply.body).at("tags").dump(), R"(["_","a","b"])");
  EXPECT_EQ(reply.header("link"), "");
  reply = admin().send("GET", "/v2/demo/app/tags/list?n=0");
  EXPECT_EQ(parse_json(reply.body).at("tags").dump(), "[]");
  EXPECT_EQ(reply.header("link"), "");
  for (const auto* n : {"x", "-1", "1.5", "", "99999999999999999999"}) {
    EXPECT_EQ(admin().send("GET", std::string("/v2/demo/app/tags/list?n=") + n)
                  .status,
              400)
        << n;
  }
}

TEST_F(Listing, TagsOfARepositoryThatNobodyPushedToAreUnknown) {
  const auto reply = admin().send("GET", "/v2/demo/never/tags/list");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(error_code(reply), "NAME_UNKNOWN");
}

TEST_F(Listing, CatalogHasWhatTheCallerMayRead) {
  push_image("x", "1", "demo/b");
  push_image("x", "1", "demo/a/deep");
  push_image("x", "1", "open/c");
  push_image("x", "1", "other/d");
  push_blob("blob without manifest", "demo/empty");
  EXPECT_EQ(json("/v2/_catalog").at("repositories").dump(),
            R"(["demo/a/deep","demo/b","open/c","other/d"])");
  EXPECT_EQ(parse_json(dev().send("GET", "/v2/_catalog").body)
                .at("repositories")
                .dump(),
            R"(["demo/a/deep","demo/b","open/c"])");
  const auto reply = admin().send("GET", "/v2/_catalog?n=2&last=demo/a/deep");
  EXPECT_EQ(parse_json(reply.body).at("repositories").dump(),
            R"(["demo/b","open/c"])");
  EXPECT_EQ(reply.header("link"),
            "</v2/_catalog?n=2&last=open%2Fc>; rel=\"next\"");
  EXPECT_EQ(as("").send("GET", "/v2/_catalog").status, 401);
}

TEST_F(Listing, ReferrersOfWhatNobodyPushedAreNone) {
  const auto digest = "sha256:" + std::string(64, '0');
  for (const auto* repository : {"demo/app", "demo/never"}) {
    const auto reply = dev().send("GET", std::string("/v2/") + repository +
                                             "/referrers/" + digest);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("content-type"), kOciIndex);
    EXPECT_TRUE(parse_json(reply.body).at("manifests").empty());
  }
  EXPECT_EQ(dev().send("GET", "/v2/demo/app/referrers/x").status, 400);
}

TEST_F(Listing, ReferrersAreFilteredByType) {
  const auto image = push_image("x", "1");
  const auto sbom = attach(image, "application/x-sbom", "s");
  const auto signature = attach(image, "application/x-sig", "g");
  EXPECT_EQ(referrers(image).size(), 2u);
  const auto found = referrers(image, "?artifactType=application/x-sbom");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].at("digest"), sbom.to_string());
  EXPECT_EQ(found[0].at("artifactType"), "application/x-sbom");
  EXPECT_EQ(found[0].at("mediaType"), kOciManifest);
  EXPECT_EQ(found[0].at("annotations").at("made.by"), "test");
  EXPECT_EQ(admin()
                .send("GET", "/v2/demo/app/referrers/" + image.to_string() +
                                 "?artifactType=x")
                .header("oci-filters-applied"),
            "artifactType");
}

TEST_F(Listing, ReferrersMayComeBeforeTheirSubjectAndGoWithThemselves) {
  const auto subject = digest_of("not here");
  const auto sbom = attach(subject, "application/x-sbom", "s");
  EXPECT_EQ(referrers(subject).size(), 1u);
  admin().send("DELETE", "/v2/demo/app/manifests/" + sbom.to_string());
  EXPECT_TRUE(referrers(subject).empty());
}

TEST_F(Listing, ReferrersComeInPages) {
  const auto image = push_image("x", "1");
  for (const auto* layer : {"a", "b", "c"}) attach(image, "t", layer);
  std::size_t seen = 0, pages = 0;
  std::string target =
      "/v2/demo/app/referrers/" + image.to_string() + "?n=2&artifactType=t";
  while (!target.empty() && pages < 5) {
    const auto reply = admin().send("GET", target);
    seen += parse_json(reply.body).at("manifests").size();
    ++pages;
    const auto link = reply.header("link");
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  EXPECT_EQ(seen, 3u);
  EXPECT_EQ(pages, 2u);
}

TEST_F(Listing, ReferrersOfTheFallbackTagAreAbsorbed) {
  const auto image = push_image("x", "1");
  const auto known = attach(image, "application/x-sbom", "s");
  push_blob("old");
  const auto old = push_image("old", "old-signature");
  const auto index =
      R"({"schemaVersion":2,"mediaType":")" + std::string(kOciIndex) +
      R"(","manifests":[)" + descriptor_text(kOciManifest, known, 1) + "," +
      descriptor_text(kOciManifest, old, 1) + "]}";
  ASSERT_EQ(put_manifest(index, "sha256-" + image.hex, "demo/app",
                         std::string(kOciIndex))
                .status,
            201);
  const auto found = referrers(image);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1].at("digest"), old.to_string());
  EXPECT_TRUE(referrers(image, "?artifactType=none").empty());
}

TEST_F(Listing, ImagesOfAProjectAreInTheApi) {
  const auto digest = push_image("layer", "v1", "demo/app").to_string();
  const auto images = json("/api/v1/projects/demo/images").at("repositories");
  ASSERT_EQ(images.size(), 1u);
  EXPECT_EQ(images[0].at("name"), "app");
  EXPECT_EQ(images[0].at("tags"), 1);
  const auto size =
      kConfig.size() + 5 + image_manifest({"layer"}).size();
  EXPECT_EQ(images[0].at("size_bytes"), size);
  const auto tags =
      json("/api/v1/projects/demo/images/tags?repository=app").at("tags");
  ASSERT_EQ(tags.size(), 1u);
  EXPECT_EQ(tags[0].at("name"), "v1");
  EXPECT_EQ(tags[0].at("digest"), digest);
  EXPECT_EQ(tags[0].at("size_bytes"), size);
  EXPECT_EQ(tags[0].at("media_type"), kOciManifest);
  EXPECT_EQ(admin()
                .send("GET",
                      "/api/v1/projects/demo/images/tags?repository=none")
                .status,
            404);
}

TEST_F(Listing, ADeletedImageRepositoryIsGoneWithItsTags) {
  push_image("x", "1", "demo/app");
  push_image("y", "2", "demo/app");
  push_image("x", "1", "demo/other");
  const std::string images = "/api/v1/projects/demo/images";
  EXPECT_EQ(admin().send("DELETE", images).status, 400);
  EXPECT_EQ(admin().send("DELETE", images + "?repository=none").status, 404);
  EXPECT_EQ(admin().send("DELETE", images + "?repository=app").status, 204);
  EXPECT_EQ(admin().send("GET", "/v2/demo/app/manifests/1").status, 404);
  EXPECT_EQ(admin().send("GET", "/v2/demo/app/tags/list").status, 404);
  EXPECT_EQ(json(images).at("repositories").size(), 1u);
  // What another repository shares with it stays.
  EXPECT_EQ(admin().send("GET", "/v2/demo/other/manifests/1").status, 200);
  push_image("x", "1", "demo/app");
  EXPECT_EQ(json("/v2/demo/app/tags/list").at("tags").dump(), R"(["1"])");
}

TEST_F(Listing, AManifestIsRemovedInTheProcess) {
  push_image("x", "1", "demo/app");
  auto& registry = world().registry();
  registry.remove_manifest("demo", "app", "none", {});
  ASSERT_TRUE(registry.read_manifest("demo", "app", "1"));
  registry.remove_manifest("demo", "app", "1", {});
  EXPECT_FALSE(registry.read_manifest("demo", "app", "1"));
  EXPECT_EQ(json("/api/v1/projects/demo/images").at("repositories").size(), 0u);
}

}  // namespace
}  // namespace skerry::registry
