#include <gtest/gtest.h>

#include <map>

#include "core/error.h"
#include "core/store/digest.h"
#include "fetch/index.h"
#include "fetch/oci.h"
#include "fetch/reference.h"
#include "fetch/web.h"
#include "world.h"

namespace skerry::chart {
namespace {

template <typename Work>
std::string error_of(const Work& work) {
  try {
    work();
    return "";
  } catch (const Error& error) {
    return error.message();
  }
}

TEST(Reference, ResolvesAsHelm) {
  struct Case {
    const char *base, *reference, *url;
  };
  for (auto [base, reference, url] : std::initializer_list<Case>{
           {"http://a/charts", "index.yaml", "http://a/charts/index.yaml"},
           {"http://a/charts/", "x-1.tgz", "http://a/charts/x-1.tgz"},
           {"http://a/charts", "../x.tgz", "http://a/x.tgz"},
           {"http://a/charts", "/x.tgz", "http://a/x.tgz"},
           {"http://a/charts?token=1", "x.tgz", "http://a/charts/x.tgz?token=1"},
           {"http://a/charts", "https://b/x.tgz", "https://b/x.tgz"},
           {"http://a", "x-1.0.0+b.tgz", "http://a/x-1.0.0+b.tgz"}}) {
    EXPECT_EQ(resolve_reference(base, reference), url);
  }
  EXPECT_TRUE(is_same_url("http://a/b/", "http://a/b"));
  EXPECT_TRUE(is_same_url("http://a", "http://a/"));
  EXPECT_FALSE(is_same_url("http://a/b", "https://a/b"));
  EXPECT_TRUE(is_same_place("https://a/b", "https://a:443/c"));
  EXPECT_FALSE(is_same_place("https://a/b", "https://a:8443/c"));
  EXPECT_FALSE(is_same_place("https://a/b", "http://a/c"));
}

TEST(Reference, TakesOciAddressesApart) {
  auto whole = parse_oci_reference("oci://h:5000/team/app:1.0.0+b");
  EXPECT_EQ(whole.host, "h:5000");
  EXPECT_EQ(whole.repository, "team/app");
  EXPECT_EQ(whole.tag, "1.0.0_b");
  EXPECT_EQ(whole.name(), "app");
  EXPECT_EQ(parse_oci_reference("h/app@sha256:" + std::string(64, 'a')).digest,
            "sha256:" + std::string(64, 'a'));
  for (const char* bad : {"oci://h", "oci://h/", "oci://h/App", "oci://h/a@x",
                          "oci://h/a?b"}) {
    EXPECT_THROW(parse_oci_reference(bad), Error) << bad;
  }
}

constexpr std::string_view kIndex =
    "apiVersion: v1\nentries:\n  leaf:\n"
    "  - {apiVersion: v2, name: leaf, version: 1.0.0, urls: [a.tgz]}\n"
    "  - {apiVersion: v2, name: leaf, version: 2.0.0-rc.1, urls: [b.tgz]}\n"
    "  - {apiVersion: v2, name: leaf, version: 1.2.0, urls: [c.tgz]}\n"
    "  - {apiVersion: v2, name: leaf, version: nonsense, urls: [d.tgz]}\n"
    "  -\n";

TEST(RepositoryIndex, ChoosesVersions) {
  std::string told;
  RepositoryIndex index(kIndex, "http://a",
                        [&](std::string_view, std::string_view text) {
                          told += text;
                        });
  EXPECT_NE(told.find("empty entry"), told.npos);
  EXPECT_NE(told.find("nonsense"), told.npos);
  auto version = [&](const char* wanted) {
    return index.get("leaf", wanted, no_log()).version;
  };
  EXPECT_EQ(version(""), "1.2.0");
  EXPECT_EQ(version("1.0.0"), "1.0.0");
  EXPECT_EQ(version("~1.0"), "1.0.0");
  EXPECT_EQ(version(">0.0.0-0"), "2.0.0-rc.1");
  EXPECT_EQ(error_of([&] { version("^3"); }),
            "no chart version found for leaf-^3");
  EXPECT_EQ(error_of([&] { index.get("x", "", no_log()); }),
            "no chart name found");
}

TEST(RepositoryIndex, RefusesWhatIsNone) {
  auto error = [](std::string_view text) {
    return error_of([&] { RepositoryIndex index(text, "u", no_log()); });
  };
  EXPECT_EQ(error(""), "empty index.yaml file");
  EXPECT_EQ(error("entries: {}"), "no API version specified");
  EXPECT_EQ(error("[]"), "u is no index of a chart repository");
  EXPECT_NE(error("{"), "");
  EXPECT_EQ(error("{\"apiVersion\": \"v1\"}"), "");
}

TEST(RepositoryIndex, KnowsTheArchive) {
  auto hex = digest_of("archive").hex;
  EXPECT_EQ(error_of([&] { require_digest("archive", hex, "u"); }), "");
  EXPECT_EQ(error_of([&] { require_digest("archive", "sha256:" + hex, "u"); }),
            "");
  EXPECT_EQ(error_of([&] { require_digest("archive", "", "u"); }), "");
  EXPECT_NE(error_of([&] { require_digest("other", hex, "u"); }), "");
}

// Answers from a table; what is asked is written down.
class FakeClient : public http::Client {
 public:
  FakeClient(std::map<std::string, http::ClientResponse>& answers,
             std::vector<http::ClientRequest>& asked)
      : answers_(answers), asked_(asked) {}
  http::ClientResponse send(const http::ClientRequest& request,
                            std::stop_token) override {
    asked_.push_back(request);
    auto found = answers_.find(request.url);
    if (found != answers_.end()) return found->second;
    http::ClientResponse missing;
    missing.status = 404;
    return missing;
  }

 private:
  std::map<std::string, http::ClientResponse>& answers_;
  std::vector<http::ClientRequest>& asked_;
};

struct FakeWeb {
  std::map<std::string, http::ClientResponse> answers;
  std::vector<http::ClientRequest> asked;
  Web web{std::make_unique<FakeClient>(answers, asked)};
  void add(const std::string& url, std::string body, int status = 200) {
    http::ClientResponse response;
    response.status = status;
    response.body = std::move(body);
    answers[url] = std::move(response);
  }
};

TEST(Web, KeepsCredentialsAtTheirPlace) {
  FakeWeb fake;
  fake.add("http://a/x", "1");
  fake.add("http://b/x", "2");
  Access access;
  access.user = "u";
  access.password = "p";
  fake.web.get("http://a/x", "http://a/charts", access);
  fake.web.get("http://b/x", "http://a/charts", access);
  access.passes_credentials = true;
  fake.web.get("http://b/x", "http://a/charts", access);
  EXPECT_EQ(fake.asked[0].user, "u");
  EXPECT_EQ(fake.asked[1].user, "");
  EXPECT_EQ(fake.asked[2].user, "u");
  EXPECT_EQ(error_of([&] { fake.web.get("http://a/y", "http://a", {}); }),
            "failed to fetch http://a/y : 404 Not Found");
}

std::string manifest_for(const std::string& archive) {
  return R"({"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json"},)"
         R"("layers":[{"mediaType":)"
         R"("application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":")" +
         digest_of(archive).to_string() + R"("}]})";
}

TEST(OciRegistry, PullsAChartAndChecksIt) {
  FakeWeb fake;
  std::string base = "https://h/v2/team/app/";
  fake.add(base + "tags/list",
           R"({"tags":["1.0.0","latest","1.2.0_b1","2.0.0-rc.1"]})");
  fake.add(base + "manifests/1.2.0_b1", manifest_for("archive"));
  fake.add(base + "blobs/" + digest_of("archive").to_string(), "archive");
  OciRegistry registry(fake.web, {}, {});
  auto app = parse_oci_reference("oci://h/team/app");
  EXPECT_EQ(registry.tags(app),
            (std::vector<std::string>{"2.0.0-rc.1", "1.2.0+b1", "1.0.0"}));
  auto found = registry.resolve(app, "");
  EXPECT_EQ(found.tag, "1.2.0_b1");
  EXPECT_EQ(registry.pull(found).archive, "archive");
  fake.add(base + "blobs/" + digest_of("archive").to_string(), "changed");
  EXPECT_NE(error_of([&] { registry.pull(found); }).find("does not match"),
            std::string::npos);
  EXPECT_EQ(error_of([&] { registry.resolve(app, "^7"); }),
            "could not locate a version matching provided version string ^7");
  EXPECT_EQ(error_of([&] {
              registry.pull(parse_oci_reference("oci://h/team/app:9.9.9"));
            }),
            "h/team/app:9.9.9: not found");
}

TEST(OciRegistry, SignsInWhenAsked) {
  FakeWeb fake;
  http::ClientResponse challenge;
  challenge.status = 401;
  challenge.headers["www-authenticate"] =
      "Bearer realm=\"https://auth/token\",service=\"reg\"";
  fake.answers["https://h/v2/app/tags/list"] = challenge;
  fake.add("https://auth/token?service=reg&scope=repository%3Aapp%3Apull",
           R"({"token":"t"})");
  OciRegistry registry(fake.web, {}, {{"h", {"u", "p"}}});
  EXPECT_THROW(registry.tags(parse_oci_reference("h/app")), Error);
  ASSERT_EQ(fake.asked.size(), 3u);
  EXPECT_EQ(fake.asked[1].headers[0].second, "Basic dTpw");
  EXPECT_EQ(fake.asked[2].headers[1].second, "Bearer t");
}

}  // namespace
}  // namespace skerry::chart
