// Who comes to which project in front of a registry, and how it signs in there.
#include "mirror_fixture.h"

namespace skerry::registry {
namespace {

class MirrorAccess : public MirrorTest {
 protected:
  static std::string scope_of(const Reply& reply) {
    const auto text = reply.header("www-authenticate");
    const auto at = text.find("scope=\"");
    if (at == std::string::npos) return {};
    return text.substr(at + 7, text.find('"', at + 7) - at - 7);
  }
  RawClient with_token(const std::string& scope, std::string_view user) const {
    const auto reply = as(user).send("GET", "/v2/token?scope=" + scope);
    return RawClient(const_cast<MirrorAccess*>(this)->world().port(),
                     "Bearer " + parse_json(reply.body)
                                     .at("token")
                                     .get<std::string>());
  }
};

TEST_F(MirrorAccess, ContainerdsNsLeadsToTheProject) {
  const auto bytes = put_image("library/alpine", "3", "layer");
  EXPECT_EQ(get("library/alpine/manifests/3?ns=docker.io").body, bytes);
  EXPECT_EQ(get(blob_path("library/alpine", "layer") + "?ns=index.docker.io")
                .body,
            "layer");
  EXPECT_EQ(get("open/library/alpine/manifests/3?ns=docker.io").body, bytes);
  EXPECT_EQ(get("library/alpine/manifests/3?ns=quay.io").status, 401);
  EXPECT_EQ(get("library/alpine/manifests/3").status, 401);
}

TEST_F(MirrorAccess, AnImageOfOnePartToo) {
  const auto bytes = put_image("pause", "3.9", "layer");
  EXPECT_EQ(get("pause/manifests/3.9?ns=docker.io").body, bytes);
  EXPECT_EQ(get(blob_path("pause", "layer") + "?ns=docker.io").body, "layer");
  const auto without = get("pause/manifests/3.9");
  EXPECT_EQ(without.status, 404);
  EXPECT_EQ(error_code(without), "NAME_UNKNOWN");
}

TEST_F(MirrorAccess, ANameThatIsAProjectHereIsTheUpstreamsWithNs) {
  const auto bytes = put_image("demo/app", "v1", "upstream's");
  push_image("our own", "v1", "demo/app");
  EXPECT_EQ(get("demo/app/manifests/v1?ns=docker.io").body, bytes);
  EXPECT_EQ(dev().send("GET", "/v2/demo/app/manifests/v1").body,
            image_manifest({"our own"}));
}

TEST_F(MirrorAccess, APrivateProjectIsChallengedWithItsOwnScope) {
  admin().send("DELETE", "/api/v1/projects/open/upstream");
  ASSERT_EQ(put(config(), "other").status, 200);
  const auto bytes = put_image("library/alpine", "3", "layer");
  const auto refused = get("library/alpine/manifests/3?ns=docker.io");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(scope_of(refused), "repository:other/library/alpine:pull");
  EXPECT_EQ(with_token(scope_of(refused), "admin")
                .send("GET", "/v2/library/alpine/manifests/3?ns=docker.io")
                .body,
            bytes);
  EXPECT_EQ(upstream_.asked().size(), 1u);
}

TEST_F(MirrorAccess, TheProjectThatTheCallerMayReadAnswers) {
  ASSERT_EQ(put(config(), "demo").status, 200);
  put_image("library/alpine", "3", "layer");
  get("library/alpine/manifests/3?ns=docker.io");  // "demo" is private
  const auto images =
      parse_json(admin().send("GET", "/api/v1/projects/open/images").body);
  EXPECT_EQ(images.at("repositories").size(), 1u);
}

TEST_F(MirrorAccess, DockersMirrorIsTheProjectOfTheSetting) {
  restart({{"SKERRY_REGISTRY_MIRROR_PROJECT", "open"}});
  const auto bytes = put_image("library/alpine", "3", "layer");
  EXPECT_EQ(get("library/alpine/manifests/3").body, bytes);
  // dockerd gets a token for the name as it knows it.
  EXPECT_EQ(with_token("repository:library/alpine:pull", "")
                .send("GET", "/v2/library/alpine/manifests/3")
                .body,
            bytes);
  EXPECT_EQ(get("demo/library/alpine/manifests/3").status, 401);
  EXPECT_EQ(admin().send("POST", "/v2/library/alpine/blobs/uploads/").status,
            404);
}

TEST_F(MirrorAccess, DockerHubsRuleGivesOneNameToAnImage) {
  auto body = config();
  body["library"] = true;
  body["prefix"] = "hub";
  configure(body);
  const auto bytes = put_image("hub/library/alpine", "3", "layer");
  EXPECT_EQ(get("open/alpine/manifests/3").body, bytes);
  EXPECT_EQ(get("open/library/alpine/manifests/3").body, bytes);
  EXPECT_EQ(upstream_.asked().size(), 1u);
}

TEST_F(MirrorAccess, WhatIsNotAllowedIsDenied) {
  auto body = config();
  body["allow"] = {"library/*"};
  configure(body);
  put_image("library/alpine", "3", "layer");
  put_image("team/app", "3", "layer");
  EXPECT_EQ(get("open/library/alpine/manifests/3").status, 200);
  for (const auto& rest :
       {std::string("open/team/app/manifests/3"),
        std::string("open/team/app/tags/list"),
        blob_path("open/team/app", "layer")}) {
    const auto reply = get(rest);
    EXPECT_EQ(reply.status, 403) << rest;
    EXPECT_EQ(error_code(reply), "DENIED");
  }
  EXPECT_EQ(upstream_.asked("GET /v2/team"), 0u);
}

TEST_F(MirrorAccess, PushesAreRefusedByName) {
  const auto blob = admin().send("POST", "/v2/open/app/blobs/uploads/");
  EXPECT_EQ(blob.status, 405);
  EXPECT_EQ(error_code(blob), "UNSUPPORTED");
  EXPECT_NE(blob.body.find("stands in front of " + upstream_.url()),
            std::string::npos);
  EXPECT_EQ(put_manifest(image_manifest({}), "v1", "open/app").status, 405);
  EXPECT_EQ(as("").send("POST", "/v2/open/app/blobs/uploads/").status, 401);
}

TEST_F(MirrorAccess, ATokenIsFetchedOnceAndAgainWhenItEnds) {
  upstream_.wants_token = true;
  auto body = config();
  body["user"] = "robot";
  body["password"] = "key";
  configure(body);
  put_image("app", "v1", "layer");
  EXPECT_EQ(get("open/app/manifests/v1").status, 200);
  EXPECT_EQ(get(blob_path("open/app", "layer")).status, 200);
  EXPECT_EQ(upstream_.tokens, 1);
  put_image("second", "v1", "layer");
  EXPECT_EQ(get("open/second/manifests/v1").status, 200);
  EXPECT_EQ(upstream_.tokens, 2);
  EXPECT_EQ(upstream_.asked("GET /v2/second"), 1u);  // not refused first
  pass(std::chrono::minutes(16));
  EXPECT_EQ(get("open/app/manifests/v1").header("warning"), "");
  EXPECT_EQ(upstream_.tokens, 3);
  restart();  // the password is read from the database
  put_image("app", "v2", "layer");
  EXPECT_EQ(get("open/app/manifests/v2").status, 200);
}

TEST_F(MirrorAccess, ThePasswordIsNowhereToBeSeen) {
  auto body = config();
  body["user"] = "robot";
  body["password"] = "key-that-is-secret";
  configure(body);
  const auto shown = admin().send("GET", "/api/v1/projects/open/upstream");
  EXPECT_EQ(shown.body.find("key-that-is-secret"), std::string::npos);
  EXPECT_EQ(parse_json(shown.body).at("has_password"), true);
  for (const char* file : {"skerry.db", "skerry.db-wal"}) {
    EXPECT_EQ(read_file(data() / file).find("key-that-is-secret"),
              std::string::npos);
  }
}

TEST_F(MirrorAccess, BasicIsAnsweredToo) {
  upstream_.wants_basic = true;
  put_image("app", "v1", "layer");
  const auto refused = get("open/app/manifests/v1");
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("refuses reading without an account"),
            std::string::npos);
  auto body = config();
  body["user"] = "robot";
  body["password"] = "key";
  configure(body);
  EXPECT_EQ(get("open/app/manifests/v1").status, 200);
}

TEST_F(MirrorAccess, ARefusedAccountIsNamedAndNever401) {
  upstream_.wants_token = true;
  auto body = config();
  body["user"] = "robot";
  body["password"] = "wrong";
  configure(body);
  const auto reply = get("open/app/manifests/v1");
  EXPECT_EQ(reply.status, 403);
  EXPECT_NE(reply.body.find("refuses the account 'robot'"), std::string::npos);
}

TEST_F(MirrorAccess, ARealRegistryWithTokensStandsBehind) {
  TempFolder folder(std::filesystem::temp_directory_path(), "upstream-test-");
  World behind(folder.path());
  const RawClient pusher(behind.port(), basic("admin"));
  for (const auto& blob : {std::string(kConfig), std::string("layer")}) {
    pusher.send("POST", "/v2/demo/app/blobs/uploads/?digest=" +
                            digest_of(blob).to_string(),
                blob);
  }
  const auto bytes = image_manifest({"layer"});
  pusher.send("PUT", "/v2/demo/app/manifests/v1", bytes,
              {{"Content-Type", std::string(kOciManifest)}});
  configure({{"url", "http://127.0.0.1:" + std::to_string(behind.port())},
             {"user", "dev"},
             {"password", "secret"}});
  EXPECT_EQ(get("open/demo/app/manifests/v1").body, bytes);
  EXPECT_EQ(get(blob_path("open/demo/app", "layer")).body, "layer");
  EXPECT_EQ(parse_json(get("open/demo/app/tags/list").body).at("tags").dump(),
            R"(["v1"])");
  EXPECT_EQ(get("open/demo/nothing/manifests/v1").status, 404);
}

TEST_F(MirrorAccess, IsConfiguredByAdminsAndShownToViewers) {
  const auto path = "/api/v1/projects/demo/upstream";
  EXPECT_EQ(dev().send("PUT", path, config().dump()).status, 403);
  EXPECT_EQ(dev().send("GET", path).status, 404);
  EXPECT_EQ(put(config(), "demo").status, 200);
  EXPECT_EQ(dev().send("GET", path).status, 200);
  EXPECT_EQ(as("").send("GET", path).status, 401);
  EXPECT_EQ(dev().send("DELETE", path).status, 403);
  EXPECT_EQ(admin().send("DELETE", path).status, 204);
  EXPECT_EQ(admin().send("DELETE", path).status, 404);
  EXPECT_EQ(put({{"url", "x y"}}, "demo").status, 400);
  const auto audited = world().accounts().audited();
  EXPECT_EQ(audited.back(), "image.upstream.remove demo");
}

TEST_F(MirrorAccess, AProjectWithPushedImagesGetsNoUpstream) {
  push_image("layer", "v1", "demo/app");
  const auto reply = put(config(), "demo");
  EXPECT_EQ(reply.status, 409);
  EXPECT_NE(reply.body.find("('app')"), std::string::npos);
}

TEST_F(MirrorAccess, AfterwardsWhatIsHereStaysAndPushesCome) {
  const auto bytes = put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  get(blob_path("open/app", "layer"));
  admin().send("DELETE", "/api/v1/projects/open/upstream");
  upstream_.forget();
  EXPECT_EQ(get("open/app/manifests/v1").body, bytes);
  EXPECT_EQ(get(blob_path("open/app", "layer")).body, "layer");
  EXPECT_EQ(get(blob_path("open/app", kConfig)).status, 404);
  EXPECT_EQ(push_blob("own", "open/app"), 201);
  EXPECT_EQ(upstream_.asked().size(), 0u);
}

TEST_F(MirrorAccess, AnotherUpstreamIsAskedForAllTagsAnew) {
  put_image("app", "v1", "one");
  get("open/app/manifests/v1");
  FakeUpstream second;
  const auto two = image_manifest({"two"});
  second.put("app", two, "v1");
  auto body = config();
  body["url"] = second.url();
  configure(body);
  EXPECT_EQ(get("open/app/manifests/v1").body, two);
}

TEST_F(MirrorAccess, ADeletedProjectLeavesNoUpstream) {
  world().db().write([&](Transaction& tx) {
    world().events().append(tx, "ProjectDeleted", "open", "3");
  });
  EXPECT_EQ(admin().send("GET", "/api/v1/projects/open/upstream").status, 404);
}

TEST_F(MirrorAccess, DeletingHereMakesRoomAndFetchesAgain) {
  const auto bytes = put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  EXPECT_EQ(admin().send("DELETE", "/v2/open/app/manifests/v1").status, 202);
  EXPECT_EQ(get("open/app/manifests/v1").body, bytes);
}

}  // namespace
}  // namespace skerry::registry
