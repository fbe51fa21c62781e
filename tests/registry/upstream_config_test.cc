#include "upstream/config.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace skerry::registry {
namespace {

UpstreamConfig read(const char* json, const UpstreamConfig* before = nullptr) {
  return read_config(parse_json(json), before);
}

std::string fault(const char* json, const UpstreamConfig* before = nullptr) {
  try {
    read(json, before);
    return "none";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid);
    return error.message();
  }
}

TEST(UpstreamConfig, HasDefaults) {
  const auto config = read(R"({"url":"https://Registry.Example:5000/"})");
  EXPECT_EQ(config.url, "https://registry.example:5000");
  EXPECT_EQ(config.hosts, std::vector<std::string>{"registry.example:5000"});
  EXPECT_EQ(config.ttl, 15 * 60'000);
  EXPECT_FALSE(config.library);
  EXPECT_FALSE(config.offline);
  EXPECT_TRUE(config.keep_deleted);
}

TEST(UpstreamConfig, KnowsDockerHubByEachOfItsNames) {
  for (const char* url : {"docker.io", "https://index.docker.io",
                          "https://registry-1.docker.io/"}) {
    const auto config =
        read_config(Json{{"url", url}}, nullptr);
    EXPECT_EQ(config.url, "https://registry-1.docker.io");
    EXPECT_TRUE(config.library);
    EXPECT_EQ(config.hosts, std::vector<std::string>{"docker.io"});
    EXPECT_EQ(canonical_repository(config, "alpine"), "library/alpine");
    EXPECT_EQ(canonical_repository(config, "grafana/grafana"),
              "grafana/grafana");
  }
}

TEST(UpstreamConfig, NamesTheFieldThatIsWrong) {
  const std::pair<const char*, const char*> table[] = {
      {R"({})", "url is missing"},
      {R"({"url":"ftp://x"})", "url: 'ftp://x' is neither"},
      {R"({"url":"https://a:b@x"})", "url: give credentials"},
      {R"({"url":"https://x/path"})", "url: 'https://x/path' has a path"},
      {R"({"url":"https://x y"})", "url: 'x y' is no host"},
      {R"({"url":"https://"})", "url: "},
      {R"({"url":"https:///x"})", "url: "},
      {R"({"url":"https://x","prefix":"A"})", "prefix: 'A'"},
      {R"({"url":"https://x","user":"u"})", "password is missing"},
      {R"({"url":"https://x","password":"p"})", "user is missing"},
      {R"({"url":"https://x","user":"a:b","password":"p"})", "user holds a ':'"},
      {R"({"url":"https://x","user":"a\nb","password":"p"})", "user holds"},
      {R"({"url":"https://x","ca_pem":"x"})", "ca_pem holds no certificate"},
      {R"({"url":"https://x","ca_pem":"-----BEGIN EC PRIVATE KEY-----"})",
       "ca_pem holds a private key"},
      {R"({"url":"https://x","ttl":-1})", "ttl is not between"},
      {R"({"url":"https://x","ttl":"soon"})", "ttl: 'soon'"},
      {R"({"url":"https://x","ttl":true})", "ttl"},
      {R"({"url":"https://x","offline":"no"})", "offline"},
      {R"({"url":"https://x","allow":"a"})", "allow is not an array"},
      {R"({"url":"https://x","allow":["A"]})", "allow: 'A'"},
      {R"({"url":"https://x","allow":[""]})", "allow: ''"},
      {R"({"url":"https://x","hosts":["a b"]})", "hosts: 'a b'"},
      {R"({"url":"https://x","hosts":[1]})", "hosts holds"},
      {R"({"url":"https://x","tttl":1})", "tttl"},
  };
  for (const auto& [json, wanted] : table) {
    EXPECT_NE(fault(json).find(wanted), std::string::npos)
        << json << ": " << fault(json);
  }
}

TEST(UpstreamConfig, KeepsAPasswordForTheSameServerAndUserOnly) {
  const auto before =
      read(R"({"url":"https://x","user":"u","password":"p"})");
  EXPECT_EQ(read(R"({"url":"https://x","user":"u","ttl":"1h"})", &before)
                .password,
            "p");
  EXPECT_EQ(read(R"({"url":"https://x"})", &before).password, "");
  const auto* again = "password: give it again";
  EXPECT_EQ(fault(R"({"url":"https://y","user":"u"})", &before).find(again), 0u);
  EXPECT_EQ(fault(R"({"url":"https://x","user":"v"})", &before).find(again), 0u);
}

TEST(UpstreamConfig, ShowsAllButThePassword) {
  const auto config = read(
      R"({"url":"https://x","user":"u","password":"sesame","prefix":"a/b",
          "allow":["library/*","team/**"],"hosts":["X:5000","docker.io"]})");
  const auto text = show_config(config).dump();
  EXPECT_EQ(text.find("sesame"), std::string::npos);
  EXPECT_NE(text.find("\"has_password\":true"), std::string::npos);
  EXPECT_EQ(upstream_name(config, "c"), "a/b/c");
  EXPECT_TRUE(is_allowed(config, "library/alpine"));
  EXPECT_TRUE(is_allowed(config, "team/a/b"));
  EXPECT_FALSE(is_allowed(config, "library/a/b"));
  EXPECT_FALSE(is_allowed(config, "other"));
  EXPECT_EQ(config.hosts, (std::vector<std::string>{"x:5000", "docker.io"}));
}

}  // namespace
}  // namespace skerry::registry
