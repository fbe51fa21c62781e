#include <atomic>

#include "core/jobs/job_queue.h"
#include "core/os/fake_clock.h"
#include "core/temp.h"

namespace skerry {
namespace {

using std::chrono::milliseconds;
using test::eventually;
using test::Scratch;

struct Fixture {
  Scratch scratch;
  SystemClock clock;
  Database db{scratch / "db"};
  JobQueue jobs{db, clock};
  Fixture() { db.migrate("jobs", JobQueue::migrations()); }
  std::int64_t enqueue(const std::string& kind, bool unique = false) {
    return db.write([&](Transaction& tx) {
      return jobs.enqueue(tx, kind, "s", {{"n", 1}}, {}, unique);
    });
  }
  bool reaches(std::int64_t id, JobState state) {
    return eventually([&] { return jobs.find(id)->state == state; });
  }
};

TEST(JobQueue, RunsAJobAndKeepsItsPayload) {
  Fixture f;
  f.jobs.add_kind({"k", [](JobContext& context) {
                     EXPECT_EQ(context.job().payload["n"], 1);
                     context.progress(0.5, "half");
                   }});
  const auto id = f.enqueue("k");
  f.jobs.start();
  EXPECT_TRUE(f.reaches(id, JobState::done));
  EXPECT_EQ(f.jobs.find(id)->progress_text, "half");
}

TEST(JobQueue, RetriesUntilItsAttemptsAreUsed) {
  Fixture f;
  std::atomic<int> runs{0};
  f.jobs.add_kind({"k",
                   [&](JobContext&) {
                     ++runs;
                     fail(ErrorCode::unavailable, "network is down");
                   },
                   1, 3, milliseconds(1)});
  const auto id = f.enqueue("k");
  f.jobs.start();
  EXPECT_TRUE(f.reaches(id, JobState::failed));
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(f.jobs.find(id)->error, "network is down");
}

TEST(JobQueue, DoesNotRetryWhatCannotGetBetter) {
  Fixture f;
  std::atomic<int> runs{0};
  f.jobs.add_kind({"k", [&](JobContext&) {
                     ++runs;
                     fail(ErrorCode::invalid, "no");
                   }});
  const auto id = f.enqueue("k");
  f.jobs.start();
  EXPECT_TRUE(f.reaches(id, JobState::failed));
  EXPECT_EQ(runs, 1);
}

TEST(JobQueue, CancelsQueuedAndRunningJobs) {
  Fixture f;
  std::atomic<bool> running{false};
  f.jobs.add_kind({"k", [&](JobContext& context) {
                     running = true;
                     while (!context.stop().stop_requested()) {
                       std::this_thread::sleep_for(milliseconds(1));
                     }
                     EXPECT_TRUE(context.cancelled());
                   }});
  const auto queued = f.enqueue("k");
  EXPECT_TRUE(f.jobs.cancel(queued));
  EXPECT_FALSE(f.jobs.cancel(queued));
  const auto id = f.enqueue("k");
  f.jobs.start();
  ASSERT_TRUE(eventually([&] { return running.load(); }));
  EXPECT_TRUE(f.jobs.cancel(id));
  EXPECT_TRUE(f.reaches(id, JobState::cancelled));
  EXPECT_EQ(f.jobs.find(queued)->state, JobState::cancelled);
}

TEST(JobQueue, RunsAgainWhatADeadProcessLeftRunning) {
  Fixture f;
  const auto id = f.enqueue("k");
  f.db.write([](Transaction& tx) {
    tx.run("update job set state = 'running', attempt = 1");
  });
  f.jobs.add_kind({"k", [](JobContext& context) {
                     EXPECT_EQ(context.job().attempt, 2);
                   }});
  f.jobs.start();
  EXPECT_TRUE(f.reaches(id, JobState::done));
}

TEST(JobQueue, AnOrderlyStopPutsTheJobBack) {
  Fixture f;
  std::int64_t id = 0;
  {
    JobQueue jobs(f.db, f.clock);
    std::atomic<bool> running{false};
    jobs.add_kind({"k", [&](JobContext& context) {
                     running = true;
                     while (!context.stop().stop_requested()) {
                       std::this_thread::sleep_for(milliseconds(1));
                     }
                     EXPECT_FALSE(context.cancelled());
                   }});
    id = f.db.write([&](Transaction& tx) {
      return jobs.enqueue(tx, "k", "s", Json::object());
    });
    jobs.start();
    ASSERT_TRUE(eventually([&] { return running.load(); }));
    jobs.stop();
  }
  EXPECT_EQ(f.jobs.find(id)->state, JobState::queued);
  EXPECT_EQ(f.jobs.find(id)->attempt, 0);
}

TEST(JobQueue, KeepsOneQueuedJobASubjectWhenUnique) {
  Fixture f;
  EXPECT_EQ(f.enqueue("k", true), f.enqueue("k", true));
  EXPECT_NE(f.enqueue("k"), f.enqueue("k"));
}

TEST(JobQueue, RunsAsManyAtOnceAsTheKindAllows) {
  Fixture f;
  std::atomic<int> now{0}, most{0}, done{0};
  f.jobs.add_kind({"k",
                   [&](JobContext&) {
                     const int running = ++now;
                     if (running > most) most = running;
                     std::this_thread::sleep_for(milliseconds(50));
                     --now;
                     ++done;
                   },
                   3});
  for (int i = 0; i < 9; ++i) f.enqueue("k");
  f.jobs.start();
  EXPECT_TRUE(eventually([&] { return done == 9; }));
  EXPECT_GT(most, 1);
  EXPECT_LE(most, 3);
}

}  // namespace
}  // namespace skerry
