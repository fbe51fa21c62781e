#include "manifests/manifest.h"

#include <gtest/gtest.h>

#include "core/http/route.h"
#include "manifests/media_types.h"
#include "samples.h"

namespace skerry::registry {
namespace {

std::string code_of(std::string_view bytes, std::string_view type) {
  try {
    parse_manifest(bytes, type);
  } catch (const http::ProtocolError& error) {
    return error.protocol_code();
  }
  return "";
}

TEST(Manifest, OfAnImageNamesConfigAndLayers) {
  const auto manifest =
      parse_manifest(image_manifest({"one", "two"}), kOciManifest);
  EXPECT_EQ(manifest.media_type, kOciManifest);
  ASSERT_EQ(manifest.blobs.size(), 3u);
  EXPECT_EQ(manifest.blobs[0].digest, digest_of(kConfig));
  EXPECT_EQ(manifest.blobs[2].digest, digest_of("two"));
  EXPECT_EQ(manifest.artifact_type, "application/vnd.oci.image.config.v1+json");
  EXPECT_FALSE(manifest.subject);
}

TEST(Manifest, OfAnIndexNamesItsChildren) {
  const auto child = digest_of("child");
  const auto manifest = parse_manifest(index_of({child}), kOciIndex);
  ASSERT_EQ(manifest.manifests.size(), 1u);
  EXPECT_EQ(manifest.manifests[0].digest, child);
  EXPECT_TRUE(manifest.artifact_type.empty());
}

TEST(Manifest, TypeComesFromTheHeaderTheBodyOrTheShape) {
  const auto image = image_manifest({});
  EXPECT_EQ(parse_manifest(image, "").media_type, kOciManifest);
  EXPECT_EQ(parse_manifest(image, "application/json").media_type, kOciManifest);
  EXPECT_EQ(parse_manifest(image, std::string(kOciManifest) +
                                      "; charset=utf-8").media_type,
            kOciManifest);
  EXPECT_EQ(
      parse_manifest(R"({"schemaVersion":2,"manifests":[]})", "").media_type,
      kOciIndex);
}

TEST(Manifest, LeavesForeignLayersOut) {
  for (const auto* type :
       {"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"}) {
    auto text = image_manifest({"layer"});
    const std::string plain = "application/vnd.oci.image.layer.v1.tar";
    text.replace(text.find(plain), plain.size(), type);
    EXPECT_EQ(parse_manifest(text, kOciManifest).blobs.size(), 1u) << type;
  }
}

TEST(Manifest, KeepsSubjectTypeAndAnnotations) {
  const auto subject = digest_of("subject");
  const auto text = artifact("application/x-sbom", subject, {"sbom"});
  const auto manifest = parse_manifest(text, kOciManifest);
  EXPECT_EQ(manifest.subject, subject);
  EXPECT_EQ(manifest.artifact_type, "application/x-sbom");
  EXPECT_EQ(manifest.annotations, R"({"made.by":"test"})");
}

TEST(Manifest, RefusesWhatIsNone) {
  const auto hex = std::string(64, 'a');
  const std::string config = R"("config":{"digest":"sha256:)" + hex +
                             R"(","size":1})";
  const std::string start = R"({"schemaVersion":2,)";
  const std::vector<std::string> wrong = {
      "",
      "x",
      "null",
      "[]",
      "1",
      "\"text\"",
      "{}",
      "{\"schemaVersion\":2",
      std::string(100'000, '['),
      R"({"schemaVersion":1,"layers":[],)" + config + "}",
      R"({"layers":[],)" + config + "}",
      start + R"("layers":[]})",
      start + config + "}",
      start + config + R"(,"layers":{}})",
      start + config + R"(,"layers":[1]})",
      start + config + R"(,"layers":[{}]})",
      start + config + R"(,"layers":[{"digest":1,"size":1}]})",
      start + config + R"(,"layers":[{"digest":"sha256:)" + hex + "\"}]}",
      start + config + R"(,"layers":[{"digest":"sha256:)" + hex +
          R"(","size":-1}]})",
      start + config + R"(,"layers":[{"digest":"sha256:)" + hex +
          R"(","size":1.5}]})",
      start + config + R"(,"layers":[{"digest":"sha256:)" + hex +
          R"(","size":18446744073709551615}]})",
      start + config + R"(,"layers":[],"manifests":[]})",
      start + config + R"(,"layers":[],"fsLayers":[]})",
      start + config + R"(,"layers":[],"mediaType":7})",
      start + config + R"(,"layers":[],"mediaType":")" +
          std::string(kOciIndex) + "\"}",
      start + config + R"(,"layers":[],"annotations":[]})",
      start + config + R"(,"layers":[],"annotations":{"a":1}})",
      start + config + R"(,"layers":[],"subject":"x"})",
      start + config + R"(,"layers":[],"artifactType":[]})",
      start + R"("config":[],"layers":[]})",
  };
  for (const auto& text : wrong) {
    EXPECT_EQ(code_of(text, kOciManifest), "MANIFEST_INVALID") << text;
  }
}

TEST(Manifest, RefusesBadDigestsByTheirCode) {
  for (const auto& digest :
       {std::string("x"), "sha256:" + std::string(64, 'A'),
        "sha256:" + std::string(63, 'a'), "md5:" + std::string(32, 'a')}) {
    EXPECT_EQ(code_of(R"({"schemaVersion":2,"layers":[],"config":{"digest":")" +
                          digest + R"(","size":1}})",
                      kOciManifest),
              "DIGEST_INVALID")
        << digest;
  }
}

TEST(Manifest, RefusesTypesThatAreNotSupportedByName) {
  EXPECT_EQ(code_of(image_manifest({}),
                    "application/vnd.docker.distribution.manifest.v1+prettyjws"),
            "MANIFEST_INVALID");
  EXPECT_EQ(code_of(image_manifest({}), "text/html"), "MANIFEST_INVALID");
}

TEST(Manifest, RefusesTooManyReferences) {
  std::string text = R"({"schemaVersion":2,"manifests":[)";
  const auto one = R"({"digest":"sha256:)" + std::string(64, 'a') +
                   R"(","size":1})";
  for (std::size_t i = 0; i <= kMaxReferences; ++i) {
    text += (i > 0 ? "," : "") + one;
  }
  EXPECT_EQ(code_of(text + "]}", kOciIndex), "MANIFEST_INVALID");
}

}  // namespace
}  // namespace skerry::registry
