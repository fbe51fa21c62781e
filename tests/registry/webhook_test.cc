// Webhooks over HTTP: what is delivered, when, and what is not.
#include <gtest/gtest.h>

#include "core/auth/hmac.h"
#include "core/http/tls.h"
#include "fixture.h"
#include "hook_receiver.h"

namespace skerry::registry {
namespace {

const std::string kHooks = "/api/v1/projects/demo/webhooks";

class WebhookTest : public RegistryTest {
 protected:
  WebhookTest() { begin(); }
  void begin(std::map<std::string, std::string> more = {}) {
    more.emplace("SKERRY_REGISTRY_WEBHOOK_ALLOW_LOCAL", "true");
    more.emplace("SKERRY_REGISTRY_WEBHOOK_RETRY", "20ms");
    restart(std::move(more));
  }
  // Adds a webhook; its path.
  std::string add(Json settings, const std::string& where = kHooks) const {
    if (!settings.contains("name")) settings["name"] = "hook";
    const auto reply = admin().send("POST", where, settings.dump());
    EXPECT_EQ(reply.status, 201) << reply.body;
    return where + "/" +
           std::to_string(parse_json(reply.body).at("id").get<int>());
  }
  std::string add() const { return add({{"url", receiver_.url()}}); }
  Json get(const std::string& path) const {
    return parse_json(admin().send("GET", path).body);
  }
  Json deliveries(const std::string& path) const {
    return get(path + "/deliveries").at("deliveries");
  }
  Json wait_for(const std::string& path, const std::string& member,
                const Json& value) const {
    for (int i = 0; i < 1000 && get(path).at(member) != value; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return get(path);
  }
  void push_tag(int number) const {
    EXPECT_EQ(put_manifest(image_manifest({"layer"}),
                           "v" + std::to_string(number)).status, 201);
  }

  HookReceiver receiver_;
};

std::string tag_of(const HookReceiver::Hook& hook) {
  return optional_string(hook.event().at("target"), "tag");
}

TEST_F(WebhookTest, TellsOfAPushInTheFormatOfDistribution) {
  add({{"url", receiver_.url()},
       {"headers", {{"Authorization", "Bearer abc"}}}});
  const auto digest = push_image("layer", "v1");
  const auto hooks = receiver_.wait(1);
  ASSERT_EQ(hooks.size(), 1u);
  EXPECT_EQ(hooks[0].header("Content-Type"),
            "application/vnd.docker.distribution.events.v2+json");
  EXPECT_EQ(hooks[0].header("Authorization"), "Bearer abc");
  const auto event = hooks[0].event();
  const auto size = image_manifest({"layer"}).size();
  const auto host = "127.0.0.1:" + std::to_string(world().port());
  EXPECT_EQ(event.at("action"), "push");
  EXPECT_EQ(event.at("id").get<std::string>().size(), 36u);
  EXPECT_EQ(event.at("timestamp"), to_rfc3339(world().clock().now(), true));
  EXPECT_EQ(event.at("target"),
            (Json{{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                  {"size", size},
                  {"length", size},
                  {"digest", digest.to_string()},
                  {"repository", "demo/app"},
                  {"tag", "v1"},
                  {"url", "http://" + host + "/v2/demo/app/manifests/" +
                              digest.to_string()}}));
  const auto request = event.at("request");
  EXPECT_EQ(request.at("method"), "PUT");
  EXPECT_EQ(request.at("id").get<std::string>().size(), 36u);
  EXPECT_TRUE(request.at("addr").get<std::string>().starts_with("127.0.0.1:"));
  EXPECT_TRUE(request.contains("host") && request.contains("useragent"));
  EXPECT_EQ(event.at("actor"), (Json{{"name", "admin"}}));
  EXPECT_TRUE(event.at("source").at("addr").get<std::string>().ends_with(
      ":" + std::to_string(world().port())));
  EXPECT_EQ(event.at("source").at("instanceID").get<std::string>().size(),
            36u);
}

TEST_F(WebhookTest, TellsOfDeletionsAndWhatIsBroughtBack) {
  const auto digest = push_image("layer", "v1");
  put_manifest(image_manifest({"layer"}), "v2");
  add();
  admin().send("DELETE", "/v2/demo/app/manifests/v1");
  admin().send("DELETE", "/v2/demo/app/manifests/" + digest.to_string());
  auto hooks = receiver_.wait(3);
  ASSERT_EQ(hooks.size(), 3u);
  EXPECT_EQ(hooks[0].event().at("target"),
            (Json{{"repository", "demo/app"}, {"tag", "v1"}}));
  EXPECT_EQ(hooks[1].event().at("target"),
            (Json{{"repository", "demo/app"}, {"digest", digest.to_string()}}));
  EXPECT_EQ(hooks[2].event().at("target"),
            (Json{{"repository", "demo/app"}, {"tag", "v2"}}));
  const auto rows = get("/api/v1/projects/demo/images/deleted").at("deleted");
  const auto id = std::to_string(rows.at(0).at("id").get<int>());
  EXPECT_EQ(admin().send("POST", "/api/v1/projects/demo/images/deleted/" + id +
                                     "/restore").status, 200);
  hooks = receiver_.wait(4);
  ASSERT_EQ(hooks.size(), 4u);
  EXPECT_EQ(hooks[3].event().at("action"), "push");
  EXPECT_EQ(tag_of(hooks[3]), "v2");
}

TEST_F(WebhookTest, SignsTheBody) {
  add({{"url", receiver_.url()}, {"secret", "hush"}});
  push_image("layer", "v1");
  const auto hooks = receiver_.wait(1);
  ASSERT_EQ(hooks.size(), 1u);
  EXPECT_EQ(hooks[0].header("X-Skerry-Signature-256"),
            "sha256=" + to_hex(auth::hmac_sha256("hush", hooks[0].body)));
}

TEST_F(WebhookTest, SendsOnlyWhatIsWanted) {
  push_image("layer", "v1");
  const auto pulls = add({{"name", "pulls"},
                          {"url", receiver_.url()},
                          {"actions", {"pull"}}});
  add({{"name", "others"},
       {"url", receiver_.url()},
       {"actions", {"pull", "push"}},
       {"repositories", "tools/*"}});
  add({{"name", "types"},
       {"url", receiver_.url()},
       {"actions", {"pull"}},
       {"ignored_media_types",
        {"application/vnd.oci.image.manifest.v1+json"}}});
  put_manifest(image_manifest({"layer"}), "v2");
  dev().send("GET", "/v2/demo/app/manifests/v1");
  dev().send("GET", "/v2/demo/app/blobs/" + digest_of("layer").to_string());
  auto hooks = receiver_.wait(1);
  EXPECT_EQ(wait_for(pulls, "pending", 0).at("pending"), 0);
  hooks = receiver_.hooks();
  ASSERT_EQ(hooks.size(), 1u);
  EXPECT_EQ(hooks[0].event().at("action"), "pull");
  EXPECT_EQ(tag_of(hooks[0]), "v1");
  EXPECT_EQ(hooks[0].event().at("actor").at("name"), "dev");
}

TEST_F(WebhookTest, OfTheServerHearsOfEveryProject) {
  add({{"url", receiver_.url()}, {"repositories", "other/**"}},
      "/api/v1/webhooks");
  push_image("layer", "v1", "demo/app");
  push_image("layer", "v1", "other/deep/app");
  const auto hooks = receiver_.wait(1);
  ASSERT_EQ(hooks.size(), 1u);
  EXPECT_EQ(hooks[0].event().at("target").at("repository"), "other/deep/app");
}

TEST_F(WebhookTest, TellsOfBlobsWhenAsked) {
  add({{"url", receiver_.url()},
       {"actions", {"push", "pull", "mount", "delete"}},
       {"blobs", true},
       {"include_references", true}});
  push_image("layer", "v1");
  receiver_.wait(3);
  const auto layer = digest_of("layer").to_string();
  admin().send("POST", "/v2/demo/copy/blobs/uploads/?mount=" + layer +
                           "&from=demo/app");
  dev().send("GET", "/v2/demo/copy/blobs/" + layer);
  admin().send("DELETE", "/v2/demo/copy/blobs/" + layer);
  const auto hooks = receiver_.wait(6);
  ASSERT_EQ(hooks.size(), 6u);
  const auto pushed = hooks[1].event().at("target");
  EXPECT_EQ(pushed.at("mediaType"), "application/octet-stream");
  EXPECT_EQ(pushed.at("digest"), layer);
  EXPECT_EQ(pushed.at("size"), 5);
  EXPECT_TRUE(pushed.at("url").get<std::string>().ends_with("/blobs/" + layer));
  const auto manifest = hooks[2].event().at("target");
  ASSERT_EQ(manifest.at("references").size(), 2u);
  EXPECT_EQ(manifest.at("references").at(1).at("digest"), layer);
  EXPECT_EQ(hooks[3].event().at("action"), "mount");
  EXPECT_EQ(hooks[3].event().at("target").at("fromRepository"), "demo/app");
  EXPECT_EQ(hooks[4].event().at("action"), "pull");
  EXPECT_EQ(hooks[5].event().at("target"),
            (Json{{"repository", "demo/copy"}, {"digest", layer}}));
}

TEST_F(WebhookTest, TriesAgainInOrder) {
  push_image("layer", "v0");
  receiver_.refuse = 3;
  const auto path = add();
  for (int i = 1; i <= 20; ++i) push_tag(i);
  const auto hooks = receiver_.wait(20);
  ASSERT_EQ(hooks.size(), 20u);
  for (int i = 1; i <= 20; ++i) {
    EXPECT_EQ(tag_of(hooks[static_cast<std::size_t>(i - 1)]),
              "v" + std::to_string(i));
  }
  EXPECT_EQ(receiver_.refused(), 3u);
  const auto state = wait_for(path, "pending", 0);
  EXPECT_EQ(state.at("failing_since"), nullptr);
  EXPECT_EQ(state.at("dropped"), 0);
  EXPECT_EQ(state.at("last_delivery").at("status"), 200);
  EXPECT_EQ(state.at("last_delivery").at("target"), "demo/app:v20");
  const auto list = deliveries(path);
  EXPECT_EQ(list.size(), 23u);
  EXPECT_EQ(list.at(22).at("status"), 503);
  EXPECT_EQ(list.at(22).at("error"), "status 503");
  EXPECT_EQ(list.at(19).at("attempt"), 4);
  EXPECT_EQ(list.at(0).at("request_id"),
            hooks[19].event().at("request").at("id"));
}

TEST_F(WebhookTest, ARestartLosesNothing) {
  push_image("layer", "v0");
  int port = 0;
  {
    const HookReceiver gone;
    port = gone.port();
  }
  const auto path =
      add({{"url", "http://127.0.0.1:" + std::to_string(port) + "/hook"}});
  for (int i = 1; i <= 5; ++i) push_tag(i);
  const auto state = wait_for(path, "failing_since", world().clock().now());
  EXPECT_EQ(state.at("pending"), 5);
  EXPECT_EQ(state.at("last_delivery").at("status"), nullptr);
  EXPECT_FALSE(state.at("last_delivery").at("error").get<std::string>().empty());
  begin();
  EXPECT_EQ(get(path).at("pending"), 5);
  HookReceiver back(port);
  const auto hooks = back.wait(5);
  ASSERT_EQ(hooks.size(), 5u);
  EXPECT_EQ(tag_of(hooks[0]), "v1");
  EXPECT_EQ(tag_of(hooks[4]), "v5");
}

TEST_F(WebhookTest, ADeadReceiverDelaysNobody) {
  push_image("layer", "v0");
  HookReceiver stuck;
  stuck.silent = true;
  add({{"name", "stuck"}, {"url", stuck.url()}});
  add({{"name", "good"}, {"url", receiver_.url()}});
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 1; i <= 10; ++i) push_tag(i);
  EXPECT_EQ(receiver_.wait(10).size(), 10u);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
  EXPECT_EQ(stuck.hooks().size(), 0u);
}

TEST_F(WebhookTest, ABacklogIsBoundedAndTheOldestGo) {
  begin({{"SKERRY_REGISTRY_WEBHOOK_BACKLOG", "5"},
         {"SKERRY_REGISTRY_WEBHOOK_RETRY", "100s"}});
  push_image("layer", "v0");
  receiver_.status = 500;
  const auto path = add();
  for (int i = 1; i <= 12; ++i) push_tag(i);
  auto state = wait_for(path, "dropped", 7);
  EXPECT_EQ(state.at("pending"), 5);
  EXPECT_EQ(state.at("dropped"), 7);
  receiver_.status = 202;
  // A change makes it try at once.
  EXPECT_EQ(admin().send("PATCH", path, R"({"blobs":false})").status, 200);
  const auto hooks = receiver_.wait(5);
  ASSERT_EQ(hooks.size(), 5u);
  EXPECT_EQ(tag_of(hooks[0]), "v8");
  EXPECT_EQ(tag_of(hooks[4]), "v12");
}

TEST_F(WebhookTest, AnEventIsGivenUpAfterItsTime) {
  begin({{"SKERRY_REGISTRY_WEBHOOK_GIVE_UP", "1h"}});
  push_image("layer", "v0");
  receiver_.status = 500;
  const auto path = add();
  push_tag(1);
  push_tag(2);
  wait_for(path, "pending", 2);
  world().clock().advance(std::chrono::hours(2));
  push_tag(3);
  const auto state = wait_for(path, "dropped", 2);
  EXPECT_EQ(state.at("pending"), 1);
  receiver_.status = 200;
  const auto hooks = receiver_.wait(1);
  ASSERT_EQ(hooks.size(), 1u);
  EXPECT_EQ(tag_of(hooks[0]), "v3");
}

TEST_F(WebhookTest, FollowsNoRedirectAndReadsNoAnswer) {
  push_image("layer", "v0");
  const auto path = add();
  receiver_.status = 302;
  push_tag(1);
  receiver_.wait(1);
  const auto state =
      wait_for(path, "failing_since", world().clock().now());
  EXPECT_NE(state.at("last_delivery").at("error").get<std::string>().find(
                "redirects are not followed"),
            std::string::npos);
  receiver_.answer_with(std::string(4u << 20, 'x'));
  receiver_.status = 200;
  EXPECT_EQ(wait_for(path, "pending", 0).at("last_delivery").at("status"), 200);
}

TEST_F(WebhookTest, TrustsTheAuthorityThatItIsGiven) {
  TempFolder keys(std::filesystem::temp_directory_path(), "hook-keys-");
  http::ensure_certificates(keys.path(), {"127.0.0.1"});
  HookReceiver secure(0, keys.path() / "server.pem");
  const auto strict = add({{"name", "strict"}, {"url", secure.url()}});
  const auto test = [&](const std::string& path) {
    return parse_json(admin().send("POST", path + "/test").body);
  };
  auto result = test(strict);
  EXPECT_EQ(result.at("delivered"), false) << result.dump();
  EXPECT_EQ(result.at("status"), nullptr);
  const auto ca = read_file(keys.path() / "ca.crt", 1u << 16);
  EXPECT_EQ(
      test(add({{"name", "ca"}, {"url", secure.url()}, {"ca_pem", ca}}))
          .at("delivered"),
      true);
  EXPECT_EQ(test(add({{"name", "any"},
                      {"url", secure.url()},
                      {"verify_tls", false}})).at("delivered"),
            true);
  const auto hooks = secure.wait(2);
  ASSERT_EQ(hooks.size(), 2u);
  EXPECT_EQ(hooks[0].event().at("action"), "test");
  EXPECT_EQ(hooks[0].event().at("target").at("repository"), "demo/test");
}

TEST_F(WebhookTest, RefusesAddressesOfThisMachine) {
  const auto path = add();
  begin({{"SKERRY_REGISTRY_WEBHOOK_ALLOW_LOCAL", "false"}});
  for (const char* host :
       {"127.0.0.1:80", "localhost", "[::1]:8080", "169.254.169.254",
        "[::ffff:127.0.0.1]", "[fe80::1]", "0.0.0.0"}) {
    const Json settings = {{"name", "local"},
                           {"url", std::string("http://") + host + "/"}};
    EXPECT_EQ(admin().send("POST", kHooks, settings.dump()).status, 403)
        << host;
  }
  add({{"name", "private"}, {"url", "http://10.1.2.3/hook"}});
  // One that was allowed once, and every name that turns out to be local, is
  // refused when it is connected to.
  push_image("layer", "v1");
  const auto state = wait_for(path, "failing_since", world().clock().now());
  EXPECT_NE(state.at("last_delivery").at("error").get<std::string>().find(
                "of this machine"),
            std::string::npos)
      << state.dump();
  EXPECT_TRUE(receiver_.hooks().empty());
}

TEST_F(WebhookTest, NeverShowsItsSecrets) {
  const auto path = add({{"url", receiver_.url()},
                         {"headers", {{"X-Token", "topsecret-1"}}},
                         {"secret", "topsecret-2"}});
  const auto shown = get(path);
  EXPECT_EQ(shown.at("header_names"), Json({"X-Token"}));
  EXPECT_EQ(shown.at("has_secret"), true);
  EXPECT_EQ(shown.dump().find("topsecret"), std::string::npos);
  world().db().read([](Connection& db) {
    auto row = db.query("select document || sealed from registry_webhook");
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.text(0).find("topsecret"), std::string::npos);
  });
  begin();
  push_image("layer", "v1");
  const auto hooks = receiver_.wait(1);
  ASSERT_EQ(hooks.size(), 1u);
  EXPECT_EQ(hooks[0].header("X-Token"), "topsecret-1");
}

TEST_F(WebhookTest, IsForAdminsAndGoesWithItsProject) {
  const auto path = add();
  EXPECT_EQ(dev().send("GET", kHooks).status, 403);
  EXPECT_EQ(dev().send("GET", "/api/v1/webhooks").status, 403);
  EXPECT_EQ(admin().send("GET", "/api/v1/projects/other/webhooks/1").status,
            404);
  EXPECT_EQ(admin().send("GET", "/api/v1/webhooks/1").status, 404);
  EXPECT_EQ(get(kHooks).at("webhooks").size(), 1u);
  const Json twin = {{"name", "hook"}, {"url", receiver_.url()}};
  EXPECT_EQ(admin().send("POST", kHooks, twin.dump()).status, 409);
  EXPECT_EQ(admin().send("PATCH", path, R"({"enabled":false})").status, 200);
  push_image("layer", "v1");
  EXPECT_EQ(get(path).at("pending"), 0);
  EXPECT_EQ(admin().send("DELETE", path).status, 204);
  EXPECT_EQ(admin().send("GET", path).status, 404);
  const auto audited = world().accounts().audited();
  EXPECT_NE(std::find(audited.begin(), audited.end(),
                      "webhook.delete demo/hook"),
            audited.end());
  add();
  world().db().write([&](Transaction& tx) {
    world().events().append(
        tx, "ProjectDeleted", "demo",
        std::to_string(world().accounts().find_project("demo")->id));
  });
  EXPECT_EQ(get(kHooks).at("webhooks").size(), 0u);
}

TEST_F(WebhookTest, ThereAreOnlySoMany) {
  for (int i = 0; i < 20; ++i) {
    add({{"name", "n" + std::to_string(i)}, {"url", receiver_.url()}});
  }
  const Json more = {{"name", "more"}, {"url", receiver_.url()}};
  EXPECT_EQ(admin().send("POST", kHooks, more.dump()).status, 413);
}

}  // namespace
}  // namespace skerry::registry
