// What counts as an image's signature and what does not, with the reason.
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/json.h"
#include "registry/signatures/check.h"
#include "registry/signatures/make.h"
#include "signatures/bundle.h"
#include "signatures/formats.h"
#include "signatures/simple_signing.h"

namespace skerry::registry {
namespace {

constexpr const char* kImage =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"})";

class FakeSource : public SignatureSource {
 public:
  std::optional<Manifest> tagged(const std::string& tag) override {
    const auto it = tags.find(tag);
    if (it == tags.end()) return {};
    return Manifest{digest_of(it->second), it->second};
  }
  std::vector<Manifest> referrers(const Digest&) override {
    std::vector<Manifest> found;
    for (const auto& one : referring) found.push_back({digest_of(one), one});
    return found;
  }
  std::string blob(const Digest& digest, std::uint64_t) override {
    const auto it = blobs.find(digest.to_string());
    if (it == blobs.end()) fail(ErrorCode::not_found, "no such blob");
    return it->second;
  }
  void add_blobs(const SignatureImage& image) {
    for (const auto& one : image.blobs) {
      blobs[digest_of(one).to_string()] = one;
    }
  }
  std::map<std::string, std::string> tags, blobs;
  std::vector<std::string> referring;
};

class SignatureCheck : public testing::Test {
 protected:
  SignedManifest image() const {
    return {digest_, "application/vnd.oci.image.manifest.v1+json",
            std::string_view(kImage).size()};
  }
  std::vector<FoundSignature> check() {
    return check_signatures(source_, digest_, kImage, keys_);
  }
  FoundSignature only() {
    const auto found = check();
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? FoundSignature() : found.front();
  }
  void add_bundle(const SignatureImage& made) {
    source_.add_blobs(made);
    source_.referring.push_back(made.bytes);
  }
  // A bundle of this text, referred to as one.
  void add_bundle_text(const std::string& text) {
    add_bundle({"", Json({{"artifactType", kBundleType},
                          {"layers", Json::array({{{"mediaType", kBundleType},
                                                   {"digest", digest_of(text)
                                                                  .to_string()},
                                                   {"size", text.size()}}})}})
                        .dump(),
                {text}});
  }
  std::string envelope(const std::string& payload, const PrivateKey& key,
                       const std::string& type = std::string(kInTotoType)) {
    return Json({{"mediaType", kBundleType},
                 {"verificationMaterial",
                  {{"publicKey", {{"hint", key.public_key().hint()}}}}},
                 {"dsseEnvelope",
                  {{"payload", to_base64(payload)},
                   {"payloadType", type},
                   {"signatures",
                    Json::array({{{"sig", to_base64(key.sign(dsse_encoding(
                                              type, payload)))}}})}}}})
        .dump();
  }
  void add_legacy(const SignatureImage& made) {
    source_.add_blobs(made);
    source_.tags[signature_tag(digest_)] = made.bytes;
  }

  const Digest digest_ = digest_of(kImage);
  PrivateKey key_ = PrivateKey::generate();
  PrivateKey other_ = PrivateKey::generate();
  std::vector<NamedKey> keys_{{"release", key_.public_key()}};
  FakeSource source_;
};

TEST_F(SignatureCheck, NothingIsFoundOfAnUnsignedImage) {
  EXPECT_TRUE(check().empty());
}

TEST_F(SignatureCheck, ABundleWithItsAnnotations) {
  add_bundle(make_bundle(image(), key_, {{"build", "7"}}, "2026-01-01"));
  const auto found = only();
  EXPECT_TRUE(found.valid()) << found.trouble;
  EXPECT_EQ(found.key, "release");
  EXPECT_EQ(found.format, "bundle");
  EXPECT_EQ(found.annotations.at("build"), "7");
}

TEST_F(SignatureCheck, LegacySignaturesJoinEachOther) {
  const auto first = make_legacy(image(), key_, "host/a/b", {}, {});
  ASSERT_TRUE(first);
  add_legacy(*first);
  EXPECT_FALSE(make_legacy(image(), key_, "host/a/b", {}, first->bytes));
  const auto second =
      make_legacy(image(), other_, "host/a/b", {{"x", "y"}}, first->bytes);
  ASSERT_TRUE(second);
  add_legacy(*second);
  const auto found = check();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(found[0].valid()) << found[0].trouble;
  EXPECT_EQ(found[0].identity, "host/a/b");
  EXPECT_EQ(found[1].trouble, "none of the keys made it, or it was changed since");
}

TEST_F(SignatureCheck, AnotherKeyIsNamed) {
  add_bundle(make_bundle(image(), other_, {}, ""));
  EXPECT_NE(only().trouble.find("made by another key (" +
                                other_.public_key().hint()),
            std::string::npos);
}

TEST_F(SignatureCheck, ASignatureOfAnotherImageDoesNotCount) {
  SignedManifest another = image();
  another.digest = digest_of("another");
  add_bundle(make_bundle(another, key_, {}, ""));
  EXPECT_EQ(only().trouble, "it is of another image: its digest differs");
  source_.referring.clear();
  add_legacy(*make_legacy(another, key_, "host/a/b", {}, {}));
  EXPECT_EQ(only().trouble,
            "it is of another image, " + another.digest.to_string());
}

TEST_F(SignatureCheck, APayloadThatWasChangedDoesNotCount) {
  auto made = *make_legacy(image(), key_, "host/a/b", {}, {});
  auto manifest = parse_json(made.bytes);
  const auto changed =
      payload_text({"host/evil", digest_.to_string(), {}});
  manifest["layers"][0]["digest"] = digest_of(changed).to_string();
  add_legacy({"", manifest.dump(), {changed}});
  EXPECT_EQ(only().trouble, "none of the keys made it, or it was changed since");
  source_.tags.clear();
  auto bundle = parse_json(
      make_bundle(image(), key_, {}, "").blobs.at(1));
  bundle["dsseEnvelope"]["payload"] = to_base64("{}");
  add_bundle_text(bundle.dump());
  EXPECT_NE(only().trouble.find("it names the key 'release', which did not"),
            std::string::npos);
}

TEST_F(SignatureCheck, AnAttestationIsNoSignature) {
  const auto statement = [&](const char* predicate) {
    return Json({{"_type", kStatementType},
                 {"subject", Json::array({{{"digest",
                                            {{"sha256", digest_.hex}}}}})},
                 {"predicateType", predicate},
                 {"predicate", Json::object()}})
        .dump();
  };
  add_bundle_text(envelope(statement("https://slsa.dev/provenance/v1"), key_));
  EXPECT_NE(only().trouble.find("it is an attestation"), std::string::npos);
  // One that says so itself is not even looked at.
  auto manifest = parse_json(source_.referring.back());
  manifest["annotations"][kBundlePredicate] = "https://slsa.dev/provenance/v1";
  source_.referring = {manifest.dump()};
  EXPECT_TRUE(check().empty());
}

TEST_F(SignatureCheck, TheTypeOfAnEnvelopeIsSigned) {
  const auto made = parse_json(make_bundle(image(), key_, {}, "").blobs.at(1));
  const auto payload = *from_base64(
      made.at("dsseEnvelope").at("payload").get<std::string>());
  add_bundle_text(envelope(payload, key_, "application/json"));
  EXPECT_NE(only().trouble.find("holds 'application/json' and no statement"),
            std::string::npos);
}

TEST_F(SignatureCheck, ABundleOfTheManifestItself) {
  const auto bundle = [&](const std::string& digest) {
    return Json({{"mediaType", kBundleType},
                 {"verificationMaterial", {{"publicKey", Json::object()}}},
                 {"messageSignature",
                  {{"messageDigest",
                    {{"algorithm", "SHA2_256"}, {"digest", to_base64(digest)}}},
                   {"signature", to_base64(key_.sign(kImage))}}}})
        .dump();
  };
  add_bundle_text(bundle(*from_hex(digest_.hex)));
  EXPECT_TRUE(only().valid()) << only().trouble;
  source_.referring.clear();
  add_bundle_text(bundle("another"));
  EXPECT_FALSE(only().valid());
}

TEST_F(SignatureCheck, WhatIsNotSupportedIsNamed) {
  const struct {
    const char* bundle;
    const char* trouble;
  } kWrong[] = {
      {"", "line 1"},
      {"[]", "the bundle has no 'mediaType'"},
      {R"({"mediaType":5})", "'mediaType' of the bundle is no text"},
      {R"({"mediaType":"text/plain"})", "'text/plain' is no bundle"},
      {R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"})",
       "has no 'verificationMaterial'"},
      {R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",
           "verificationMaterial":{"certificate":{"rawBytes":""}}})",
       "with a certificate (keyless signing)"},
      {R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",
           "verificationMaterial":{"publicKey":{}}})",
       "has no 'messageSignature'"},
      {R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",
           "verificationMaterial":{"publicKey":{}},
           "dsseEnvelope":{"payloadType":"application/vnd.in-toto+json",
             "payload":"e30=","signatures":[]}})",
       "must have 1 to 16 signatures"},
      {R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",
           "verificationMaterial":{"publicKey":{}},
           "dsseEnvelope":{"payloadType":"application/vnd.in-toto+json",
             "payload":"*","signatures":[{"sig":""}]}})",
       "'payload' of the bundle's envelope is not base64"},
      {R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",
           "verificationMaterial":{"publicKey":{}},
           "messageSignature":{"messageDigest":{"algorithm":"SHA2_512",
             "digest":""},"signature":""}})",
       "is not SHA2_256"},
  };
  for (const auto& [text, trouble] : kWrong) {
    source_.referring.clear();
    add_bundle_text(text);
    EXPECT_NE(only().trouble.find(trouble), std::string::npos)
        << text << ": " << only().trouble;
  }
}

TEST_F(SignatureCheck, BlobsMustBeThereAndWhole) {
  auto made = make_bundle(image(), key_, {}, "");
  source_.referring.push_back(made.bytes);
  EXPECT_EQ(only().trouble, "no such blob");
  source_.blobs[digest_of(made.blobs[1]).to_string()] = made.blobs[1] + " ";
  EXPECT_NE(only().trouble.find("it is damaged"), std::string::npos);
}

TEST_F(SignatureCheck, ThereIsAnEndToSignatures) {
  Json manifest = parse_json(make_legacy(image(), other_, "a/b", {}, {})->bytes);
  const Json layer = manifest["layers"][0];
  for (std::size_t i = 0; i < kMostSignatures; ++i) {
    manifest["layers"].push_back(layer);
  }
  source_.tags[signature_tag(digest_)] = manifest.dump();
  const auto found = check();
  EXPECT_EQ(found.size(), kMostSignatures);
  EXPECT_NE(found.back().trouble.find("more than 256"), std::string::npos);
  EXPECT_THROW(make_legacy(image(), key_, "a/b", {}, manifest.dump()), Error);
}

}  // namespace
}  // namespace skerry::registry
