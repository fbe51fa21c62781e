// The store against a real S3 server.
#include "core/s3/blob_store.h"

#include <unistd.h>

#include <atomic>

#include "core/s3/s3_server.h"
#include "core/store/sqlite.h"

namespace skerry::s3 {
namespace {

using test::S3Server;
using test::code_of;

// One server of ours over a data folder.
struct Server {
  explicit Server(const S3Server& s3, const std::filesystem::path& folder,
                  const std::function<void(Options&)>& change = {})
      : db(folder / "skerry.db") {
    db.migrate("s3_blobs", Index::migrations());
    Options options;
    options.place = {s3.url(), "", S3Server::bucket(),
                     {S3Server::access_key(), S3Server::secret_key(),
                      "us-east-1"}};
    options.prefix = "skerry";
    options.folder = folder / "cache";
    options.parts = {5u << 20, 5u << 20, 3};
    if (change) change(options);
    store.emplace(options, db, *http, clock, traffic_of(metrics));
  }
  Digest put(std::string_view bytes) {
    auto writer = store->create(DigestAlgorithm::sha256);
    writer->write(bytes);
    return writer->commit();
  }
  double sent() { return traffic_of(metrics).sent.value(); }
  double received() { return traffic_of(metrics).received.value(); }

  Database db;
  SystemClock clock;
  Metrics metrics;
  std::unique_ptr<http::Client> http = http::make_client("test");
  std::optional<S3BlobStore> store;
};

struct Folder : test::Scratch {
  std::filesystem::path make(const std::string& name) const {
    std::filesystem::create_directories(*this / name);
    return *this / name;
  }
};

std::string some_bytes(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  for (auto& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<char>(seed >> 24);
  }
  return bytes;
}

std::string key_of(const Digest& digest) {
  return Keys("skerry").blob(digest);
}

std::string streamed(const S3BlobStore& store, const Digest& digest,
                     std::uint64_t offset, std::uint64_t size) {
  std::string bytes;
  store.stream(digest, offset, size,
               [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

const auto without_cache = [](Options& options) { options.cache_bytes = 0; };

TEST(S3BlobStore, KeepsBlobsInTheBucket) {
  const S3Server s3;
  const Folder folder;
  const auto bytes = some_bytes(100'000, 1);
  {
    Server one(s3, folder.make("one"));
    const auto digest = one.put(bytes);
    EXPECT_EQ(one.store->size(digest), bytes.size());
    EXPECT_EQ(read_file(s3.object(key_of(digest))), bytes);
    EXPECT_EQ(one.store->read(digest, UINT64_MAX), bytes);
    EXPECT_EQ(one.received(), 0) << "what was sent is in the cache";
  }
  Server again(s3, folder.make("one"));
  EXPECT_EQ(again.store->read(digest_of(bytes), UINT64_MAX), bytes);
  EXPECT_EQ(again.received(), 0) << "the cache survives a restart";
  EXPECT_EQ(code_of([&] { again.store->open(digest_of("x")); }),
            ErrorCode::not_found);
}

TEST(S3BlobStore, SendsLargeBlobsInParts) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"), without_cache);
  const auto bytes = some_bytes((12u << 20) + 7, 2);
  const auto digest = one.put(bytes);
  EXPECT_EQ(read_file(s3.object(key_of(digest))), bytes);
  EXPECT_EQ(one.store->read(digest, UINT64_MAX), bytes);
  EXPECT_EQ(streamed(*one.store, digest, 0, bytes.size()), bytes);
  EXPECT_EQ(streamed(*one.store, digest, 7'000'000, 1000),
            bytes.substr(7'000'000, 1000));
  EXPECT_TRUE(one.store->verify(digest, {}));
}

TEST(S3BlobStore, FetchesOnceForMany) {
  const S3Server s3;
  const Folder folder;
  const auto bytes = some_bytes(3u << 20, 3);
  const auto digest = Server(s3, folder.make("one"), without_cache).put(bytes);
  Server again(s3, folder.make("one"));
  EXPECT_FALSE(again.store->open_near(digest));
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 6; ++i) {
      readers.emplace_back([&] {
        EXPECT_EQ(streamed(*again.store, digest, 0, bytes.size()), bytes);
      });
    }
  }
  EXPECT_EQ(again.received(), static_cast<double>(bytes.size()));
  EXPECT_TRUE(again.store->open_near(digest));
}

TEST(S3BlobStore, TheCacheHoldsWhatWasUsedLast) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"),
             [](Options& options) { options.cache_bytes = 250'000; });
  const auto first = one.put(some_bytes(100'000, 1));
  const auto second = one.put(some_bytes(100'000, 2));
  one.store->open(first);
  const auto third = one.put(some_bytes(100'000, 3));
  EXPECT_TRUE(one.store->open_near(first));
  EXPECT_FALSE(one.store->open_near(second));
  EXPECT_TRUE(one.store->open_near(third));
  EXPECT_LE(one.store->cached_bytes(), 250'000u);
}

TEST(S3BlobStore, TwoServersHaveABlobOnceUntilNobodyNeedsIt) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one")), two(s3, folder.make("two"));
  const auto bytes = some_bytes(50'000, 4);
  const auto digest = one.put(bytes);
  two.put(bytes);
  EXPECT_EQ(two.sent(), 0) << "it was there";
  EXPECT_TRUE(one.store->remove(digest));
  EXPECT_FALSE(one.store->size(digest));
  EXPECT_TRUE(two.store->verify(digest, {}));
  EXPECT_EQ(s3.count("skerry/blobs"), 1u);
  const std::vector<Digest> both{digest, digest_of("never there")};
  two.store->remove_all(both);
  EXPECT_EQ(s3.count("skerry/blobs"), 0u);
  EXPECT_EQ(s3.count("skerry/holders"), 0u);
  EXPECT_EQ(s3.count("skerry/condemned"), 0u);
}

TEST(S3BlobStore, WaitsWhileAnotherServerDeletes) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"));
  const auto bytes = some_bytes(1000, 5);
  const auto condemned =
      s3.object(Keys("skerry").condemned(digest_of(bytes)) + "other.life");
  std::filesystem::create_directories(condemned.parent_path());
  write_file_atomically(condemned, "other");
  std::atomic<bool> done{false};
  std::jthread pusher([&] {
    one.put(bytes);
    done = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_FALSE(done);
  EXPECT_EQ(s3.count("skerry/blobs"), 0u);
  std::filesystem::remove(condemned);
  pusher.join();
  EXPECT_TRUE(one.store->verify(digest_of(bytes), {}));
}

TEST(S3BlobStore, DeletesNothingThatAnotherHasMarkedMeanwhile) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"));
  const auto digest = one.put(some_bytes(1000, 6));
  const auto marker = s3.object(Keys("skerry").holders(digest) + "other");
  write_file_atomically(marker, "other");
  one.store->remove(digest);
  EXPECT_TRUE(std::filesystem::exists(s3.object(key_of(digest))));
}

// Both servers add and remove the same few blobs: what add has returned for is
// there until its own server removes it.
TEST(S3BlobStore, LosesNothingInAStorm) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"), without_cache),
      two(s3, folder.make("two"), without_cache);
  std::atomic<int> lost{0}, added{0}, refused{0};
  {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    std::vector<std::jthread> threads;
    for (auto* server : {&one, &two}) {
      for (unsigned seed = 0; seed < 3; ++seed) {
        threads.emplace_back([&, server, seed] {
          const auto bytes = some_bytes(2000, seed);
          const auto digest = digest_of(bytes);
          while (std::chrono::steady_clock::now() < end) {
            try {
              server->put(bytes);
              ++added;
              if (!std::filesystem::exists(s3.object(key_of(digest)))) ++lost;
              server->store->remove_unneeded(
                  std::span(&digest, 1), [](const auto&) { return false; });
            } catch (const Error& error) {
              if (++refused == 1) ADD_FAILURE() << error.message();
            }
          }
        });
      }
    }
  }
  EXPECT_EQ(lost, 0) << "of " << added;
  EXPECT_GT(added, 50);
  EXPECT_EQ(s3.count("skerry/blobs"), 0u);
  EXPECT_EQ(s3.count("skerry/condemned"), 0u);
}

TEST(S3BlobStore, MendsWhatACrashLeaves) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"));
  const auto digest = one.put(some_bytes(1000, 7));
  Index(one.db).remove(digest);  // the marker is written, the row is not
  one.store->reconcile();
  EXPECT_EQ(one.store->size(digest), 1000u);
  // A marker whose data never came.
  const auto never = digest_of("never");
  Sharing other(*std::make_unique<Client>(
                    *one.http,
                    Place{s3.url(), "", S3Server::bucket(),
                          {S3Server::access_key(), S3Server::secret_key(),
                           "us-east-1"}},
                    one.clock, traffic_of(one.metrics)),
                Keys("skerry"), *Index(one.db).fact("server"), "life");
  std::filesystem::create_directories(
      s3.object(Keys("skerry").holders(never)));
  write_file_atomically(
      s3.object(Keys("skerry").holders(never) + other.server()), "x");
  one.store->reconcile();
  EXPECT_FALSE(one.store->size(never));
  EXPECT_EQ(s3.count("skerry/holders"), 1u);
}

TEST(S3BlobStore, MendsAnOldDatabaseAtStart) {
  const S3Server s3;
  const Folder folder;
  const auto kept = some_bytes(1000, 8), gone = some_bytes(1000, 9);
  {
    Server one(s3, folder.make("one"));
    one.put(kept);
    one.put(gone);
    one.db.backup_to(folder.make("old") / "skerry.db");
    one.store->remove(digest_of(gone));
    Server two(s3, folder.make("two"));
    two.put(kept);
    one.store->remove(digest_of(kept));  // two has it yet
    Server(s3, folder.make("one"));      // another life
  }
  Server old(s3, folder.make("old"));
  EXPECT_FALSE(old.store->size(digest_of(gone)));
  EXPECT_TRUE(old.store->size(digest_of(kept)));
  EXPECT_EQ(s3.count("skerry/holders"), 2u) << "its marker is there again";
}

TEST(S3BlobStore, TellsDamagedAndLostBlobs) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"), without_cache);
  const auto bytes = some_bytes(5000, 10);
  const auto digest = one.put(bytes);
  auto wrong = bytes;
  wrong[17] = static_cast<char>(wrong[17] + 1);
  write_file_atomically(s3.object(key_of(digest)), wrong);
  EXPECT_FALSE(one.store->verify(digest, {}));
  EXPECT_EQ(code_of([&] { one.store->open(digest); }), ErrorCode::io);
  std::string got;
  EXPECT_EQ(code_of([&] {
              one.store->stream(digest, 0, bytes.size(),
                                [&](std::string_view piece) { got += piece; });
            }),
            ErrorCode::io);
  EXPECT_LT(got.size(), bytes.size()) << "the last piece is never given";
  one.store->set_aside(digest);
  EXPECT_EQ(s3.count("skerry/damaged"), 1u);
  EXPECT_FALSE(one.store->size(digest));
  one.put(bytes);
  EXPECT_TRUE(one.store->verify(digest, {}));
  std::filesystem::remove(s3.object(key_of(digest)));
  EXPECT_TRUE(one.store->verify(digest, {}));
  EXPECT_FALSE(one.store->size(digest)) << "lost";
  one.put(bytes);
  EXPECT_EQ(read_file(s3.object(key_of(digest))), bytes);
}

TEST(S3BlobStore, AcknowledgesNothingWhileTheStoreIsDown) {
  S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"));
  s3.stop();
  const auto bytes = some_bytes(1000, 11);
  const auto file = folder / "upload";
  write_file_atomically(file, bytes);
  const auto hold = one.store->hold(digest_of(bytes));
  EXPECT_EQ(code_of([&] { one.store->adopt(file, digest_of(bytes)); }),
            ErrorCode::unavailable);
  EXPECT_FALSE(one.store->size(digest_of(bytes)));
  EXPECT_NE(one.store->trouble(), "");
  ASSERT_TRUE(std::filesystem::exists(file)) << "it can be tried again";
  s3.start();
  one.store->adopt(file, digest_of(bytes));
  EXPECT_TRUE(one.store->verify(digest_of(bytes), {}));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(S3BlobStore, SaysWhyItIsRefused) {
  const S3Server s3;
  const Folder folder;
  const auto why = [&](const std::function<void(Options&)>& change) {
    try {
      Server one(s3, folder.make("one"), change);
    } catch (const Error& error) {
      EXPECT_EQ(error.message().find(S3Server::secret_key()),
                std::string::npos);
      return error.message();
    }
    return std::string("nothing");
  };
  const auto says = [](const std::string& text, const char* what) {
    EXPECT_NE(text.find(what), std::string::npos) << text;
  };
  says(why([](Options& o) { o.place.credentials.secret_key = "wrong"; }),
       "SignatureDoesNotMatch");
  says(why([](Options& o) { o.place.credentials.access_key = "nobody"; }),
       "access key");  // versitygw's words
  says(why([](Options& o) { o.place.bucket = "none"; }), "NoSuchBucket");
  says(why([](Options& o) { o.place.endpoint = "http://127.0.0.1:1"; }),
       "127.0.0.1");
}

TEST(S3BlobStore, RefusesAnotherPlaceWhileItHasBlobs) {
  const S3Server s3;
  const Folder folder;
  Server(s3, folder.make("one")).put(some_bytes(100, 12));
  EXPECT_EQ(code_of([&] {
              Server(s3, folder.make("one"),
                     [](Options& o) { o.prefix = "elsewhere"; });
            }),
            ErrorCode::conflict);
}

TEST(S3BlobStore, GivesUrlsThatAnybodyMayUseForAWhile) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"),
             [](Options& options) { options.redirect = true; });
  const auto bytes = some_bytes(1000, 13);
  const auto digest = one.put(bytes);
  const auto url = one.store->direct_url(digest, std::chrono::seconds(1));
  ASSERT_TRUE(url);
  const auto answer = one.http->send({.url = *url});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, bytes);
  auto wrong = *url;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  EXPECT_EQ(one.http->send({.url = wrong}).status, 403);
  std::this_thread::sleep_for(std::chrono::milliseconds(2200));
  EXPECT_EQ(one.http->send({.url = *url}).status, 403) << "it has expired";
  EXPECT_FALSE(one.store->direct_url(digest_of("x"), std::chrono::seconds(1)));
}

// What makes a late deletion harmless (sharing.h).
TEST(S3BlobStore, TheStoreRefusesADeletionThatComesLate) {
  const S3Server s3;
  const Folder folder;
  Server one(s3, folder.make("one"));
  const auto digest = one.put(some_bytes(1000, 14));
  Client client(*one.http,
                {s3.url(), "", S3Server::bucket(),
                 {S3Server::access_key(), S3Server::secret_key(), "us-east-1"}},
                one.clock, traffic_of(one.metrics));
  const auto ago = one.clock.now() - 61'000;
  EXPECT_EQ(code_of([&] {
              client.remove_before(key_of(digest), ago, kDeadline);
            }),
            ErrorCode::unavailable);
  EXPECT_TRUE(std::filesystem::exists(s3.object(key_of(digest))));
  client.remove_before(key_of(digest), one.clock.now(), kDeadline);
  EXPECT_FALSE(std::filesystem::exists(s3.object(key_of(digest))));
}

}  // namespace
}  // namespace skerry::s3
