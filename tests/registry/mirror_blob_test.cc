// Blobs through a project that stands in front of a registry.
#include <sys/socket.h>

#include <thread>

#include "mirror_fixture.h"

namespace skerry::registry {
namespace {

class MirrorBlob : public MirrorTest {
 protected:
  MirrorBlob() {
    for (std::size_t i = 0; large_.size() < (3u << 20); ++i) {
      large_ += std::to_string(i * 7919);
    }
    upstream_.put_blob(large_);
    path_ = blob_path("open/app", large_);
  }
  std::size_t fetched() {
    return upstream_.asked("GET /v2/app/blobs/") +
           upstream_.asked("GET /v2/other/blobs/");
  }
  void wait_until_asked() {
    for (int i = 0; i < 2000 && upstream_.asked().empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  // Downloads that go on in the background end before the files are counted.
  bool is_stored() {
    for (int i = 0; i < 2000; ++i) {
      if (world().blobs().size(digest_of(large_))) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  std::string large_;
  std::string path_;
};

TEST_F(MirrorBlob, IsFetchedOnceAndStored) {
  const auto first = get(path_);
  EXPECT_EQ(first.status, 200);
  EXPECT_TRUE(first.body == large_);
  EXPECT_EQ(first.header("content-length"), std::to_string(large_.size()));
  EXPECT_EQ(first.header("docker-content-digest"),
            digest_of(large_).to_string());
  EXPECT_TRUE(is_stored());
  restart();
  upstream_.status = 500;
  EXPECT_TRUE(get(path_).body == large_);
  EXPECT_EQ(head(path_).status, 200);
  EXPECT_EQ(fetched(), 1u);
  EXPECT_EQ(files_in("work"), 0u);
}

TEST_F(MirrorBlob, IsFetchedOnceForManyAtOnce) {
  upstream_.hold = true;
  std::vector<std::thread> clients;
  std::atomic<int> right{0};
  for (int i = 0; i < 10; ++i) {
    clients.emplace_back([&, i] {
      const auto path = i % 2 == 0 ? path_ : blob_path("open/other", large_);
      const auto reply = get(path);
      right += reply.status == 200 && reply.body == large_ ? 1 : 0;
    });
  }
  wait_until_asked();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  upstream_.hold = false;
  for (auto& one : clients) one.join();
  EXPECT_EQ(right, 10);
  EXPECT_EQ(fetched(), 1u);
}

TEST_F(MirrorBlob, IsSentWhileItArrives) {
  upstream_.hold = true;
  const auto fd = as("").send_and_stall("GET", "/v2/" + path_, "", 0);
  std::string got;
  char buffer[65536];
  while (got.size() < large_.size() / 2) {
    const auto count = ::recv(fd.get(), buffer, sizeof buffer, 0);
    ASSERT_GT(count, 0);
    got.append(buffer, static_cast<std::size_t>(count));
  }
  upstream_.hold = false;
}

TEST_F(MirrorBlob, GoesOnWhenTheFirstClientLeaves) {
  upstream_.hold = true;
  {
    const auto fd = as("").send_and_stall("GET", "/v2/" + path_, "", 0);
    char byte = 0;
    ASSERT_EQ(::recv(fd.get(), &byte, 1, 0), 1);
  }
  std::thread second([&] { EXPECT_TRUE(get(path_).body == large_); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  upstream_.hold = false;
  second.join();
  EXPECT_TRUE(is_stored());
  EXPECT_EQ(fetched(), 1u);
}

TEST_F(MirrorBlob, GoesOnWhenAllClientsLeave) {
  upstream_.hold = true;
  as("").send_and_stall("GET", "/v2/" + path_, "", 0);
  wait_until_asked();
  upstream_.hold = false;
  EXPECT_TRUE(is_stored());
}

TEST_F(MirrorBlob, ResumesWhereTheUpstreamBroke) {
  for (const bool ignores : {false, true}) {
    upstream_.ignores_range = ignores;
    upstream_.breaks = 3;
    upstream_.forget();
    const auto bytes = large_ + (ignores ? "x" : "y");
    upstream_.put_blob(bytes);
    const auto reply = get(blob_path("open/app", bytes));
    EXPECT_TRUE(reply.body == bytes) << ignores;
    EXPECT_EQ(fetched(), 4u);
  }
}

TEST_F(MirrorBlob, GivesUpOnAnUpstreamThatBreaksForEver) {
  upstream_.breaks = 1000;
  upstream_.ignores_range = true;  // so no attempt brings more
  const auto reply = get(path_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_LT(reply.body.size(), large_.size());
  upstream_.breaks = 0;
  EXPECT_TRUE(get(path_).body == large_);
}

TEST_F(MirrorBlob, IsNeverCompleteWhenItIsWrong) {
  upstream_.wrong_bytes = true;
  // It may be known to be wrong before anything was sent.
  const auto reply = get(path_);
  EXPECT_TRUE(reply.status == 502 ||
              reply.header("content-length") == std::to_string(large_.size()));
  EXPECT_LT(reply.body.size(), large_.size());
  upstream_.chunked = true;
  const auto chunks = get(path_);
  EXPECT_TRUE(chunks.status == 502 ||
              chunks.header("transfer-encoding") == "chunked");
  EXPECT_FALSE(chunks.body.ends_with("\r\n0\r\n\r\n"));
  upstream_.put_blob("small");
  upstream_.chunked = false;
  const auto small = get(blob_path("open/app", "small"));
  EXPECT_EQ(small.status, 502);
  EXPECT_EQ(error_code(small), "DIGEST_INVALID");
  EXPECT_FALSE(world().blobs().size(digest_of(large_)));
  EXPECT_EQ(files_in("work"), 0u);
  upstream_.wrong_bytes = false;
  EXPECT_TRUE(get(path_).body == large_);
}

TEST_F(MirrorBlob, WithoutALengthComesInChunks) {
  upstream_.chunked = true;
  const auto reply = get(path_);
  EXPECT_EQ(reply.header("transfer-encoding"), "chunked");
  EXPECT_GT(reply.body.size(), large_.size());
  EXPECT_TRUE(get(path_).body == large_);
}

TEST_F(MirrorBlob, ARangeIsServedWhileItArrives) {
  const auto reply = get(path_, {{"Range", "bytes=1000000-1999999"}});
  EXPECT_EQ(reply.status, 206);
  EXPECT_TRUE(reply.body == large_.substr(1000000, 1000000));
  const auto bytes = large_ + "z";
  upstream_.put_blob(bytes);
  const auto tail = get(blob_path("open/app", bytes),
                        {{"Range", "bytes=3000000-"}});
  EXPECT_EQ(tail.status, 206);
  EXPECT_TRUE(tail.body == bytes.substr(3000000));
  upstream_.put_blob(bytes + "z");
  const auto many = get(blob_path("open/app", bytes + "z"),
                        {{"Range", "bytes=0-1,5-6"}});
  EXPECT_EQ(many.status, 206);
  EXPECT_NE(many.header("content-type").find("multipart"), std::string::npos);
  upstream_.put_blob(bytes + "zz");
  EXPECT_EQ(get(blob_path("open/app", bytes + "zz"),
                {{"Range", "bytes=99999999-"}})
                .status,
            416);
}

TEST_F(MirrorBlob, AHeadCostsAHead) {
  const auto reply = head(path_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-length"), std::to_string(large_.size()));
  EXPECT_EQ(fetched(), 0u);
  EXPECT_EQ(head(blob_path("open/app", "absent")).status, 404);
}

TEST_F(MirrorBlob, AnAbsentOneIsUnknown) {
  const auto reply = get(blob_path("open/app", "absent"));
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(error_code(reply), "BLOB_UNKNOWN");
  upstream_.status = 500;
  EXPECT_EQ(get(path_).status, 502);
  upstream_.status = 403;
  EXPECT_EQ(get(path_).status, 403);
}

TEST_F(MirrorBlob, OneOfAnotherProjectIsNotTakenFromThere) {
  ASSERT_EQ(push_blob("secret"), 201);
  EXPECT_EQ(get(blob_path("open/app", "secret")).status, 404);
  upstream_.put_blob("secret");
  EXPECT_EQ(get(blob_path("open/app", "secret")).body, "secret");
}

TEST_F(MirrorBlob, OneOfTheSameProjectIs) {
  get(path_);
  ASSERT_TRUE(is_stored());
  upstream_.forget();
  EXPECT_TRUE(get(blob_path("open/second", large_)).body == large_);
  EXPECT_EQ(upstream_.asked().size(), 0u);
}

TEST_F(MirrorBlob, ThereIsALimitToWhatIsFetchedAtOnce) {
  restart({{"SKERRY_REGISTRY_UPSTREAM_DOWNLOADS", "1"}});
  upstream_.hold = true;
  const auto fd = as("").send_and_stall("GET", "/v2/" + path_, "", 0);
  wait_until_asked();
  const auto reply = get(blob_path("open/app", "other"));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.header("retry-after"), "5");
  upstream_.hold = false;
  EXPECT_TRUE(is_stored());
}

TEST_F(MirrorBlob, OneThatTheStoreLostIsFetchedAgain) {
  get(path_);
  ASSERT_TRUE(is_stored());
  world().blobs().remove(digest_of(large_));
  EXPECT_TRUE(get(path_).body == large_);
  EXPECT_EQ(fetched(), 2u);
}

TEST_F(MirrorBlob, ATooLargeOneIsRefused) {
  restart({{"SKERRY_REGISTRY_MAX_BLOB_SIZE", "1000"}});
  EXPECT_NE(get(path_).body.size(), large_.size());
  EXPECT_FALSE(world().blobs().size(digest_of(large_)));
}

TEST_F(MirrorBlob, AStopBreaksItOff) {
  upstream_.hold = true;
  const auto fd = as("").send_and_stall("GET", "/v2/" + path_, "", 0);
  wait_until_asked();
  restart();
  EXPECT_EQ(files_in("work"), 0u);
  upstream_.hold = false;
  EXPECT_TRUE(get(path_).body == large_);
}

TEST_F(MirrorBlob, IsHadWithinTheProcess) {
  const auto bytes = put_image("app", "v1", "layer");
  auto& registry = world().registry();
  EXPECT_EQ(registry.read_manifest("open", "app", "v1")->bytes, bytes);
  EXPECT_EQ(registry.read_blob("open", "app", digest_of("layer"), 100),
            "layer");
  EXPECT_FALSE(registry.read_manifest("open", "app", "v2"));
  EXPECT_THROW(registry.open_blob("open", "app", digest_of("absent")), Error);
  EXPECT_THROW(registry.create_blob("open", "app"), Error);
}

}  // namespace
}  // namespace skerry::registry
