#include <atomic>

#include "core/events/event_log.h"
#include "core/os/fake_clock.h"
#include "core/temp.h"

namespace skerry {
namespace {

using test::eventually;
using test::Scratch;

struct Fixture {
  Scratch scratch;
  FakeClock clock{1'000};
  Database db{scratch / "db"};
  EventLog log{db, clock};
  Fixture() { db.migrate("events", EventLog::migrations()); }
  void append(const std::string& topic, const std::string& subject) {
    db.write([&](Transaction& tx) { log.append(tx, topic, subject, "v"); });
  }
};

TEST(EventLog, GivesEventsInOrderAfterAnId) {
  Fixture f;
  f.append("A", "1");
  f.append("B", "2");
  const auto all = f.log.after(0);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].subject, "2");
  EXPECT_EQ(all[1].time, 1'000);
  EXPECT_EQ(f.log.after(all[0].id).size(), 1u);
}

TEST(EventLog, ForgetsWhatWasRolledBack) {
  Fixture f;
  EXPECT_ANY_THROW(f.db.write([&](Transaction& tx) {
    f.log.append(tx, "A", "1", "v");
    fail(ErrorCode::internal, "no");
  }));
  EXPECT_TRUE(f.log.after(0).empty());
  EXPECT_FALSE(f.log.wait(0, std::chrono::milliseconds(1)));
}

TEST(EventLog, FollowersActWithinTheTransaction) {
  Fixture f;
  f.db.write(
      [](Transaction& tx) { tx.run("create table seen (subject text)"); });
  f.log.follow({"A", [](Transaction& tx, const Event& event) {
                  if (event.subject == "bad") {
                    fail(ErrorCode::conflict, "no");
                  }
                  tx.run("insert into seen values (?)",
                         event.subject + "@" + std::to_string(event.id));
                }});
  const auto seen = [&] {
    return f.db.read([](Connection& c) {
      auto rows = c.query("select group_concat(subject) from seen");
      rows.next();
      return rows.text(0);
    });
  };
  f.append("A", "1");
  f.append("B", "2");
  EXPECT_EQ(seen(), "1@1");
  EXPECT_ANY_THROW(f.append("A", "bad"));
  EXPECT_EQ(f.log.after(0).size(), 2u);
  EXPECT_ANY_THROW(f.db.write([&](Transaction& tx) {
    f.log.append(tx, "A", "3", "v");
    fail(ErrorCode::internal, "no");
  }));
  EXPECT_EQ(seen(), "1@1");
}

TEST(EventLog, WakesAWaiterAtOnce) {
  Fixture f;
  std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    f.append("A", "1");
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(f.log.wait(0, std::chrono::seconds(10)));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(EventLog, WaitEndsOnAStopRequest) {
  Fixture f;
  std::stop_source stop;
  std::jthread later([&] { stop.request_stop(); });
  EXPECT_FALSE(f.log.wait(0, std::chrono::seconds(10), stop.get_token()));
}

TEST(EventConsumers, HandleTheirTopicsOnceInOrderAndRemember) {
  Fixture f;
  f.append("A", "1");
  f.append("B", "x");
  std::vector<std::string> seen;
  Mutex mutex;
  const auto collect = [&](const Event& event) {
    MutexLock lock(mutex);
    seen.push_back(event.subject);
  };
  const auto size = [&] {
    MutexLock lock(mutex);
    return seen.size();
  };
  {
    EventConsumers consumers(f.log, f.db);
    consumers.start({"c", {"A"}, collect, {}, std::chrono::seconds(60)});
    f.append("A", "2");
    EXPECT_TRUE(eventually([&] { return size() == 2; }));
    // The cursor moves after the batch was handled.
    EXPECT_TRUE(eventually([&] {
      return f.db.read([&](Connection& c) {
        auto rows = c.query("select event_id from event_cursor");
        return rows.next() && rows.integer(0) == 3;
      });
    }));
  }
  f.append("A", "3");
  EventConsumers consumers(f.log, f.db);
  consumers.start({"c", {"A"}, collect, {}, std::chrono::seconds(60)});
  EXPECT_TRUE(eventually([&] { return size() == 3; }));
  consumers.stop();
  EXPECT_EQ(seen, (std::vector<std::string>{"1", "2", "3"}));
}

TEST(EventConsumers, TryAFailedEventAgain) {
  Fixture f;
  f.append("A", "1");
  std::atomic<int> calls{0};
  EventConsumers consumers(f.log, f.db);
  consumers.start({"c",
                   {"A"},
                   [&](const Event&) {
                     if (++calls < 3) fail(ErrorCode::io, "not yet");
                   },
                   {},
                   std::chrono::seconds(60)});
  EXPECT_TRUE(eventually([&] { return calls == 3; }));
}

TEST(EventLog, PrunesOnlyWhatEveryConsumerHasPassed) {
  Fixture f;
  f.append("A", "1");
  f.append("A", "2");
  f.db.write([](Transaction& tx) {
    tx.run("insert into event_cursor values ('c', 1)");
  });
  EXPECT_EQ(f.log.prune(5'000), 1);
  EXPECT_EQ(f.log.after(0).size(), 1u);
}

}  // namespace
}  // namespace skerry
