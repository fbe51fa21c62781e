#include "core/text/encoding.h"
#include "fixture.h"

namespace skerry::registry {
namespace {

class Access : public RegistryTest {
 protected:
  // A client with a token for these scopes, got as `user`.
  RawClient token(std::string_view user, const std::string& query) const {
    const auto reply = as(user).send("GET", "/v2/token?service=skerry" + query);
    EXPECT_EQ(reply.status, 200);
    const auto body = parse_json(reply.body);
    EXPECT_EQ(body.at("token"), body.at("access_token"));
    EXPECT_GE(body.at("expires_in").get<int>(), 60);
    return RawClient(world_port(),
                     "Bearer " + body.at("token").get<std::string>());
  }
  int world_port() const {
    return const_cast<Access*>(this)->world().port();
  }
};

TEST_F(Access, VersionCheckAsksForAToken) {
  const auto reply = as("").send("GET", "/v2/");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.header("www-authenticate"),
            "Bearer realm=\"http://127.0.0.1:" + std::to_string(world_port()) +
                "/v2/token\",service=\"skerry\"");
  EXPECT_EQ(error_code(reply), "UNAUTHORIZED");
  EXPECT_EQ(reply.header("docker-distribution-api-version"), "registry/2.0");
  EXPECT_EQ(dev().send("GET", "/v2/").status, 200);
  EXPECT_EQ(token("dev", "").send("GET", "/v2/").status, 200);
  EXPECT_EQ(RawClient(world_port(), basic("dev", "wrong"))
                .send("GET", "/v2/")
                .status,
            401);
}

TEST_F(Access, ChallengeNamesTheScope) {
  const auto pull = as("").send("GET", "/v2/demo/app/manifests/v1");
  EXPECT_EQ(pull.status, 401);
  EXPECT_NE(pull.header("www-authenticate")
                .find("scope=\"repository:demo/app:pull\""),
            std::string::npos);
  const auto push = as("").send("POST", "/v2/demo/app/blobs/uploads/");
  EXPECT_NE(push.header("www-authenticate")
                .find("scope=\"repository:demo/app:pull,push\""),
            std::string::npos);
}

TEST_F(Access, TokenIsCutToWhatIsAskedAndAllowed) {
  push_image("x", "v1");
  const auto pull = token("dev", "&scope=repository:demo/app:pull");
  EXPECT_EQ(pull.send("GET", "/v2/demo/app/manifests/v1").status, 200);
  const auto refused = pull.send("POST", "/v2/demo/app/blobs/uploads/");
  EXPECT_EQ(refused.status, 401);  // a wider token would do
  EXPECT_NE(refused.header("www-authenticate").find("insufficient_scope"),
            std::string::npos);
  EXPECT_EQ(pull.send("GET", "/v2/demo/other/manifests/v1").status, 401);
  const auto both = token("dev", "&scope=repository:demo/app:pull,push");
  EXPECT_EQ(both.send("POST", "/v2/demo/app/blobs/uploads/").status, 202);
}

TEST_F(Access, UploadIsAskedForWithAReadersToken) {
  const auto location = start();
  const auto pull = token("dev", "&scope=repository:demo/app:pull");
  EXPECT_EQ(pull.send("GET", location).status, 204);
  EXPECT_EQ(pull.send("DELETE", location).status, 401);
}

TEST_F(Access, PartialGrantIsNoError) {
  push_image("x", "v1");
  const auto client = token("viewer", "&scope=repository:demo/app:pull,push");
  EXPECT_EQ(client.send("GET", "/v2/demo/app/manifests/v1").status, 200);
  const auto refused = client.send("POST", "/v2/demo/app/blobs/uploads/");
  EXPECT_EQ(refused.status, 403);  // no token would do
  EXPECT_EQ(error_code(refused), "DENIED");
}

TEST_F(Access, TokenWithoutAnyGrantHasNoRights) {
  push_image("x", "v1");
  for (const auto* scope : {"", "&scope=repository:other/x:pull,push",
                            "&scope=nonsense", "&scope=repository:demo:pull"}) {
    const auto client = token("dev", scope);
    EXPECT_EQ(client.send("GET", "/v2/demo/app/manifests/v1").status, 401)
        << scope;
  }
}

TEST_F(Access, SeveralScopesInOneToken) {
  push_image("x", "v1", "open/app");
  const auto client = token("dev",
                            "&scope=repository:open/app:pull"
                            "&scope=repository:demo/app:push,pull");
  EXPECT_EQ(client.send("GET", "/v2/open/app/manifests/v1").status, 200);
  EXPECT_EQ(client.send("POST", "/v2/demo/app/blobs/uploads/").status, 202);
}

TEST_F(Access, PublicProjectIsReadByAnyone) {
  push_image("x", "v1", "open/app");
  EXPECT_EQ(as("").send("GET", "/v2/open/app/manifests/v1").status, 200);
  const auto client = token("", "&scope=repository:open/app:pull,push");
  EXPECT_EQ(client.send("GET", "/v2/open/app/manifests/v1").status, 200);
  EXPECT_EQ(client.send("POST", "/v2/open/app/blobs/uploads/").status, 401);
}

TEST_F(Access, CatalogNeedsItsScope) {
  push_image("x", "v1");
  EXPECT_NE(token("dev", "&scope=registry:catalog:*")
                .send("GET", "/v2/_catalog")
                .body.find("demo/app"),
            std::string::npos);
}

TEST_F(Access, TokenByForm) {
  const auto post = [&](const std::string& form) {
    return as("").send("POST", "/v2/token", form,
                       {{"Content-Type", "application/x-www-form-urlencoded"}});
  };
  const auto reply =
      post("grant_type=password&username=dev&password=secret&service=skerry"
           "&scope=repository%3Ademo%2Fapp%3Apull%2Cpush+registry:catalog:*");
  EXPECT_EQ(reply.status, 200);
  const RawClient client(
      world_port(), "Bearer " + parse_json(reply.body)
                                    .at("access_token")
                                    .get<std::string>());
  EXPECT_EQ(client.send("POST", "/v2/demo/app/blobs/uploads/").status, 202);
  EXPECT_EQ(post("grant_type=password&username=dev&password=x").status, 401);
  EXPECT_EQ(post("grant_type=refresh_token&refresh_token=x").status, 400);
  EXPECT_EQ(post("grant_type=%zz").status, 400);
  EXPECT_EQ(post("").status, 400);
}

TEST_F(Access, MountFromAnotherProjectAsksForItsScope) {
  push_blob("layer", "open/app");
  push_blob("secret", "other/app");
  const auto client = token("dev", "&scope=repository:demo/x:pull,push");
  const auto mount = [&](std::string_view bytes, const std::string& from) {
    return client.send("POST", "/v2/demo/x/blobs/uploads/?mount=" +
                                   digest_of(bytes).to_string() +
                                   "&from=" + from);
  };
  const auto reply = mount("layer", "open/app");
  EXPECT_EQ(reply.status, 401);
  EXPECT_NE(reply.header("www-authenticate").find("repository:open/app:pull"),
            std::string::npos);
  EXPECT_EQ(mount("secret", "other/app").status, 202);
  push_blob("mine", "demo/app");
  EXPECT_EQ(mount("mine", "demo/app").status, 201);
}

TEST_F(Access, UnknownProjectIsNamed) {
  const auto reply = dev().send("POST", "/v2/nope/app/blobs/uploads/");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(error_code(reply), "NAME_UNKNOWN");
  EXPECT_NE(reply.body.find("nope"), std::string::npos);
  EXPECT_EQ(as("").send("POST", "/v2/nope/app/blobs/uploads/").status, 401);
}

TEST_F(Access, NameWithoutAProjectIsUnknown) {
  for (const auto* path : {"/v2/app/blobs/uploads/", "/v2/app/manifests/v1",
                           "/v2/app/tags/list", "/v2/x", "/v2/a/b/c/d"}) {
    for (const auto* method : {"GET", "POST"}) {
      const auto reply = dev().send(method, path);
      EXPECT_EQ(reply.status, 404) << method << path;
      EXPECT_EQ(error_code(reply), "NAME_UNKNOWN") << path;
    }
  }
}

TEST_F(Access, NamesAreChecked) {
  const auto long_name = "demo/" + std::string(251, 'a');
  for (const std::string& name :
       {std::string("demo/App"), std::string("demo/a..b"),
        std::string("demo/-a"), std::string("demo/a%20b"), long_name}) {
    const auto reply = dev().send("POST", "/v2/" + name + "/blobs/uploads/");
    EXPECT_EQ(reply.status, 400) << name;
    EXPECT_EQ(error_code(reply), "NAME_INVALID") << name;
  }
  EXPECT_EQ(dev().send("POST", "/v2/demo/" + std::string(250, 'a') +
                                   "/blobs/uploads/")
                .status,
            202);
}

TEST_F(Access, ImagesOfADeletedProjectAreGoneAndStayGone) {
  push_image("x", "v1");
  world().accounts().remove_project("demo");
  EXPECT_EQ(admin().send("GET", "/v2/demo/app/manifests/v1").status, 404);
  world().accounts().add_project("demo");
  EXPECT_EQ(admin().send("GET", "/v2/demo/app/manifests/v1").status, 404);
  world().run_job("registry.upkeep");
  const auto rows = world().db().read([](Connection& db) {
    auto row = db.query("select (select count(*) from registry_repository) + "
                        "(select count(*) from registry_content)");
    row.next();
    return row.integer(0);
  });
  EXPECT_EQ(rows, 0);
}

TEST_F(Access, ChangesAreAudited) {
  push_image("x", "v1");
  admin().send("DELETE", "/v2/demo/app/manifests/v1");
  const auto audited = world().accounts().audited();
  EXPECT_EQ(audited, (std::vector<std::string>{"image.push demo/app:v1",
                                               "image.tag.delete demo/app"}));
}

}  // namespace
}  // namespace skerry::registry
