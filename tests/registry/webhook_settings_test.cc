// The settings of a webhook: what is taken, and what is refused by name.
#include <gtest/gtest.h>

#include "core/error.h"
#include "notify/webhook.h"

namespace skerry::registry {
namespace {

Json with(const std::string& member, const Json& value) {
  Json settings = {{"name", "a"}, {"url", "https://hooks.example/in"}};
  settings[member] = value;
  return settings;
}

TEST(WebhookSettings, AreTaken) {
  for (const auto& settings :
       {with("url", "http://10.0.0.1:8080"), with("url", "HTTPS://h/x?y=z"),
        with("url", "https://[2001:db8::1]:8443/x"),
        with("headers", {{"X-A", "b c"}}), with("secret", ""),
        with("actions", {"push", "pull", "delete"}), with("blobs", true),
        with("repositories", "**/app"),
        with("ignored_media_types", {"application/octet-stream"})}) {
    EXPECT_NO_THROW(change_webhook({}, settings)) << settings.dump();
  }
}

TEST(WebhookSettings, AreRefusedByName) {
  const std::pair<Json, const char*> table[] = {
      {Json::array(), "a webhook must be"},
      {Json{{"url", "http://a"}}, "name is missing"},
      {Json{{"name", "a"}}, "url is missing"},
      {with("name", "a b"), "name must be"},
      {with("name", std::string(65, 'a')), "name has 65"},
      {with("url", "ftp://a/"), "url must be"},
      {with("url", "http://"), "url must be"},
      {with("url", "http://user:pw@host/"), "url must be"},
      {with("url", "http://host:0/"), "url must be"},
      {with("url", "http://host:99999/"), "url must be"},
      {with("url", "http://host:/"), "url must be"},
      {with("url", "http://[::1/"), "url must be"},
      {with("url", "http://[::1]x80/"), "url must be"},
      {with("url", "http://host/#part"), "url must be"},
      {with("url", "http://host/a b"), "url must be"},
      {with("url", "http://host\\@other/"), "url must be"},
      {with("url", 7), "url must be a string"},
      {with("headers", {"a"}), "headers must be"},
      {with("headers", {{"a b", "c"}}), "headers.a b must be"},
      {with("headers", {{"Host", "c"}}), "headers.Host is a header"},
      {with("headers", {{"X", "a\r\nb"}}), "headers.X must be"},
      {with("headers", {{"X", 1}}), "headers.X must be a string"},
      {with("secret", 1), "secret must be"},
      {with("ca_pem", "no certificate"), "ca_pem must be"},
      {with("verify_tls", "yes"), "verify_tls must be"},
      {with("actions", Json::array()), "actions must be"},
      {with("actions", {"push", "pop"}), "actions[1] must be"},
      {with("actions", {"mount"}), "actions: mount"},
      {with("repositories", ""), "repositories must be"},
      {with("ignored_media_types", {"text"}), "ignored_media_types[0] must"},
      {with("threshold", 3), "threshold is not a member"},
  };
  for (const auto& [settings, text] : table) {
    try {
      change_webhook({}, settings);
      ADD_FAILURE() << settings.dump();
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(text), std::string::npos)
          << error.what() << " for " << settings.dump();
    }
  }
}

TEST(WebhookSettings, ReadWhatTheyWrite) {
  auto webhook = change_webhook({}, with("actions", {"pull"}));
  webhook = change_webhook(webhook, {{"headers", {{"X", "y"}}},
                                     {"secret", "s"},
                                     {"enabled", false}});
  auto again = change_webhook({}, settings_json(webhook));
  read_secrets(again, secrets_json(webhook));
  EXPECT_EQ(settings_json(again), settings_json(webhook));
  EXPECT_EQ(secrets_json(again), secrets_json(webhook));
}

TEST(Notice, LeavesOutWhatIsEmpty) {
  Notice notice;
  notice.id = "1";
  notice.action = "delete";
  notice.target.repository = "a/b";
  notice.target.tag = "v1";
  EXPECT_EQ(envelope_of(to_text(notice, true)),
            R"({"events":[{"id":"1","timestamp":"1970-01-01T00:00:00.000Z",)"
            R"("action":"delete","target":{"repository":"a/b","tag":"v1"},)"
            R"("request":{"id":"","method":"","useragent":""},)"
            R"("actor":{},"source":{}}]})");
}

}  // namespace
}  // namespace skerry::registry
