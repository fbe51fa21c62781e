// Manifests and tags through a project that stands in front of a registry.
#include <thread>

#include "mirror_fixture.h"

namespace skerry::registry {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class MirrorManifest : public MirrorTest {};

TEST_F(MirrorManifest, IsFetchedOnceAndKeptByteForByte) {
  const auto bytes = put_image("team/app", "v1", "layer");
  const auto digest = digest_of(bytes).to_string();
  for (int round = 0; round < 3; ++round) {
    for (const auto& reference : {std::string("v1"), digest}) {
      const auto reply = get("open/team/app/manifests/" + reference);
      EXPECT_EQ(reply.status, 200);
      EXPECT_EQ(reply.body, bytes);
      EXPECT_EQ(reply.header("content-type"), kOciManifest);
      EXPECT_EQ(reply.header("docker-content-digest"), digest);
      EXPECT_EQ(reply.header("warning"), "");
    }
    if (round == 1) restart();
  }
  EXPECT_EQ(upstream_.asked(),
            std::vector<std::string>{"GET /v2/team/app/manifests/v1"});
}

TEST_F(MirrorManifest, AHeadThenAGetAskTheUpstreamOnce) {
  const auto bytes = put_image("app", "v1", "layer");
  EXPECT_EQ(head("open/app/manifests/v1").header("content-length"),
            std::to_string(bytes.size()));
  EXPECT_EQ(get("open/app/manifests/v1").body, bytes);
  EXPECT_EQ(upstream_.asked().size(), 1u);
}

TEST_F(MirrorManifest, ATagThatDidNotMoveCostsOneHead) {
  put_image("app", "v1", "one");
  get("open/app/manifests/v1");
  pass(minutes(14));
  get("open/app/manifests/v1");
  upstream_.forget();
  pass(minutes(2));
  for (int i = 0; i < 3; ++i) get("open/app/manifests/v1");
  EXPECT_EQ(upstream_.asked(),
            std::vector<std::string>{"HEAD /v2/app/manifests/v1"});
}

TEST_F(MirrorManifest, ATagThatMovedIsFetched) {
  const auto one = put_image("app", "v1", "one");
  get("open/app/manifests/v1");
  const auto two = put_image("app", "v1", "two");
  EXPECT_EQ(get("open/app/manifests/v1").body, one);
  pass(minutes(16));
  EXPECT_EQ(get("open/app/manifests/v1").body, two);
  EXPECT_EQ(get("open/app/manifests/" + digest_of(one).to_string()).body, one);
}

TEST_F(MirrorManifest, AnUpstreamWithoutDigestHeadersIsUnderstood) {
  upstream_.no_digest = true;
  put_image("app", "v1", "one");
  get("open/app/manifests/v1");
  const auto two = put_image("app", "v1", "two");
  pass(minutes(16));
  EXPECT_EQ(get("open/app/manifests/v1").body, two);
}

TEST_F(MirrorManifest, ManyAtOnceAskOnce) {
  put_image("app", "v1", "layer");
  std::vector<std::thread> clients;
  for (int i = 0; i < 12; ++i) {
    clients.emplace_back([&] {
      EXPECT_EQ(get("open/app/manifests/v1").status, 200);
    });
  }
  for (auto& one : clients) one.join();
  EXPECT_EQ(upstream_.asked().size(), 1u);
}

TEST_F(MirrorManifest, AnIndexIsServedBeforeItsChildrenAreHere) {
  const auto child = put_image("app", "", "layer");
  const auto other = digest_of(std::string("never fetched"));
  const auto index = index_of({digest_of(child), other});
  upstream_.put("app", index, "multi");
  EXPECT_EQ(get("open/app/manifests/multi").body, index);
  EXPECT_EQ(get("open/app/manifests/" + digest_of(child).to_string()).body,
            child);
  EXPECT_EQ(get("open/app/manifests/" + other.to_string()).status, 404);
  EXPECT_EQ(get(blob_path("open/app", "layer")).body, "layer");
}

TEST_F(MirrorManifest, LearnsPlatformsWhenTheConfigurationCame) {
  const std::string config = R"({"os":"linux","architecture":"arm64"})";
  const auto digest = upstream_.put_blob(config);
  const std::string image =
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
      descriptor_text("application/vnd.oci.image.config.v1+json", digest,
                      config.size()) +
      R"(,"layers":[]})";
  const auto child = upstream_.put("app", image);
  upstream_.put("app", index_of({child}), "multi");
  get("open/app/manifests/multi");
  get("open/app/manifests/" + child.to_string());
  get("open/app/blobs/" + digest.to_string());
  const auto tags = admin().send(
      "GET", "/api/v1/projects/open/images/tags?repository=app");
  EXPECT_NE(tags.body.find("linux/arm64"), std::string::npos) << tags.body;
}

TEST_F(MirrorManifest, ATagThatAPolicyKeepsStaysWithAWarning) {
  const auto one = put_image("app", "v1", "one");
  get("open/app/manifests/v1");
  ASSERT_EQ(admin()
                .send("PUT", "/api/v1/projects/open/images/policy",
                      R"({"immutable_tags":[{"tags":"v*"}]})")
                .status,
            200);
  put_image("app", "v1", "two");
  pass(minutes(16));
  const auto reply = get("open/app/manifests/v1");
  EXPECT_EQ(reply.body, one);
  EXPECT_NE(reply.header("warning"), "");
  upstream_.forget();
  EXPECT_EQ(get("open/app/manifests/v1").body, one);
  EXPECT_EQ(upstream_.asked().size(), 0u);
}

TEST_F(MirrorManifest, AQuotaIsAQuota) {
  ASSERT_EQ(admin()
                .send("PUT", "/api/v1/projects/open/images/policy",
                      R"({"quota_bytes":2000})")
                .status,
            200);
  put_image("app", "v1", std::string(5000, 'x'));
  EXPECT_EQ(get("open/app/manifests/v1").status, 200);
  const auto layer = get(blob_path("open/app", std::string(5000, 'x')));
  EXPECT_EQ(layer.status, 403);
  EXPECT_EQ(error_code(layer), "DENIED");
}

TEST_F(MirrorManifest, WhatIsNotAllHereCanBeBroughtBack) {
  put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  EXPECT_EQ(admin()
                .send("DELETE", "/v2/open/app/manifests/" +
                                    digest_of(image_manifest({"layer"}))
                                        .to_string())
                .status,
            202);
  const auto deleted = parse_json(
      admin().send("GET", "/api/v1/projects/open/images/deleted").body);
  const auto id = deleted.at("deleted").at(0).at("id").get<int>();
  EXPECT_LT(admin()
                .send("POST", "/api/v1/projects/open/images/deleted/" +
                                  std::to_string(id) + "/restore")
                .status,
            300);
}

TEST_F(MirrorManifest, AbsentIsAbsentForTenSeconds) {
  for (int i = 0; i < 5; ++i) {
    const auto reply = get("open/app/manifests/v1");
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(error_code(reply), "MANIFEST_UNKNOWN");
  }
  EXPECT_EQ(upstream_.asked().size(), 1u);
  put_image("app", "v1", "layer");
  pass(seconds(11));
  EXPECT_EQ(get("open/app/manifests/v1").status, 200);
}

TEST_F(MirrorManifest, WhatTheUpstreamDeletedIsServedOnWithAWarning) {
  const auto bytes = put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  upstream_.remove_tag("app", "v1");
  pass(minutes(16));
  for (int i = 0; i < 3; ++i) {
    const auto reply = get("open/app/manifests/v1");
    EXPECT_EQ(reply.body, bytes);
    EXPECT_NE(reply.header("warning").find("299 - \"the upstream registry"),
              std::string::npos);
  }
  EXPECT_EQ(upstream_.asked("HEAD"), 1u);
}

TEST_F(MirrorManifest, OrGoesWhenItShallFollow) {
  auto body = config();
  body["keep_deleted"] = false;
  configure(body);
  const auto bytes = put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  upstream_.remove_tag("app", "v1");
  pass(minutes(16));
  EXPECT_EQ(get("open/app/manifests/v1").status, 404);
  upstream_.status = 500;
  EXPECT_EQ(get("open/app/manifests/v1").status, 404);
  EXPECT_EQ(get("open/app/manifests/" + digest_of(bytes).to_string()).status,
            200);
}

TEST_F(MirrorManifest, ServesWhatItHasWhenTheUpstreamFails) {
  const auto bytes = put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  pass(minutes(16));
  for (const int status : {500, 503, 403, 429}) {
    upstream_.status = status;
    const auto stale = get("open/app/manifests/v1");
    EXPECT_EQ(stale.body, bytes) << status;
    EXPECT_NE(stale.header("warning"), "") << status;
    const auto absent = get("open/app/manifests/v2");
    EXPECT_EQ(absent.status, status >= 500 ? 502 : status);
    EXPECT_NE(absent.body.find(upstream_.url()), std::string::npos);
  }
}

TEST_F(MirrorManifest, ALimitIsHonouredAndPassedOn) {
  upstream_.status = 429;
  upstream_.retry_after = 30;
  auto reply = get("open/app/manifests/v1");
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.header("retry-after"), "30");
  EXPECT_EQ(error_code(reply), "TOOMANYREQUESTS");
  put_image("app", "v1", "layer");
  upstream_.status = 0;
  pass(seconds(20));
  reply = get("open/app/manifests/v1");
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.header("retry-after"), "10");
  EXPECT_EQ(upstream_.asked().size(), 1u);
  pass(seconds(11));
  EXPECT_EQ(get("open/app/manifests/v1").status, 200);
}

TEST_F(MirrorManifest, AnUpstreamThatIsDownIsNamedAndLeftAloneForAWhile) {
  int port = 0;
  {
    FakeUpstream gone;
    port = gone.port();
  }
  auto body = config();
  body["url"] = "http://127.0.0.1:" + std::to_string(port);
  configure(body);
  auto reply = get("open/app/manifests/v1");
  EXPECT_EQ(reply.status, 502);
  EXPECT_EQ(error_code(reply), "UNAVAILABLE");
  EXPECT_NE(reply.body.find("does not answer"), std::string::npos);
  FakeUpstream back(port);
  back.put("app", image_manifest({"layer"}), "v1");
  EXPECT_EQ(get("open/app/manifests/v1").status, 502);
  EXPECT_EQ(back.asked().size(), 0u);
  pass(seconds(6));
  EXPECT_EQ(get("open/app/manifests/v1").status, 200);
  const auto shown = parse_json(
      admin().send("GET", "/api/v1/projects/open/upstream").body);
  EXPECT_GT(shown.at("last_trouble"), 0);
  EXPECT_GT(shown.at("last_answer"), shown.at("last_trouble"));
}

TEST_F(MirrorManifest, OfflineNothingIsAsked) {
  const auto bytes = put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  auto body = config();
  body["offline"] = true;
  configure(body);
  upstream_.forget();
  pass(minutes(60));
  const auto reply = get("open/app/manifests/v1");
  EXPECT_EQ(reply.body, bytes);
  EXPECT_EQ(get("open/app/manifests/v2").status, 404);
  EXPECT_EQ(error_code(get(blob_path("open/app", "layer"))), "BLOB_UNKNOWN");
  EXPECT_EQ(get("open/app/tags/list").status, 200);
  EXPECT_EQ(upstream_.asked().size(), 0u);
}

TEST_F(MirrorManifest, WrongBytesAreRefused) {
  const auto bytes = put_image("app", "v1", "layer");
  upstream_.wrong_manifest = true;
  const auto reply = get("open/app/manifests/v1");
  EXPECT_EQ(reply.status, 502);
  EXPECT_EQ(error_code(reply), "DIGEST_INVALID");
  upstream_.no_digest = true;
  EXPECT_EQ(get("open/app/manifests/" + digest_of(bytes).to_string()).status,
            502);
  upstream_.wrong_manifest = false;
  EXPECT_EQ(get("open/app/manifests/v1").status, 200);
}

TEST_F(MirrorManifest, WhatIsNoManifestIsRefused) {
  upstream_.put("app", R"({"schemaVersion":1,"mediaType":"text/x"})", "old");
  const auto reply = get("open/app/manifests/old");
  EXPECT_EQ(reply.status, 502);
  EXPECT_NE(reply.body.find("cannot be taken"), std::string::npos);
}

TEST_F(MirrorManifest, ImpossibleSizesDoNotAddUp) {
  const auto digest = digest_of("x");
  upstream_.put(
      "app",
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
          descriptor_text("a/b", digest, INT64_MAX) + R"(,"layers":[)" +
          descriptor_text("a/b", digest, INT64_MAX) + "]}",
      "big");
  EXPECT_EQ(get("open/app/manifests/big").status, 200);
}

TEST_F(MirrorManifest, TellsTheEventLogButNobodyPushed) {
  put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  std::vector<std::string> topics;
  for (const auto& event : world().events().after(0)) {
    topics.push_back(event.topic + " " + event.subject);
  }
  EXPECT_EQ(topics, std::vector<std::string>{"ImageMirrored open/app:v1"});
}

TEST_F(MirrorManifest, TheListOfTagsIsTheUpstreamsAllPagesOfIt) {
  upstream_.set_list("/v2/app/tags/list", R"({"name":"app","tags":["b","a"]})",
                     "</v2/app/tags/list?n=2&last=b>; rel=\"next\"");
  upstream_.set_list("/v2/app/tags/list?n=2&last=b",
                     R"({"tags":["c","not a tag"]})",
                     "<https://elsewhere/v2/x>; rel=\"next\"");
  EXPECT_EQ(parse_json(get("open/app/tags/list").body).at("tags").dump(),
            R"(["a","b","c"])");
  const auto page = get("open/app/tags/list?n=1");
  EXPECT_EQ(parse_json(page.body).at("tags").dump(), R"(["a"])");
  EXPECT_EQ(page.header("link"),
            "</v2/open/app/tags/list?n=1&last=a>; rel=\"next\"");
  put_image("app", "v1", "layer");
  get("open/app/manifests/v1");
  upstream_.status = 500;
  const auto stale = get("open/app/tags/list");
  EXPECT_EQ(parse_json(stale.body).at("tags").dump(), R"(["v1"])");
  EXPECT_NE(stale.header("warning"), "");
  EXPECT_EQ(get("open/other/tags/list").status, 502);
}

TEST_F(MirrorManifest, ReferrersComeFromTheUpstream) {
  const auto subject = digest_of(put_image("app", "v1", "layer"));
  const auto path = "/v2/app/referrers/" + subject.to_string();
  const auto of_type = [](const char* type) {
    return Json{{"digest", digest_of(type).to_string()},
                {"size", 3},
                {"artifactType", type}};
  };
  upstream_.set_list(
      path, Json{{"manifests", {of_type("a/sig"), of_type("a/sbom")}}}.dump());
  const auto all = get("open/app/referrers/" + subject.to_string());
  EXPECT_EQ(all.header("content-type"), kOciIndex);
  EXPECT_EQ(parse_json(all.body).at("manifests").size(), 2u);
  const auto some = get("open/app/referrers/" + subject.to_string() +
                        "?artifactType=a/sig");
  EXPECT_EQ(parse_json(some.body).at("manifests").size(), 1u);
  // Without the endpoint there may be the tag.
  const auto other = digest_of(std::string("other"));
  const auto index = index_of({subject});
  auto tag = other.to_string();
  tag[6] = '-';
  upstream_.put("app", index, tag);
  const auto old = get("open/app/referrers/" + other.to_string());
  EXPECT_EQ(parse_json(old.body).at("manifests").size(), 1u);
  upstream_.status = 500;
  EXPECT_EQ(get("open/app/referrers/" + subject.to_string()).status, 200);
}

}  // namespace
}  // namespace skerry::registry
