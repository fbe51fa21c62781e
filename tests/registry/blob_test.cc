#include "fixture.h"

namespace skerry::registry {
namespace {

class Blob : public RegistryTest {
 protected:
  std::string path(std::string_view bytes,
                   const std::string& repository = "demo/app") const {
    return "/v2/" + repository + "/blobs/" + digest_of(bytes).to_string();
  }
};

TEST_F(Blob, IsReadWholeOrByHead) {
  push_blob("hello world");
  auto reply = dev().send("GET", path("hello world"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "hello world");
  EXPECT_EQ(reply.header("docker-content-digest"),
            digest_of("hello world").to_string());
  EXPECT_EQ(reply.header("content-type"), "application/octet-stream");
  reply = dev().send("HEAD", path("hello world"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-length"), "11");
  EXPECT_EQ(reply.body, "");
}

TEST_F(Blob, IsReadInRanges) {
  push_blob("hello world");
  const auto get = [&](const char* range) {
    return dev().send("GET", path("hello world"), "", {{"Range", range}});
  };
  EXPECT_EQ(get("bytes=0-4").body, "hello");
  EXPECT_EQ(get("bytes=0-4").status, 206);
  EXPECT_EQ(get("bytes=6-").body, "world");
  EXPECT_EQ(get("bytes=-5").body, "world");
  EXPECT_EQ(get("bytes=6-100").header("content-range"), "bytes 6-10/11");
  EXPECT_EQ(get("bytes=11-").status, 416);
  const auto both = get("bytes=0-1,6-7");
  EXPECT_EQ(both.status, 206);
  EXPECT_EQ(both.header("content-type").find("multipart/byteranges"), 0u);
}

TEST_F(Blob, OfAnotherRepositoryIsUnknown) {
  push_blob("secret", "other/app");
  for (const auto* repository : {"demo/app", "demo/never"}) {
    const auto reply = dev().send("GET", path("secret", repository));
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(error_code(reply), "BLOB_UNKNOWN");
  }
  EXPECT_EQ(dev().send("GET", path("secret", "other/app")).status, 403);
}

TEST_F(Blob, WithABadDigestIsInvalid) {
  for (const auto* digest : {"sha256:zz", "sha256:", "x", "md5:00"}) {
    const auto reply =
        dev().send("GET", std::string("/v2/demo/app/blobs/") + digest);
    EXPECT_EQ(reply.status, 400) << digest;
    EXPECT_EQ(error_code(reply), "DIGEST_INVALID") << digest;
  }
}

TEST_F(Blob, IsMountedFromARepositoryThatTheCallerMayRead) {
  const std::string layer(20'000, 'l');
  push_blob(layer, "demo/one");
  const auto target =
      "/v2/demo/two/blobs/uploads/?mount=" + digest_of(layer).to_string();
  auto reply = dev().send("POST", target + "&from=demo/one");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.header("location"), path(layer, "demo/two"));
  EXPECT_EQ(dev().send("GET", path(layer, "demo/two")).body, layer);
  EXPECT_EQ(files_in("blobs"), 1u);
}

TEST_F(Blob, IsMountedWithoutASourceWhenSomeReadableRepositoryHasIt) {
  push_blob("open layer", "open/app");
  push_blob("closed layer", "other/app");
  const auto mount = [&](std::string_view bytes) {
    return dev()
        .send("POST", "/v2/demo/x/blobs/uploads/?mount=" +
                          digest_of(bytes).to_string())
        .status;
  };
  EXPECT_EQ(mount("open layer"), 201);
  EXPECT_EQ(mount("closed layer"), 202);
  EXPECT_EQ(mount("absent"), 202);
}

TEST_F(Blob, IsNotMountedFromWhereTheCallerMayNotRead) {
  push_blob("secret", "other/app");
  const auto digest = digest_of("secret").to_string();
  for (const auto* from : {"other/app", "demo/none", "nope/x", "x", "A/b"}) {
    const auto reply = dev().send(
        "POST", "/v2/demo/x/blobs/uploads/?mount=" + digest + "&from=" + from);
    EXPECT_EQ(reply.status, 202) << from;
    EXPECT_FALSE(reply.header("location").empty()) << from;
  }
  EXPECT_EQ(dev().send("GET", path("secret", "demo/x")).status, 404);
}

TEST_F(Blob, IsDeletedOnlyWhenNoManifestNeedsIt) {
  const auto image = push_image("layer", "v1");
  auto reply = admin().send("DELETE", path("layer"));
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(error_code(reply), "UNSUPPORTED");
  EXPECT_EQ(dev().send("DELETE", path("layer")).status, 403);
  admin().send("DELETE", "/v2/demo/app/manifests/" + image.to_string());
  EXPECT_EQ(admin().send("DELETE", path("layer")).status, 202);
  EXPECT_EQ(admin().send("DELETE", path("layer")).status, 404);
  EXPECT_EQ(dev().send("GET", path("layer")).status, 404);
}

TEST_F(Blob, LostFromTheStoreIsAServerFaultNotAnUnknownBlob) {
  push_blob("layer");
  world().blobs().remove(digest_of("layer"));
  EXPECT_EQ(dev().send("GET", path("layer")).status, 500);
  // A client that pushes asks first, and must not be told that it is there.
  EXPECT_EQ(dev().send("HEAD", path("layer")).status, 404);
  EXPECT_EQ(push_blob("layer"), 201);  // pushing it again repairs it
  EXPECT_EQ(dev().send("GET", path("layer")).body, "layer");
}

TEST_F(Blob, OfAnotherRepositorySurvivesADeletion) {
  push_blob("shared", "demo/one");
  push_blob("shared", "demo/two");
  admin().send("DELETE", path("shared", "demo/one"));
  EXPECT_EQ(dev().send("GET", path("shared", "demo/two")).body, "shared");
}

}  // namespace
}  // namespace skerry::registry
