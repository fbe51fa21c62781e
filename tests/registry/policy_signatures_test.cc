// A policy that demands signatures: what may be pulled, by whom, and what the
// API says of who signed.
#include "fixture.h"
#include "manifests/media_types.h"
#include "policy/artifact.h"
#include "policy/policy.h"
#include "registry/signatures/make.h"

namespace skerry::registry {
namespace {

Policy policy_of(const Json& signatures) {
  return parse_policy({{"signatures", signatures}});
}

std::string complaint(const Json& signatures) {
  try {
    policy_of(signatures);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(SignaturePolicyDocument, IsWrittenAsItWasRead) {
  const auto pem = PrivateKey::generate().public_key().pem();
  const auto policy = policy_of(
      {{"demand", "deploy"},
       {"keys", {{{"name", "release"}, {"pem", "Made in 2026\n" + pem}}}},
       {"images", {{{"repositories", "prod/**"}, {"tags", "v*"}}}},
       {"except", {{{"repositories", "prod/tools"}}}},
       {"other_registries", {"docker.io/library/*"}}});
  const auto document = to_json(policy);
  EXPECT_EQ(to_json(parse_policy(document)), document);
  EXPECT_EQ(document.at("signatures").at("keys")[0].at("pem"), pem);
  EXPECT_TRUE(policy.signatures.covers("prod/app", "v1"));
  EXPECT_FALSE(policy.signatures.covers("prod/app", "latest"));
  EXPECT_FALSE(policy.signatures.covers("prod/app", ""));
  EXPECT_FALSE(policy.signatures.covers("prod/tools", "v1"));
  EXPECT_TRUE(policy.signatures.excepts_other("docker.io/library/nginx"));
  EXPECT_FALSE(policy.signatures.excepts_other("docker.io/evil/nginx"));
  EXPECT_EQ(to_json(parse_policy(Json::object()))
                .at("signatures")
                .at("demand"),
            "none");
}

TEST(SignaturePolicyDocument, NamesWhatIsWrongByItsPath) {
  const auto pem = PrivateKey::generate().public_key().pem();
  const Json key = {{"name", "a"}, {"pem", pem}};
  const struct {
    Json signatures;
    const char* complaint;
  } kWrong[] = {
      {5, "signatures must be a JSON object"},
      {{{"demand", "always"}}, "signatures.demand must be none, deploy or"},
      {{{"demand", "pull"}}, "signatures.keys is empty"},
      {{{"keys", {key, key}}}, "signatures.keys[1].name: there is another"},
      {{{"keys", {key, {{"name", "b"}, {"pem", pem}}}}},
       "signatures.keys[1].pem: it is the key 'a' once more"},
      {{{"keys", {{{"name", "a"}, {"pem", "x"}}}}},
       "signatures.keys[0].pem: it is not PEM"},
      {{{"keys", {{{"name", "a"}}}}}, "signatures.keys[0].pem: it is not PEM"},
      {{{"keys", {{{"name", ""}, {"pem", pem}}}}},
       "signatures.keys[0].name must be what the key is called"},
      {{{"keys", {{{"name", "a"}, {"pem", pem}, {"x", 1}}}}},
       "signatures.keys[0].x is not a member"},
      {{{"except", {{{"tags", ""}}}}}, "signatures.except[0].tags must be"},
      {{{"other_registries", {""}}}, "signatures.other_registries[0] must be"},
      {{{"key", 1}}, "signatures.key is not a member"},
  };
  for (const auto& [signatures, expected] : kWrong) {
    const auto said = complaint(signatures);
    EXPECT_EQ(said.substr(0, std::string_view(expected).size()), expected)
        << signatures.dump().substr(0, 80);
  }
}

TEST(Artifact, IsToldFromAnImageByWhatClientsWouldRun) {
  const std::string config = "application/vnd.oci.image.config.v1+json";
  const auto manifest = [&](const std::string& type, const Json& layers) {
    return StoredManifest{"", std::string(kOciManifest),
                          Json({{"config", {{"mediaType", type}}},
                                {"layers", layers}})
                              .dump()};
  };
  const auto layer = [](const char* type) {
    return Json({{"mediaType", type},
                 {"digest", digest_of("x").to_string()},
                 {"size", 1}});
  };
  const auto text = [](const Digest&) { return true; };
  const auto archive = [](const Digest&) { return false; };
  const Json signature = Json::array(
      {layer("application/vnd.dev.cosign.simplesigning.v1+json")});
  const Json image = Json::array(
      {layer("application/vnd.oci.image.layer.v1.tar+gzip")});
  EXPECT_TRUE(is_runnable(manifest(config, image), text));
  EXPECT_TRUE(is_runnable(manifest(config, Json::array()), text));
  EXPECT_FALSE(is_runnable(manifest(config, signature), text));
  // Only said to be a signature: clients would unpack it.
  EXPECT_TRUE(is_runnable(manifest(config, signature), archive));
  EXPECT_FALSE(is_runnable(
      manifest("application/vnd.cncf.helm.config.v1+json", image), archive));
  const auto index = [](const Json& more) {
    Json document = {{"manifests", Json::array()}};
    document.update(more);
    return StoredManifest{"", std::string(kOciIndex), document.dump()};
  };
  EXPECT_TRUE(is_runnable(index(Json::object()), text));
  EXPECT_FALSE(is_runnable(index({{"subject", Json::object()}}), text));
  EXPECT_TRUE(looks_like_text("{\"a\": \"\xc3\xa9\"}\n"));
  EXPECT_FALSE(looks_like_text("\x1f\x8b\x08"));
  EXPECT_FALSE(looks_like_text(std::string("tar\0", 4)));
  EXPECT_FALSE(looks_like_text("\x28\xb5\x2f\xfd"));
}

class SignatureDemand : public RegistryTest {
 protected:
  static constexpr const char* kPolicyPath =
      "/api/v1/projects/demo/images/policy";
  void SetUp() override {
    image_ = push_image("one", "v1");
    other_ = push_image("two", "v2");
    demand("pull");
  }
  Reply set(const Json& signatures) {
    return admin().send("PUT", kPolicyPath,
                        Json({{"signatures", signatures}}).dump());
  }
  void demand(const char* what, const Json& more = Json::object()) {
    Json signatures = {
        {"demand", what},
        {"keys",
         {{{"name", "release"}, {"pem", key_.public_key().pem()}}}}};
    signatures.update(more);
    ASSERT_EQ(set(signatures).status, 200);
  }
  Reply pull(const std::string& reference, const char* user = "viewer") {
    return as(user).send("GET", "/v2/demo/app/manifests/" + reference);
  }
  void push(const SignatureImage& signature, const std::string& reference) {
    for (const auto& blob : signature.blobs) push_blob(blob);
    ASSERT_EQ(put_manifest(signature.bytes, reference).status, 201);
  }
  SignedManifest subject(const Digest& digest) {
    return {digest, std::string(kOciManifest), 1};
  }
  void sign(const Digest& digest, const PrivateKey& key) {
    const auto made = make_bundle(subject(digest), key, {}, "");
    bundle_ = digest_of(made.bytes).to_string();
    push(made, bundle_);
  }
  Json tag(const std::string& name) {
    const auto reply = as("viewer").send(
        "GET", "/api/v1/projects/demo/images/tags?repository=app");
    const Json answer = parse_json(reply.body);
    for (const Json& one : answer.at("tags")) {
      if (one.at("name") == name) return one;
    }
    return {};
  }
  PrivateKey key_ = PrivateKey::generate();
  PrivateKey foreign_ = PrivateKey::generate();
  std::optional<Digest> image_, other_;
  std::string bundle_;
};

TEST_F(SignatureDemand, AnUnsignedImageIsRefusedByNameUntilItIsSigned) {
  const auto refused = pull("v1");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(error_code(refused), "DENIED");
  EXPECT_NE(refused.body.find("demo/app@" + image_->to_string() +
                              " has no signature by a key of the policy of "
                              "project 'demo' ('release')"),
            std::string::npos)
      << refused.body;
  EXPECT_EQ(pull(image_->to_string()).status, 403);
  // Clients ask for the digest first; who pushes must see what he signs.
  EXPECT_EQ(as("viewer").send("HEAD", "/v2/demo/app/manifests/v1").status, 200);
  EXPECT_EQ(pull("v1", "dev").status, 200);
  EXPECT_NE(world().metrics().render().find(
                "skerry_registry_unsigned_pulls_total{project=\"demo\"} 2"),
            std::string::npos);
  sign(*image_, foreign_);
  EXPECT_NE(pull("v1").body.find("only 1 that does not count"),
            std::string::npos);
  sign(*image_, key_);
  EXPECT_EQ(pull("v1").status, 200);
  EXPECT_EQ(pull(image_->to_string()).status, 200);
  EXPECT_EQ(pull(bundle_).status, 200);
  EXPECT_EQ(pull("v2").status, 403);
  restart();
  EXPECT_EQ(pull("v1").status, 200);
  EXPECT_EQ(pull("v2").status, 403);
}

TEST_F(SignatureDemand, FollowsSignaturesAndKeysThatComeAndGo) {
  const auto legacy = *make_legacy(subject(*image_), key_, "host/a", {}, {});
  const auto sig = signature_tag(*image_);
  EXPECT_EQ(pull("v1").status, 403);
  push(legacy, sig);
  EXPECT_EQ(pull("v1").status, 200);
  EXPECT_EQ(pull(sig).status, 200);
  EXPECT_EQ(tag("v1").at("signed_by"), Json::array({"release"}));
  EXPECT_EQ(admin().send("DELETE", "/v2/demo/app/manifests/" + sig).status,
            202);
  EXPECT_EQ(pull("v1").status, 403);
  sign(*image_, key_);
  EXPECT_EQ(pull("v1").status, 200);
  EXPECT_EQ(admin().send("DELETE", "/v2/demo/app/manifests/" + bundle_).status,
            202);
  EXPECT_EQ(pull("v1").status, 403);
  sign(*image_, foreign_);
  EXPECT_EQ(tag("v1").at("signed_by"), Json::array());
  EXPECT_EQ(tag("v1").at("signed"), true);
  ASSERT_EQ(set({{"demand", "pull"},
                 {"keys",
                  {{{"name", "new"}, {"pem", foreign_.public_key().pem()}}}}})
                .status,
            200);
  EXPECT_EQ(pull("v1").status, 200);
  EXPECT_EQ(tag("v1").at("signed_by"), Json::array({"new"}));
  demand("deploy");
  EXPECT_EQ(pull("v2").status, 200);
}

TEST_F(SignatureDemand, ASignedIndexSignsItsParts) {
  const auto bytes = index_of({*image_, *other_});
  ASSERT_EQ(put_manifest(bytes, "all", "demo/app", std::string(kOciIndex))
                .status,
            201);
  EXPECT_EQ(pull("all").status, 403);
  sign(digest_of(bytes), key_);
  EXPECT_EQ(pull("all").status, 200);
  EXPECT_EQ(pull(image_->to_string()).status, 200);
  EXPECT_EQ(pull(other_->to_string()).status, 200);
}

TEST_F(SignatureDemand, PatternsAreOfTheTagsThatNameAnImage) {
  demand("pull", {{"except", {{{"tags", "v1"}}}}});
  EXPECT_EQ(pull("v1").status, 200);
  EXPECT_EQ(pull(image_->to_string()).status, 200);
  EXPECT_EQ(pull("v2").status, 403);
  demand("pull", {{"images", {{{"tags", "v2"}}}}});
  EXPECT_EQ(pull("v1").status, 200);
  EXPECT_EQ(pull(other_->to_string()).status, 403);
}

TEST_F(SignatureDemand, AnImageThatRefersToAnotherIsStillAnImage) {
  auto disguised = parse_json(image_manifest({"one"}));
  disguised["subject"] = {{"mediaType", kOciManifest},
                          {"digest", image_->to_string()},
                          {"size", 1}};
  ASSERT_EQ(put_manifest(disguised.dump(), "disguised").status, 201);
  EXPECT_EQ(pull("disguised").status, 403);
  const auto list = "sha256-" + image_->hex;
  ASSERT_EQ(put_manifest(image_manifest({"one"}), list).status, 201);
  EXPECT_EQ(pull(list).status, 403);
  ASSERT_EQ(put_manifest(index_of({}), list, "demo/app",
                         std::string(kOciIndex))
                .status,
            201);
  EXPECT_EQ(pull(list).status, 200);
  push_blob("{}");
  ASSERT_EQ(put_manifest(artifact("application/spdx+json", *image_, {"one"}),
                         "sbom")
                .status,
            201);
  EXPECT_EQ(pull("sbom").status, 200);
}

TEST_F(SignatureDemand, DeploymentsAreCheckedByName) {
  const auto may = [&](const std::string& project, const std::string& image) {
    try {
      world().registry().require_deployable(
          project, image, [](std::string_view host) { return host == "us:1"; });
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::conflict);
      return error.message();
    }
    return std::string();
  };
  demand("deploy", {{"other_registries", {"docker.io/library/*"}}});
  const auto refused = may("other", "us:1/demo/app:v1");
  EXPECT_NE(refused.find("demo/app@" + image_->to_string()), std::string::npos)
      << refused;
  EXPECT_NE(refused.find("project 'demo' demands"), std::string::npos);
  EXPECT_NE(may("demo", "us:1/demo/app:none").find("is not here"),
            std::string::npos);
  EXPECT_EQ(may("demo", "nginx"), "");
  EXPECT_NE(may("demo", "quay.io/a/b:1").find("is of another registry"),
            std::string::npos);
  EXPECT_EQ(may("other", "quay.io/a/b:1"), "");
  // Another project's image, of which that project demands nothing.
  push_image("three", "v3", "other/app");
  EXPECT_EQ(may("other", "us:1/other/app:v3"), "");
  EXPECT_NE(may("demo", "us:1/other/app:v3").find("project 'demo' demands"),
            std::string::npos);
  sign(*image_, key_);
  EXPECT_EQ(may("other", "us:1/demo/app:v1"), "");
  EXPECT_EQ(may("demo", "us:1/demo/app@" + image_->to_string()), "");
}

TEST_F(SignatureDemand, AnImageSaysWhatEachSignatureIs) {
  sign(*image_, key_);
  sign(*image_, foreign_);
  const auto reply = as("viewer").send(
      "GET",
      "/api/v1/projects/demo/images/manifest?repository=app&reference=v1");
  const auto found = parse_json(reply.body).at("signatures");
  ASSERT_EQ(found.size(), 2u);
  int valid = 0;
  for (const Json& one : found) {
    if (one.at("valid") == true) {
      ++valid;
      EXPECT_EQ(one.at("key"), "release");
    } else {
      EXPECT_NE(one.at("trouble").get<std::string>().find("another key"),
                std::string::npos);
    }
  }
  EXPECT_EQ(valid, 1);
}

}  // namespace
}  // namespace skerry::registry
