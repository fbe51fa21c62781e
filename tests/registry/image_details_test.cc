// What is said of one image.
#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

class ImageDetails : public RegistryTest {
 protected:
  Json details(const std::string& reference, int status = 200,
               const std::string& repository = "app") const {
    const auto reply = admin().send(
        "GET", "/api/v1/projects/demo/images/manifest?repository=" +
                   repository + "&reference=" + reference);
    EXPECT_EQ(reply.status, status) << reply.body;
    return parse_json(reply.body);
  }
  // An image with this configuration.
  Digest push_with_config(const std::string& config,
                          const std::vector<std::string>& layers,
                          const std::string& tag) const {
    push_blob(config);
    for (const auto& layer : layers) push_blob(layer);
    Json manifest = parse_json(image_manifest(layers));
    manifest["config"]["digest"] = digest_of(config).to_string();
    manifest["config"]["size"] = config.size();
    EXPECT_EQ(put_manifest(manifest.dump(), tag).status, 201);
    return digest_of(manifest.dump());
  }
};

TEST_F(ImageDetails, OfAnImageSayWhatMadeEachLayer) {
  const std::string config = R"({"architecture":"arm64","variant":"v8",
    "os":"linux","created":"2026-01-02T03:04:05Z","author":"me",
    "config":{"User":"app","Entrypoint":["/bin/app"],"Cmd":["serve"],
      "Env":["A=b"],"WorkingDir":"/srv","ExposedPorts":{"80/tcp":{}},
      "Volumes":{"/data":{}},"Labels":{"team":"x"}},
    "history":[{"created_by":"FROM base"},
      {"created_by":"ENV A=b","empty_layer":true},
      {"created_by":"COPY app /bin"}]})";
  const auto digest = push_with_config(config, {"base", "copy"}, "v1");
  const auto found = details("v1");
  EXPECT_EQ(found.at("digest"), digest.to_string());
  EXPECT_EQ(found.at("tags").dump(), R"(["v1"])");
  EXPECT_EQ(found.at("config").dump(),
            R"({"author":"me","cmd":["serve"],)"
            R"("created":"2026-01-02T03:04:05Z","entrypoint":["/bin/app"],)"
            R"("env":["A=b"],"exposed_ports":["80/tcp"],)"
            R"("labels":{"team":"x"},"platform":"linux/arm64/v8",)"
            R"("user":"app","volumes":["/data"],"working_dir":"/srv"})");
  const auto& layers = found.at("layers");
  ASSERT_EQ(layers.size(), 3u);
  EXPECT_EQ(layers[0].at("created_by"), "FROM base");
  EXPECT_EQ(layers[0].at("digest"), digest_of("base").to_string());
  EXPECT_EQ(layers[1].at("digest"), nullptr);
  EXPECT_EQ(layers[1].at("created_by"), "ENV A=b");
  EXPECT_EQ(layers[2].at("digest"), digest_of("copy").to_string());
  EXPECT_EQ(layers[2].at("size_bytes"), 4);
}

TEST_F(ImageDetails, SurviveConfigurationsOfAnyShape) {
  int number = 0;
  for (const std::string config :
       {"not json", "[]", "{}", R"({"history":7})", R"({"history":[1,{}]})",
        R"({"config":[],"os":{}})", R"({"config":{"Env":"x","Labels":[]}})",
        R"({"history":[{"created_by":"a"},{"created_by":"b"},
            {"created_by":"more than there are layers"}]})"}) {
    const auto tag = "odd" + std::to_string(number++);
    push_with_config(config, {"one", "two"}, tag);
    EXPECT_EQ(details(tag).at("layers").size(), 2u) << config;
  }
}

TEST_F(ImageDetails, OfAnIndexNameItsChildren) {
  const auto child = push_image("layer", "child");
  const auto index = index_of({child});
  put_manifest(index, "all", "demo/app", std::string(kOciIndex));
  const auto found = details("all");
  ASSERT_EQ(found.at("manifests").size(), 1u);
  EXPECT_EQ(found.at("manifests")[0].at("digest"), child.to_string());
  EXPECT_TRUE(found.at("layers").empty());
  EXPECT_EQ(found.at("config"), nullptr);
}

TEST_F(ImageDetails, HaveTheTreeOfReferrers) {
  const auto image = push_image("layer", "v1");
  push_blob("{}");
  push_blob("bom");
  const auto sbom = artifact("example/sbom", image, {"bom"});
  put_manifest(sbom, digest_of(sbom).to_string());
  const auto signature = artifact(
      "application/vnd.cncf.notary.signature", digest_of(sbom), {"bom"});
  put_manifest(signature, digest_of(signature).to_string());
  const auto tree = details("v1").at("referrers");
  ASSERT_EQ(tree.size(), 1u);
  EXPECT_EQ(tree[0].at("artifact_type"), "example/sbom");
  EXPECT_EQ(tree[0].at("signature"), false);
  ASSERT_EQ(tree[0].at("referrers").size(), 1u);
  EXPECT_EQ(tree[0].at("referrers")[0].at("signature"), true);
  EXPECT_EQ(details(digest_of(sbom).to_string()).at("subject"),
            image.to_string());
}

TEST_F(ImageDetails, SayWhatADeletionFrees) {
  push_image("only here", "v1");
  const auto config = static_cast<std::int64_t>(kConfig.size());
  const auto freed = [&](const std::string& tag) {
    const auto found = details(tag);
    return found.at("frees_bytes").get<std::int64_t>() -
           found.at("manifest_bytes").get<std::int64_t>();
  };
  EXPECT_EQ(freed("v1"), 9 + config);
  push_image("another", "v2");  // shares the configuration
  EXPECT_EQ(freed("v1"), 9);
  push_image("only here", "v1", "demo/elsewhere");
  EXPECT_EQ(freed("v1"), 0);
}

TEST_F(ImageDetails, AreRefusedForWhatIsNotThere) {
  push_image("layer", "v1");
  details("v2", 404);
  details("v1", 404, "nothing");
  details("", 400);
  details("sha256:zz", 400);
}

TEST_F(ImageDetails, ADeletionByTagLeavesTheManifest) {
  const auto image = push_image("layer", "v1");
  const auto path = "/api/v1/projects/demo/images/manifest?repository=app";
  EXPECT_EQ(dev().send("DELETE", path + std::string("&reference=v1")).status,
            403);
  EXPECT_EQ(admin().send("DELETE", path + std::string("&reference=v1")).status,
            204);
  details("v1", 404);
  EXPECT_EQ(details(image.to_string()).at("tags").size(), 0u);
}

}  // namespace
}  // namespace skerry::registry
