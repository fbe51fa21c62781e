#include "manifests/platform.h"

#include <gtest/gtest.h>

#include "manifests/tag_details.h"

namespace skerry::registry {
namespace {

TEST(Platform, IsWhatTheConfigurationSays) {
  const struct {
    const char* config;
    const char* platform;
  } kCases[] = {
      {R"({"os":"linux","architecture":"amd64"})", "linux/amd64"},
      {R"({"os":"linux","architecture":"arm64","variant":"v8","x":[1]})",
       "linux/arm64/v8"},
      {R"({"os":"windows","architecture":"amd64","os.version":"10.0"})",
       "windows/amd64"},
      {R"({"os":"linux","architecture":"arm","variant":7})", "linux/arm"},
      {R"({"architecture":"amd64"})", ""},
      {R"({"os":"linux"})", ""},
      {R"({"os":"unknown","architecture":"unknown"})", ""},
      {R"({"os":"li nux","architecture":"amd64"})", ""},
      {R"({"os":"LINUX","architecture":"amd64"})", ""},
      {R"({"os":["linux"],"architecture":{}})", ""},
      {R"({"os":"aaaaaaaaaabbbbbbbbbbccccccccccddddd","architecture":"amd64"})",
       ""},
      {"[]", ""},
      {"7", ""},
      {"", ""},
      {"not json", ""},
      {R"({"os":"linux","os":"linux","architecture":"amd64"})", ""},
  };
  for (const auto& one : kCases) {
    EXPECT_EQ(platform_of(one.config), one.platform) << one.config;
  }
}

TEST(SubjectTag, IsToldFromOthers) {
  const std::string hex(64, 'a');
  const struct {
    std::string tag;
    const char* kind;  // null: none
  } kCases[] = {
      {"sha256-" + hex, ""},
      {"sha256-" + hex + ".sig", "sig"},
      {"sha256-" + hex + ".att", "att"},
      {"sha256-" + hex + ".sbom", "sbom"},
      {"sha256-" + hex + ".other", nullptr},
      {"sha256-" + hex + "0", nullptr},
      {"sha256-" + hex.substr(1), nullptr},
      {"sha256-" + std::string(64, 'A'), nullptr},
      {"sha512-" + hex, nullptr},
      {"v1", nullptr},
      {"", nullptr},
  };
  for (const auto& one : kCases) {
    const auto parsed = parse_subject_tag(one.tag);
    EXPECT_EQ(parsed.has_value(), one.kind != nullptr) << one.tag;
    if (!parsed) continue;
    EXPECT_EQ(parsed->kind, one.kind);
    EXPECT_EQ(parsed->subject, "sha256:" + hex);
  }
}

TEST(Signature, IsToldByItsType) {
  const char* bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
  EXPECT_TRUE(is_signature("application/vnd.cncf.notary.signature", ""));
  EXPECT_TRUE(
      is_signature("application/vnd.dev.cosign.artifact.sig.v1+json", "{}"));
  EXPECT_TRUE(is_signature(bundle, ""));
  EXPECT_TRUE(is_signature(
      bundle,
      R"({"dev.sigstore.bundle.predicateType":"https://sigstore.dev/cosign/sign/v1"})"));
  EXPECT_FALSE(is_signature(
      bundle,
      R"({"dev.sigstore.bundle.predicateType":"https://slsa.dev/provenance/v1"})"));
  EXPECT_FALSE(is_signature("application/spdx+json", ""));
}

}  // namespace
}  // namespace skerry::registry
