#include <thread>

#include "core/temp.h"
#include "fixture.h"

namespace skerry::registry {
namespace {

class BlobUpload : public RegistryTest {
 protected:
  std::string blob(std::string_view bytes,
                   const std::string& repository = "demo/app") const {
    return dev()
        .send("GET", "/v2/" + repository + "/blobs/" +
                         digest_of(bytes).to_string())
        .body;
  }
};

TEST_F(BlobUpload, InOnePutAnswersWhereTheBlobIs) {
  const auto location = start();
  ASSERT_EQ(location.find("/v2/demo/app/blobs/uploads/"), 0u);  // relative
  const auto reply = dev().send("PUT", with_digest(location, "hello"), "hello");
  EXPECT_EQ(reply.status, 201);
  const auto digest = digest_of("hello").to_string();
  EXPECT_EQ(reply.header("location"), "/v2/demo/app/blobs/" + digest);
  EXPECT_EQ(reply.header("docker-content-digest"), digest);
  EXPECT_EQ(blob("hello"), "hello");
  EXPECT_EQ(files_in("uploads"), 0u);
}

TEST_F(BlobUpload, InChunksSaysHowFarItHasCome) {
  const auto location = start();
  auto reply =
      dev().send("PATCH", location, "hello ", {{"Content-Range", "0-5"}});
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(reply.header("range"), "0-5");
  EXPECT_EQ(reply.header("location"), location);
  reply = dev().send("GET", location);
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.header("range"), "0-5");
  reply = dev().send("PUT", with_digest(location, "hello world"), "world",
                     {{"Content-Range", "6-10"}});
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(blob("hello world"), "hello world");
}

TEST_F(BlobUpload, StreamedWithoutRangesIsTakenInOrder) {
  const auto location = start();
  EXPECT_EQ(dev().send_chunked("PATCH", location, {"one ", "two "}).status,
            202);
  EXPECT_EQ(dev().send("PATCH", location, "three").status, 202);
  EXPECT_EQ(dev().send("PUT", with_digest(location, "one two three")).status,
            201);
}

TEST_F(BlobUpload, OutOfOrderIsRefusedAndChangesNothing) {
  const auto location = start();
  dev().send("PATCH", location, "hello", {{"Content-Range", "0-4"}});
  for (const auto* range : {"0-4", "4-8", "6-10"}) {
    for (const auto* method : {"PATCH", "PUT"}) {
      const auto reply = dev().send(method, with_digest(location, "hello"),
                                    "12345", {{"Content-Range", range}});
      EXPECT_EQ(reply.status, 416) << method << range;
      EXPECT_EQ(reply.header("range"), "0-4");
      EXPECT_EQ(reply.header("location"), location);
    }
  }
  EXPECT_EQ(dev().send("PUT", with_digest(location, "hello")).status, 201);
}

TEST_F(BlobUpload, RangeMustFitTheBody) {
  const auto location = start();
  const auto put = [&](const char* range) {
    return dev().send("PATCH", location, "hello", {{"Content-Range", range}});
  };
  for (const auto* range : {"0-3", "0-5", "x", "4-0", "0-"}) {
    const auto reply = put(range);
    EXPECT_EQ(reply.status, 400) << range;
    EXPECT_EQ(error_code(reply), "BLOB_UPLOAD_INVALID");
  }
  EXPECT_EQ(dev().send_chunked("PATCH", location, {"abc"},
                               {{"Content-Range", "0-9"}}).status,
            400);
  EXPECT_EQ(dev().send("GET", location).header("range"), "0-0");
  EXPECT_EQ(put("0-4").status, 202);
}

TEST_F(BlobUpload, WrongDigestEndsItAndLeavesNothing) {
  const auto location = start();
  const auto reply = dev().send("PUT", with_digest(location, "other"), "hello");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(error_code(reply), "DIGEST_INVALID");
  EXPECT_EQ(dev().send("GET", location).status, 404);
  EXPECT_EQ(files_in("uploads"), 0u);
  EXPECT_EQ(files_in("blobs"), 0u);
}

TEST_F(BlobUpload, DigestsMustBeWritten) {
  const auto location = start();
  for (const auto& digest :
       {std::string(), std::string("?digest="), std::string("?digest=md5:00"),
        "?digest=sha256:" + std::string(64, 'A')}) {
    const auto reply = dev().send("PUT", location + digest, "hello");
    EXPECT_EQ(reply.status, 400) << digest;
    EXPECT_EQ(error_code(reply), "DIGEST_INVALID") << digest;
  }
}

TEST_F(BlobUpload, AtOnceInThePost) {
  EXPECT_EQ(push_blob("hello"), 201);
  EXPECT_EQ(blob("hello"), "hello");
  const auto reply = dev().send(
      "POST",
      "/v2/demo/app/blobs/uploads/?digest=" + digest_of("x").to_string(),
      "hello");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(files_in("uploads"), 0u);
}

TEST_F(BlobUpload, EmptyBlobIsABlob) {
  EXPECT_EQ(push_blob(""), 201);
  const auto location = start();
  EXPECT_EQ(dev().send("PUT", with_digest(location, "")).status, 201);
  EXPECT_EQ(blob(""), "");
}

TEST_F(BlobUpload, Sha512NeedNotBeAnnounced) {
  const auto digest =
      digest_of("hello world", DigestAlgorithm::sha512).to_string();
  const auto location = start();
  dev().send("PATCH", location, "hello ");
  EXPECT_EQ(dev().send("PUT", location + "?digest=" + digest, "world").status,
            201);
  EXPECT_EQ(dev().send("GET", "/v2/demo/app/blobs/" + digest).body,
            "hello world");
}

TEST_F(BlobUpload, ResumesAfterTheConnectionDrops) {
  const auto location = start();
  dev().send_and_hang_up("PATCH", location, "hello ", 1'000);
  EXPECT_EQ(dev().send("GET", location).header("range"), "0-5");
  EXPECT_EQ(dev().send("PATCH", location, "world",
                       {{"Content-Range", "6-10"}}).status,
            202);
  EXPECT_EQ(dev().send("PUT", with_digest(location, "hello world")).status,
            201);
}

TEST_F(BlobUpload, ResumesAfterARestart) {
  const auto location = start();
  dev().send("PATCH", location, "hello ");
  restart();
  EXPECT_EQ(dev().send("GET", location).header("range"), "0-5");
  EXPECT_EQ(dev().send("PUT", with_digest(location, "hello world"), "world")
                .status,
            201);
  EXPECT_EQ(blob("hello world"), "hello world");
}

TEST_F(BlobUpload, BelongsToTheNewestRequest) {
  const auto location = start();
  dev().send("PATCH", location, "hello ");
  const auto stalled = dev().send_and_stall("PATCH", location, "", 100);
  ASSERT_TRUE(test::eventually([&] {
    return world().metrics().render().find(
               "skerry_http_requests_in_flight 1") != std::string::npos;
  }));
  // From there it has a few lines to go until the upload is its.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(dev().send("PATCH", location, "world").status, 202);
  // What the old request still sends must not get in.
  write_all(stalled.get(), std::string(100, 'x'));
  EXPECT_EQ(dev().send("PUT", with_digest(location, "hello world")).status,
            201);
}

TEST_F(BlobUpload, StartedOverInTheClosingPutIsTakenWhenItsBodyFits) {
  const auto location = start();
  dev().send("PATCH", location, "hello ");
  EXPECT_EQ(dev().send("PUT", with_digest(location, "hello world"),
                       "hello world").status,
            201);
  EXPECT_EQ(blob("hello world"), "hello world");
  EXPECT_EQ(files_in("uploads"), 0u);
}

TEST_F(BlobUpload, FinishedByTwoClientsIsFinishedOnce) {
  for (int round = 0; round < 20; ++round) {
    const auto bytes = "blob " + std::to_string(round);
    const auto location = start();
    dev().send("PATCH", location, bytes);
    int first = 0, second = 0;
    std::thread one([&] {
      first = dev().send("PUT", with_digest(location, bytes)).status;
    });
    std::thread two([&] {
      second = dev().send("PUT", with_digest(location, bytes)).status;
    });
    one.join();
    two.join();
    EXPECT_TRUE(first == 201 || second == 201) << first << " " << second;
    for (const int status : {first, second}) {
      EXPECT_TRUE(status == 201 || status == 400 || status == 404) << status;
    }
    EXPECT_EQ(blob(bytes), bytes);
  }
}

TEST_F(BlobUpload, OfTheSameBytesTwiceAtOnceIsOneBlob) {
  const std::string bytes(1 << 20, 'b');
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] { EXPECT_EQ(push_blob(bytes), 201); });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(files_in("blobs"), 1u);
  EXPECT_EQ(blob(bytes), bytes);
}

TEST_F(BlobUpload, IsKnownOnlyInItsRepository) {
  const auto location = start();
  auto elsewhere = location;
  elsewhere.replace(elsewhere.find("app"), 3, "oth");
  EXPECT_EQ(error_code(dev().send("GET", elsewhere)), "BLOB_UPLOAD_UNKNOWN");
  for (const auto* id : {"x", "..%2f..%2fskerry.db", "-"}) {
    EXPECT_EQ(dev().send("GET", "/v2/demo/app/blobs/uploads/" +
                                    std::string(id)).status / 100,
              4)
        << id;
  }
}

TEST_F(BlobUpload, CanBeCancelled) {
  const auto location = start();
  EXPECT_EQ(dev().send("DELETE", location).status, 204);
  EXPECT_EQ(dev().send("DELETE", location).status, 404);
  EXPECT_EQ(dev().send("PATCH", location, "x").status, 404);
  EXPECT_EQ(files_in("uploads"), 0u);
}

TEST_F(BlobUpload, IsRemovedWhenNobodyContinuesIt) {
  const auto old = start();
  world().clock().advance(std::chrono::hours(23));
  const auto young = start();
  world().clock().advance(std::chrono::hours(2));
  world().run_job("registry.upkeep");
  EXPECT_EQ(dev().send("GET", old).status, 404);
  EXPECT_EQ(dev().send("GET", young).status, 204);
  EXPECT_EQ(dev().send("PATCH", young, "x").status, 202);
  EXPECT_EQ(files_in("uploads"), 1u);
}

TEST_F(BlobUpload, LeavesNoOrphanFilesAfterACrash) {
  write_file_atomically(data() / "uploads" / "half.tail", "rubbish");
  const auto location = start();
  EXPECT_EQ(dev().send("PATCH", location, "some").status, 202);
  restart();
  EXPECT_EQ(files_in("uploads"), 1u);
  EXPECT_EQ(dev().send("GET", location).header("range"), "0-3");
}

TEST_F(BlobUpload, OfASmallBlobInOneRequestNeedsNoFile) {
  const std::string bytes(16 << 10, 'x');
  EXPECT_EQ(dev().send("PUT", with_digest(start(), bytes), bytes).status, 201);
  EXPECT_EQ(files_in("uploads") + files_in("blobs"), 0u);
  const auto one_more = bytes + "y";
  EXPECT_EQ(dev().send("PUT", with_digest(start(), one_more), one_more).status,
            201);
  EXPECT_EQ(files_in("blobs"), 1u);
  for (const auto& blob : {bytes, one_more}) {
    const auto path = "/v2/demo/app/blobs/" + digest_of(blob).to_string();
    EXPECT_EQ(dev().send("GET", path).body, blob);
    const auto part = dev().send("GET", path, "", {{"Range", "bytes=16380-"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, blob.substr(16380));
    EXPECT_EQ(dev().send("HEAD", path).header("content-length"),
              std::to_string(blob.size()));
  }
}

TEST_F(BlobUpload, HasLimits) {
  restart({{"SKERRY_REGISTRY_MAX_BLOB_SIZE", "10"},
           {"SKERRY_REGISTRY_MAX_UPLOADS", "2"}});
  const auto location = start();
  auto reply = dev().send("PATCH", location, std::string(11, 'x'));
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(error_code(reply), "SIZE_INVALID");
  start();
  reply = dev().send("POST", "/v2/demo/app/blobs/uploads/");
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(error_code(reply), "TOOMANYREQUESTS");
  EXPECT_FALSE(reply.header("retry-after").empty());
}

TEST_F(BlobUpload, KeepsABigBlobWhole) {
  std::string bytes;
  for (int i = 0; bytes.size() < (20u << 20); ++i) bytes += std::to_string(i);
  const auto location = start();
  EXPECT_EQ(dev().send("PATCH", location, bytes).status, 202);
  EXPECT_EQ(dev().send("PUT", with_digest(location, bytes)).status, 201);
  EXPECT_EQ(blob(bytes), bytes);
}

}  // namespace
}  // namespace skerry::registry
