// Small blobs in the database, large ones in files, and who may remove them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include "core/error.h"
#include "core/store/blob_store.h"
#include "core/store/sqlite.h"
#include "core/temp.h"

namespace skerry {
namespace {

using test::Scratch;

struct Store {
  Scratch scratch;
  mutable Database db{scratch / "db"};
  std::unique_ptr<BlobStore> blobs = open_small_blob_store(
      db, open_file_blob_store(scratch / "blobs", scratch / "scratch"));
  Store() { db.migrate("small_blobs", small_blob_migrations()); }

  Digest put(std::string_view bytes) const {
    auto writer = blobs->create();
    writer->write(bytes);
    return writer->commit();
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             scratch / "blobs")) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }
};

std::string content_of(const Fd& file) {
  std::string bytes(100'000, '\0');
  const auto got = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

TEST(SmallBlobStore, GivesBackWhatItGotWhereverItLies) {
  const Store store;
  const std::size_t limit = store.blobs->largest_put();
  for (const auto& bytes :
       {std::string(), std::string("\0\xff\xc3\x28\0", 5),
        std::string(limit, '\x80'), std::string(limit + 1, 'x')}) {
    const auto files = store.files();
    const auto digest = store.put(bytes);
    EXPECT_EQ(digest, digest_of(bytes));
    EXPECT_EQ(store.files() - files, bytes.size() > limit ? 1u : 0u);
    EXPECT_EQ(store.blobs->size(digest), bytes.size());
    EXPECT_EQ(store.blobs->read(digest), bytes);
    EXPECT_EQ(content_of(store.blobs->open(digest)), bytes);
    EXPECT_TRUE(store.blobs->verify(digest));
    EXPECT_EQ(store.put(bytes), digest) << "once more is fine";
  }
  std::size_t seen = 0;
  store.blobs->each([&](const Digest& digest, std::uint64_t size,
                        std::int64_t modified) {
    ++seen;
    EXPECT_EQ(store.blobs->size(digest), size);
    EXPECT_GT(modified, 1'600'000'000'000);
  });
  EXPECT_EQ(seen, 4u);
}

TEST(SmallBlobStore, KeepsNothingOfAWrongDigestOrARollback) {
  const Store store;
  auto writer = store.blobs->create();
  writer->write("hello");
  EXPECT_THROW(writer->commit(digest_of("other")), Error);
  EXPECT_FALSE(store.blobs->size(digest_of("hello")));
  EXPECT_THROW(store.db.write([&](Transaction& tx) {
    store.blobs->put(tx, digest_of("hello"), "hello");
    fail(ErrorCode::conflict, "undone");
  }),
               Error);
  EXPECT_FALSE(store.blobs->size(digest_of("hello")));
}

TEST(SmallBlobStore, LimitsWhatIsReadAtOnce) {
  const Store store;
  const auto digest = store.put("hello");
  EXPECT_THROW(store.blobs->read(digest, 4), Error);
  EXPECT_EQ(store.blobs->read(digest, 5), "hello");
  EXPECT_THROW(store.blobs->read(digest_of("absent")), Error);
}

TEST(SmallBlobStore, TakesADamagedBlobOut) {
  const Store store;
  const auto digest = store.put("precious");
  store.db.write([](Transaction& tx) {
    tx.run("update small_blob set bytes = 'preciouS'");
  });
  EXPECT_FALSE(store.blobs->verify(digest));
  store.blobs->set_aside(digest);
  EXPECT_FALSE(store.blobs->size(digest));
}

TEST(BlobHolds, KeepWhatIsHeld) {
  const Store store;
  const std::string large(20'000, 'l');
  const std::vector<Digest> all = {store.put("held"), store.put("loose"),
                                   store.put(large), store.put("needed")};
  const auto nobody = [&](const Digest& digest) { return digest == all[3]; };
  {
    const auto hold = store.blobs->hold(all[0]);
    EXPECT_EQ(store.blobs->remove_unneeded(all, nobody),
              (std::vector<Digest>{all[1], all[2]}));
  }
  EXPECT_TRUE(store.blobs->size(all[0]));
  EXPECT_FALSE(store.blobs->size(all[1]));
  EXPECT_FALSE(store.blobs->size(all[2]));
  EXPECT_EQ(store.files(), 0u);
  const std::vector<Digest> rest = {all[0], all[3]};
  EXPECT_EQ(store.blobs->remove_unneeded(rest, nobody),
            std::vector<Digest>{all[0]});
  EXPECT_TRUE(store.blobs->size(all[3]));
}

TEST(BlobHolds, AWriterHoldsWhatItCommitted) {
  const Store store;
  const auto nobody = [](const Digest&) { return false; };
  for (const auto& bytes : {std::string("small"), std::string(20'000, 'l')}) {
    auto writer = store.blobs->create();
    writer->write(bytes);
    const std::vector<Digest> blob = {writer->commit()};
    EXPECT_TRUE(store.blobs->remove_unneeded(blob, nobody).empty());
    writer.reset();
    EXPECT_EQ(store.blobs->remove_unneeded(blob, nobody), blob);
  }
}

TEST(BlobHolds, MakeWhoComesLaterWaitUntilTheBlobIsGone) {
  const Store store;
  const std::vector<Digest> blob = {store.put("going")};
  std::atomic<bool> asked = false;
  std::optional<bool> there;
  std::thread later;
  store.blobs->remove_unneeded(blob, [&](const Digest& digest) {
    later = std::thread([&, digest] {
      asked = true;
      const auto hold = store.blobs->hold(digest);
      there = store.blobs->size(digest).has_value();
    });
    while (!asked) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return false;
  });
  later.join();
  EXPECT_EQ(there, false);
}

}  // namespace
}  // namespace skerry
