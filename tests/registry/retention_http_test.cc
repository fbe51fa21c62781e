#include "fixture.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

using std::chrono::hours;

class RetentionHttp : public RegistryTest, public ImageUsers {
 protected:
  static constexpr const char* kImages = "/api/v1/projects/demo/images/";

  void SetUp() override { world().registry().protect(*this); }
  std::vector<ImageUse> images_in_use() override {
    if (!trouble_.empty()) fail(ErrorCode::unavailable, "{}", trouble_);
    return in_use_;
  }
  void set(const std::string& policy) {
    ASSERT_EQ(admin().send("PUT", std::string(kImages) + "policy", policy).status,
              200);
  }
  Json get(const std::string& rest) {
    return parse_json(admin().send("GET", kImages + rest).body);
  }
  std::string tags() {
    auto names = parse_json(admin().send("GET", "/v2/demo/app/tags/list").body)
                     .at("tags");
    return names.dump();
  }
  int status(const Digest& digest) {
    return admin()
        .send("GET", "/v2/demo/app/manifests/" + digest.to_string())
        .status;
  }
  // One image an hour.
  std::vector<Digest> push_some(int count) {
    std::vector<Digest> pushed;
    for (int i = 1; i <= count; ++i) {
      pushed.push_back(
          push_image("layer" + std::to_string(i), "v" + std::to_string(i)));
      world().clock().advance(hours(1));
    }
    return pushed;
  }

  std::vector<ImageUse> in_use_;
  std::string trouble_;
};

constexpr const char* kKeepTwo =
    R"({"retention":{"rules":[{"tags":"v*","keep_last":2}]}})";

TEST_F(RetentionHttp, RemovesWhatThePreviewSaysAndItCanComeBack) {
  const auto pushed = push_some(4);
  set(kKeepTwo);
  const auto preview = get("retention/preview");
  EXPECT_EQ(preview.at("removed_tags"), 2);
  EXPECT_EQ(preview.at("removed_manifests"), 2);
  EXPECT_EQ(preview.at("truncated"), false);
  const auto& shown = preview.at("repositories")[0];
  EXPECT_EQ(shown.at("name"), "app");
  EXPECT_EQ(shown.at("tags")[0].at("name"), "v1");
  EXPECT_EQ(shown.at("tags")[0].at("stays"), false);
  EXPECT_EQ(shown.at("tags")[3].at("rule"), 0);
  EXPECT_EQ(shown.at("manifests").size(), 2u);
  EXPECT_EQ(tags(), R"(["v1","v2","v3","v4"])");

  world().run_job("registry.retention");
  EXPECT_EQ(tags(), R"(["v3","v4"])");
  EXPECT_EQ(status(pushed[0]), 404);
  EXPECT_EQ(status(pushed[2]), 200);
  const auto last = get("retention").at("last_run");
  EXPECT_EQ(last.at("removed_tags"), 2);
  EXPECT_EQ(last.at("removed_manifests"), 2);
  EXPECT_EQ(last.at("trouble"), "");
  EXPECT_EQ(get("retention/preview").at("removed_tags"), 0);

  const auto deleted = get("deleted").at("deleted");
  ASSERT_EQ(deleted.size(), 2u);
  for (const auto& one : deleted) {
    EXPECT_EQ(one.at("deleted_by"), "retention");
    const auto path = "deleted/" + one.at("id").dump() + "/restore";
    EXPECT_EQ(admin().send("POST", kImages + path).status, 200);
  }
  EXPECT_EQ(tags(), R"(["v1","v2","v3","v4"])");
  EXPECT_EQ(status(pushed[0]), 200);
}

TEST_F(RetentionHttp, WhatIsDeployedStays) {
  const auto pushed = push_some(5);
  in_use_ = {{"registry.example:5000/demo/app:v1", "application one"},
             {"127.0.0.1/demo/app@" + pushed[1].to_string(), "application two"},
             {"127.0.0.1/demo/other:v3", "application three"},
             {"quay.io/x", "application four"}};
  set(kKeepTwo);
  const auto preview = get("retention/preview");
  EXPECT_EQ(preview.at("removed_tags"), 1);
  EXPECT_EQ(preview.at("repositories")[0].at("tags")[0].at("reason"),
            "in use by application one");
  world().run_job("registry.retention");
  EXPECT_EQ(tags(), R"(["v1","v2","v4","v5"])");
}

TEST_F(RetentionHttp, NothingGoesWhenItIsNotKnownWhatIsDeployed) {
  push_some(3);
  set(kKeepTwo);
  trouble_ = "application 'x' cannot be told";
  EXPECT_THROW(world().run_job("registry.retention"), Error);
  EXPECT_EQ(tags(), R"(["v1","v2","v3"])");
  EXPECT_EQ(get("retention").at("last_run").at("trouble"), trouble_);
  EXPECT_EQ(admin().send("GET", kImages + std::string("retention/preview"))
                .status,
            503);
}

TEST_F(RetentionHttp, ADraftIsTriedWithoutBeingSet) {
  push_some(3);
  const auto draft = [&](const std::string& text, const char* user = "admin") {
    return as(user).send("POST", kImages + std::string("retention/preview"),
                         text);
  };
  EXPECT_EQ(parse_json(draft(kKeepTwo).body).at("removed_tags"), 1);
  EXPECT_EQ(draft(R"({"retention":{"rule":[]}})").status, 400);
  EXPECT_EQ(draft(kKeepTwo, "dev").status, 403);
  EXPECT_EQ(get("retention/preview").at("removed_tags"), 0);
  EXPECT_EQ(get("retention/preview?repository=none").at("repositories").size(),
            0u);
  EXPECT_TRUE(get("retention").at("last_run").is_null());
}

TEST_F(RetentionHttp, RunsOnDemandWhenThereAreRules) {
  const auto post = [&](const char* user) {
    return as(user).send("POST", kImages + std::string("retention"));
  };
  EXPECT_EQ(post("admin").status, 400);
  set(kKeepTwo);
  EXPECT_EQ(post("dev").status, 403);
  const auto reply = post("admin");
  EXPECT_EQ(reply.status, 202);
  EXPECT_TRUE(parse_json(reply.body).at("job").is_number());
}

TEST_F(RetentionHttp, UntaggedManifestsGoAfterTheirTime) {
  const auto old = push_image("one", "latest");
  push_image("two", "latest");  // moves the tag: `old` has none from now on
  set(R"({"retention":{"untagged_after":"1d"}})");
  world().clock().advance(hours(23));
  world().run_job("registry.retention");
  EXPECT_EQ(status(old), 200);
  world().clock().advance(hours(2));
  world().run_job("registry.retention");
  EXPECT_EQ(status(old), 404);
  EXPECT_EQ(tags(), R"(["latest"])");
}

TEST_F(RetentionHttp, TheTimeCountsFromTheLossOfTheTag) {
  const auto old = push_image("one", "latest");
  set(R"({"retention":{"untagged_after":"1d"}})");
  world().clock().advance(hours(240));
  push_image("two", "latest");
  world().run_job("registry.retention");
  EXPECT_EQ(status(old), 200);
  world().clock().advance(hours(25));
  world().run_job("registry.retention");
  EXPECT_EQ(status(old), 404);
}

TEST_F(RetentionHttp, AnIndexGoesWithItsChildrenAndTheirReferrers) {
  const auto child = push_image("one", "arm");
  admin().send("DELETE", "/v2/demo/app/manifests/arm");
  const auto index = index_of({child});
  put_manifest(index, "v1", "demo/app", std::string(kOciIndex));
  push_blob("{}");
  push_blob("s");
  const auto sbom = artifact("application/spdx+json", child, {"s"});
  put_manifest(sbom, digest_of(sbom).to_string());
  world().clock().advance(hours(1));
  push_image("two", "v2");
  set(R"({"retention":{"rules":[{"tags":"v*","keep_last":1}]}})");
  world().run_job("registry.retention");
  EXPECT_EQ(tags(), R"(["v2"])");
  EXPECT_EQ(status(digest_of(index)), 404);
  EXPECT_EQ(status(child), 404);
  EXPECT_EQ(status(digest_of(sbom)), 404);
  EXPECT_EQ(get("retention").at("last_run").at("removed_manifests"), 3);
}

TEST_F(RetentionHttp, APullKeepsAnImage) {
  push_some(3);
  world().clock().advance(hours(48));
  EXPECT_EQ(dev().send("GET", "/v2/demo/app/manifests/v1").status, 200);
  set(R"({"retention":{"rules":[{"tags":"v*","keep_pulled_within":"1d"}]}})");
  world().run_job("registry.retention");
  EXPECT_EQ(tags(), R"(["v1"])");
}

TEST_F(RetentionHttp, OtherProjectsAreLeftAlone) {
  push_some(3);
  push_image("x", "v1", "other/app");
  push_image("y", "v2", "other/app");
  ASSERT_EQ(admin()
                .send("PUT", "/api/v1/projects/other/images/policy",
                      R"({"retention":{"rules":[{"tags":"*","keep_last":1}]}})")
                .status,
            200);
  world().run_job("registry.retention");
  EXPECT_EQ(tags(), R"(["v1","v2","v3"])");
  EXPECT_EQ(parse_json(admin().send("GET", "/v2/other/app/tags/list").body)
                .at("tags")
                .size(),
            1u);
}

}  // namespace
}  // namespace skerry::registry
