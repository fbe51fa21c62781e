#include <sys/wait.h>

#include "core/store/blob_store.h"
#include "core/store/memo.h"
#include "core/store/sqlite.h"
#include "core/temp.h"

namespace skerry {
namespace {

namespace fs = std::filesystem;
using test::code_of;
using test::Scratch;

TEST(Digest, ReadsOnlyWhatTheSpecificationAllows) {
  const std::string good = "sha256:" + std::string(64, 'a');
  EXPECT_EQ(Digest::parse(good)->to_string(), good);
  EXPECT_TRUE(Digest::parse("sha512:" + std::string(128, '0')));
  for (const std::string& bad :
       {std::string(), std::string("sha256:"), "sha256:" + std::string(63, 'a'),
        "sha256:" + std::string(64, 'A'), "sha256:" + std::string(64, 'g'),
        "md5:" + std::string(32, 'a'), "sha256-" + std::string(64, 'a')}) {
    EXPECT_FALSE(Digest::parse(bad)) << bad;
  }
}

TEST(Digest, KnowsTheVectorsOfFips180) {
  EXPECT_EQ(digest_of("abc").hex,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest_of("abc", DigestAlgorithm::sha512).hex.substr(0, 32),
            "ddaf35a193617abacc417349ae204131");
}

struct Store {
  Scratch scratch;
  std::unique_ptr<BlobStore> blobs =
      open_file_blob_store(scratch / "blobs", scratch / "scratch");
  Digest put(std::string_view bytes) const {
    auto writer = blobs->create();
    writer->write(bytes);
    return writer->commit();
  }
};

TEST(BlobStore, ShowsABlobOnlyAfterCommit) {
  const Store store;
  const Digest digest = digest_of("hello");
  auto writer = store.blobs->create();
  writer->write("hel");
  writer->write("lo");
  EXPECT_FALSE(store.blobs->size(digest));
  EXPECT_EQ(writer->commit(digest), digest);
  EXPECT_EQ(store.blobs->read(digest), "hello");
  EXPECT_EQ(store.blobs->size(digest), 5u);
}

TEST(BlobStore, KeepsNothingOfAWrongDigestOrADroppedWriter) {
  const Store store;
  auto writer = store.blobs->create();
  writer->write("hello");
  EXPECT_EQ(code_of([&] { writer->commit(digest_of("other")); }),
            ErrorCode::invalid);
  writer.reset();
  store.blobs->create()->write("dropped");
  EXPECT_TRUE(fs::is_empty(store.scratch / "scratch"));
  EXPECT_FALSE(store.blobs->size(digest_of("hello")));
}

TEST(BlobStore, TakesTheSameBlobFromManyAtOnce) {
  const Store store;
  const std::string bytes(1 << 20, 'x');
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] { store.put(bytes); });
    }
  }
  EXPECT_TRUE(store.blobs->verify(digest_of(bytes)));
  int count = 0;
  store.blobs->each([&](const Digest&, std::uint64_t, std::int64_t) {
    ++count;
  });
  EXPECT_EQ(count, 1);
}

TEST(BlobStore, FindsAFlippedBit) {
  const Store store;
  const Digest digest = store.put("precious");
  EXPECT_TRUE(store.blobs->verify(digest));
  write_file_atomically(
      store.scratch / ("blobs/sha256/" + digest.hex.substr(0, 2) + "/" +
                       digest.hex),
      "preciouS");
  EXPECT_FALSE(store.blobs->verify(digest));
}

TEST(BlobStore, EmptiesItsScratchFolderAtStart) {
  const Scratch scratch;
  fs::create_directories(scratch / "scratch");
  write_file_atomically(scratch / "scratch/half", "half an upload");
  const auto blobs =
      open_file_blob_store(scratch / "blobs", scratch / "scratch");
  EXPECT_TRUE(fs::is_empty(scratch / "scratch"));
}

constexpr Migration kOne[] = {{1, "create table t (a integer unique, b text)"}};
constexpr Migration kTwo[] = {{1, "create table t (a integer unique, b text)"},
                              {2, "alter table t add column c text"}};

std::int64_t count(Database& db) {
  return db.read([](Connection& c) {
    auto rows = c.query("select count(*) from t");
    rows.next();
    return rows.integer(0);
  });
}

TEST(Database, RollsBackAndForgetsAfterCommitActionsOnError) {
  const Scratch scratch;
  Database db(scratch / "db");
  db.migrate("test", kOne);
  bool called = false;
  EXPECT_EQ(code_of([&] {
              db.write([&](Transaction& tx) {
                tx.after_commit([&] { called = true; });
                tx.run("insert into t (a) values (1)");
                tx.run("insert into t (a) values (1)");
              });
            }),
            ErrorCode::conflict);
  EXPECT_EQ(count(db), 0);
  EXPECT_FALSE(called);
  db.write([&](Transaction& tx) {
    tx.after_commit([&] { called = true; });
    tx.run("insert into t (a, b) values (?, ?)", 1, std::string("x\0y", 3));
  });
  EXPECT_EQ(count(db), 1);
  EXPECT_TRUE(called);
}

struct Numbers {
  Scratch scratch;
  Database db{scratch / "db"};
  Numbers() {
    db.write([](Transaction& tx) {
      tx.connection().script("create table n (i integer primary key, t text)");
    });
  }
  std::int64_t count() {
    return db.read([](Connection& c) {
      Rows rows = c.query("select count(*) from n");
      rows.next();
      return rows.integer(0);
    });
  }
};

// Writers that come together are committed together; each still succeeds or
// fails by itself.
TEST(Database, WritesOfManyThreadsFailOneByOne) {
  Numbers numbers;
  constexpr int kThreads = 8;
  constexpr int kWrites = 60;
  std::atomic<int> committed{0};
  std::atomic<int> refused{0};
  std::atomic<int> thrown{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kWrites; ++i) {
        const int id = t * kWrites + i;
        try {
          const int got = numbers.db.write([&](Transaction& tx) {
            tx.run("insert into n (i) values (?)", id);
            tx.after_commit([&] { ++committed; });
            if (i % 3 == 1) tx.run("insert into n (i) values (?)", id);
            if (i % 3 == 2) throw std::runtime_error("no");
            return id;
          });
          EXPECT_EQ(got, id);
          // Durable and visible at once.
          EXPECT_EQ(numbers.db.read([&](Connection& c) {
            Rows rows = c.query("select i from n where i = ?", id);
            return rows.next();
          }), true);
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ErrorCode::conflict);
          ++refused;
        } catch (const std::runtime_error&) {
          ++thrown;
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(committed, kThreads * kWrites / 3);
  EXPECT_EQ(refused, kThreads * kWrites / 3);
  EXPECT_EQ(thrown, kThreads * kWrites / 3);
  EXPECT_EQ(numbers.count(), kThreads * kWrites / 3);
}

TEST(Database, AWriteAloneSeesWhatWasWrittenBefore) {
  Numbers numbers;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        numbers.db.write([](Transaction& tx) {
          tx.run("insert into n (t) values ('x')");
        });
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    numbers.db.write_alone([&](Transaction& tx) {
      Rows rows = tx.query("select count(*) from n");
      rows.next();
      EXPECT_EQ(rows.integer(0), numbers.count());
    });
  }
  threads.clear();
  EXPECT_EQ(numbers.count(), 300);
}

// SQLite undoes the whole transaction when it is full: nobody in it may be told
// that his write is safe.
TEST(Database, AFullDatabaseAcknowledgesOnlyWhatItKept) {
  Numbers numbers;
  numbers.db.write([](Transaction& tx) {
    tx.connection().script("pragma max_page_count = 60");
  });
  const std::string large(3000, 'x');
  std::atomic<int> kept{0};
  std::atomic<int> full{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        try {
          numbers.db.write([&](Transaction& tx) {
            tx.run("insert into n (t) values (?)", large);
          });
          ++kept;
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ErrorCode::unavailable) << error.message();
          ++full;
        }
      }
    });
  }
  threads.clear();
  EXPECT_GT(kept, 0);
  EXPECT_GT(full, 0);
  EXPECT_EQ(numbers.count(), kept);
  // Small ones go on.
  numbers.db.write([](Transaction& tx) { tx.run("delete from n"); });
  EXPECT_EQ(numbers.count(), 0);
}

TEST(Memo, ForgetsWithEachCommit) {
  Numbers numbers;
  Memo<std::int64_t> memo(numbers.db, 2);
  int loads = 0;
  const auto count = [&](const std::string& key) {
    return memo.get(key, [&] {
      ++loads;
      return numbers.count();
    });
  };
  const auto insert = [&](int id) {
    numbers.db.write([&](Transaction& tx) {
      tx.run("insert into n (i) values (?)", id);
    });
  };
  EXPECT_EQ(count("a"), 0);
  EXPECT_EQ(count("a"), 0);
  EXPECT_EQ(loads, 1);
  insert(1);
  EXPECT_EQ(count("a"), 1);
  EXPECT_EQ(loads, 2);
  EXPECT_THROW(insert(1), Error);  // no commit
  EXPECT_EQ(count("a"), 1);
  EXPECT_EQ(loads, 2);
  // Only so many are kept.
  count("b");
  count("c");
  count("c");
  EXPECT_EQ(loads, 5);
}

// Whoever was told of a write finds it, while others read and write.
TEST(Memo, IsNeverOlderThanAnAcknowledgedWrite) {
  Numbers numbers;
  Memo<std::int64_t> memo(numbers.db);
  std::atomic<std::int64_t> acknowledged{0};
  std::atomic<bool> done{false};
  std::vector<std::jthread> readers;
  for (int r = 0; r < 4; ++r) {
    readers.emplace_back([&] {
      while (!done) {
        const std::int64_t least = acknowledged;
        EXPECT_GE(memo.get("count", [&] { return numbers.count(); }), least);
      }
    });
  }
  std::vector<std::jthread> writers;
  for (int w = 0; w < 2; ++w) {
    writers.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        numbers.db.write([](Transaction& tx) {
          tx.run("insert into n (t) values ('x')");
        });
        ++acknowledged;
      }
    });
  }
  writers.clear();
  done = true;
}

TEST(Database, MigratesOnceAndRefusesANewerFile) {
  const Scratch scratch;
  {
    Database db(scratch / "db");
    db.migrate("test", kOne);
    db.migrate("test", kTwo);
    db.migrate("test", kTwo);
    db.write([](Transaction& tx) { tx.run("insert into t (c) values (1)"); });
  }
  Database db(scratch / "db");
  EXPECT_EQ(code_of([&] { db.migrate("test", kOne); }), ErrorCode::conflict);
}

TEST(Database, AFailingMigrationLeavesNothing) {
  const Scratch scratch;
  Database db(scratch / "db");
  constexpr Migration kBad[] = {{1, "create table t (a); create table t (a)"}};
  EXPECT_ANY_THROW(db.migrate("test", kBad));
  EXPECT_NO_THROW(db.migrate("test", kOne));
}

TEST(Database, ReadersSeeASnapshotWhileOthersWrite) {
  const Scratch scratch;
  Database db(scratch / "db");
  db.migrate("test", kOne);
  std::atomic<bool> done{false};
  std::jthread writer([&] {
    for (int i = 0; i < 200; ++i) {
      db.write([&](Transaction& tx) {
        tx.run("insert into t (a) values (?)", 2 * i);
        tx.run("insert into t (a) values (?)", 2 * i + 1);
      });
    }
    done = true;
  });
  std::vector<std::jthread> readers;
  for (int r = 0; r < 4; ++r) {
    readers.emplace_back([&] {
      while (!done) EXPECT_EQ(count(db) % 2, 0);
    });
  }
}

TEST(Database, KeepsWhatWasCommittedBeforeAKill) {
  const Scratch scratch;
  const pid_t child = fork();
  if (child == 0) {
    Database db(scratch / "db");
    db.migrate("test", kOne);
    db.write([](Transaction& tx) { tx.run("insert into t (a) values (1)"); });
    db.write([](Transaction& tx) {
      tx.run("insert into t (a) values (2)");
      raise(SIGKILL);
    });
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  Database db(scratch / "db");
  EXPECT_EQ(count(db), 1);
  EXPECT_EQ(db.check(), "ok");
}

TEST(Database, BacksItselfUpWhileOpen) {
  const Scratch scratch;
  Database db(scratch / "db");
  db.migrate("test", kOne);
  db.write([](Transaction& tx) { tx.run("insert into t (a) values (1)"); });
  db.backup_to(scratch / "copy");
  Database copy(scratch / "copy");
  EXPECT_EQ(count(copy), 1);
}

}  // namespace
}  // namespace skerry
