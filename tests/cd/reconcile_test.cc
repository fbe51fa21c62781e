#include "reconcile/reconciler.h"

#include <gtest/gtest.h>

#include "world.h"

namespace skerry::cd {
namespace {

using test::config_map;
using test::World;

const char* const kAutomated =
    "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n";
const char* const kByHand = "";

using Log = std::vector<std::string>;

http::Identity me() {
  http::Identity who;
  who.user_id = 1;
  who.name = "me";
  return who;
}

std::string job(const std::string& name, const std::string& annotations) {
  return "apiVersion: batch/v1\nkind: Job\nmetadata: {name: " + name +
         ", annotations: " + annotations + "}\nspec: {}\n";
}

TEST(Reconcile, SyncsWhatIsCommitted) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.create(kAutomated);
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"apply a"}));
  Record record = world.record();
  EXPECT_EQ(record.status.sync, "Synced");
  EXPECT_EQ(record.status.health, "Healthy");
  EXPECT_EQ(revision_text(record.status.resolved), "c1");
  EXPECT_EQ(record.operation->phase, "Succeeded");
  for (const Event& event : world.events.after(0)) {
    EXPECT_EQ(event.subject, "demo/hello") << event.topic;
  }
  world.git.commit({{"deploy/b.yaml", config_map("b", "2")}});
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"apply a", "remove a", "apply b"}));
  const auto history = world.store->history(record.id);
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0].revision, "c2");
  EXPECT_EQ(history[1].initiated_by, "automated sync");
}

TEST(Reconcile, ChangesNothingWhenAnImageMayNotRun) {
  const auto pod = [](const std::string& name, const std::string& image) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name +
           "}\nspec: {containers: [{name: main, image: '" + image + "'}]}\n";
  };
  World world;
  world.policy.refused = {"here:1/demo/bad:v1"};
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")},
                    {"deploy/b.yaml", pod("b", "here:1/demo/good:v1")},
                    {"deploy/c.yaml", pod("c", "here:1/demo/bad:v1")}});
  world.create(kByHand);
  world.settle();
  world.reconciler->sync(world.record(), {}, me());
  world.settle();
  EXPECT_EQ(world.phase(), "Failed");
  EXPECT_EQ(world.target.log, Log());
  EXPECT_NE(world.record().operation->message.find(
                "here:1/demo/bad:v1 is not signed"),
            std::string::npos);
  EXPECT_TRUE(world.policy.asked.contains("demo here:1/demo/bad:v1"));
  world.policy.refused.clear();
  world.reconciler->sync(world.record(), {}, me());
  world.settle();
  EXPECT_EQ(world.phase(), "Succeeded") << world.record().operation->message;
  EXPECT_EQ(world.target.objects.size(), 3u);
  EXPECT_TRUE(world.policy.asked.contains("demo here:1/demo/good:v1"));
}

// Argo CD's way to run a Job at each sync.
TEST(Reconcile, ForceWithReplaceMakesAnew) {
  World world;
  world.git.commit(
      {{"deploy/a.yaml", config_map("a", "1",
                                    "{argocd.argoproj.io/sync-options: "
                                    "'Force=true,Replace=true'}")},
       {"deploy/b.yaml", config_map("b", "1")}});
  world.create(kAutomated);
  world.settle();
  world.target.log.clear();
  world.reconciler->sync(world.record(), {}, me());
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"remove a", "apply a"}));
  // A self-heal makes anew what is wrong only.
  world.target.lose("b");
  world.target.log.clear();
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"apply b"}));
}

TEST(Reconcile, RefusesASharedResourceWhenAskedTo) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.create(kAutomated);
  world.settle();
  Json other = test::application_yaml(
      std::string(test::kSource) + test::kDestination +
      "  syncPolicy: {syncOptions: [FailOnSharedResource=true]}\n");
  other["metadata"]["name"] = "other";
  world.db.write([&](Transaction& tx) {
    world.store->create(tx, parse_application(other), 0, "me");
  });
  world.reconciler->sync(*world.store->find("other"), {}, me());
  while (world.store->find("other")->operation->running()) {
    world.reconciler->reconcile("other");
  }
  EXPECT_NE(world.store->find("other")->operation->message.find(
                "ConfigMap web/a belongs to the application hello already"),
            std::string::npos)
      << world.store->find("other")->operation->message;
}

TEST(Reconcile, TellsWhatHasNoEffect) {
  World world;
  world.git.commit(
      {{"deploy/a.yaml",
        config_map("a", "1",
                   "{argocd.argoproj.io/sync-options: ServerSideApply=true, "
                   "argocd.argoproj.io/unheard-of: x}")}});
  world.create("  syncPolicy: {syncOptions: [Validate=false, Replace=true]}\n",
               "  annotations: {argocd.argoproj.io/manifest-generate-paths: "
               ".}\n");
  world.settle();
  const auto notices = world.record().status.notices;
  const char* const expected[] = {
      "annotation manifest-generate-paths", "sync option Validate=false",
      "sync option Replace=true alone",
      "ConfigMap web/a: sync option ServerSideApply=true",
      "ConfigMap web/a: annotation argocd.argoproj.io/unheard-of"};
  ASSERT_EQ(notices.size(), std::size(expected));
  for (std::size_t i = 0; i < notices.size(); ++i) {
    EXPECT_TRUE(notices[i].starts_with(expected[i])) << notices[i];
  }
}

TEST(Reconcile, LooksNoFurtherWhenNothingChanged) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.create(kAutomated);
  world.settle();
  const int looks = world.target.looks, trees = world.git.trees_read;
  const auto events = world.events.last_id();
  for (int i = 0; i < 10; ++i) world.settle();
  EXPECT_EQ(world.target.looks, looks);
  EXPECT_EQ(world.git.trees_read, trees);
  EXPECT_EQ(world.events.last_id(), events);
}

TEST(Reconcile, ByHandItOnlyTells) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.create(kByHand);
  world.settle();
  EXPECT_EQ(world.record().status.sync, "OutOfSync");
  EXPECT_EQ(world.record().status.health, "Missing");
  EXPECT_TRUE(world.target.log.empty());
  const auto steps = world.reconciler->dry_run(world.record(), {});
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_TRUE(world.target.log.empty());
  world.reconciler->sync(world.record(), {}, me());
  EXPECT_THROW(world.reconciler->sync(world.record(), {}, me()), Error);
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"apply a"}));
  EXPECT_EQ(world.record().operation->initiated_by, "me");
  EXPECT_EQ(world.accounts.audited,
            (Log{"me application.sync hello"}));
}

TEST(Reconcile, HealsWhatWasLost) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")},
                    {"deploy/b.yaml", config_map("b", "1")}});
  world.create(kAutomated);
  world.settle();
  world.target.log.clear();
  world.target.lose("b");
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"apply b"}));
  EXPECT_EQ(world.record().status.sync, "Synced");
  // A heal is no deployment.
  EXPECT_EQ(world.store->history(world.record().id).size(), 1u);
}

TEST(Reconcile, WithoutSelfHealTheLossIsShown) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.create("  syncPolicy: {automated: {}}\n");
  world.settle();
  world.target.lose("a");
  world.settle();
  EXPECT_EQ(world.record().status.sync, "OutOfSync");
  EXPECT_NE(world.record().status.message.find("selfHeal is off"),
            std::string::npos);
  EXPECT_EQ(world.target.log.size(), 1u);
}

TEST(Reconcile, RunsHooksAndWavesInOrder) {
  World world;
  world.git.commit(
      {{"deploy/a.yaml",
        config_map("late", "1", "{argocd.argoproj.io/sync-wave: '2'}")},
       {"deploy/b.yaml", config_map("normal", "1")},
       {"deploy/c.yaml",
        config_map("early", "1", "{argocd.argoproj.io/sync-wave: '-1'}")},
       {"deploy/d.yaml", job("before", "{argocd.argoproj.io/hook: PreSync}")},
       {"deploy/e.yaml",
        job("after", "{argocd.argoproj.io/hook: PostSync, "
                     "argocd.argoproj.io/hook-delete-policy: "
                     "HookSucceeded}")}});
  world.create(kAutomated);
  world.settle();
  EXPECT_EQ(world.target.log,
            (Log{"apply before", "apply early", "apply normal", "apply late",
                 "apply after", "remove after"}));
  EXPECT_EQ(world.record().status.sync, "Synced");
}

TEST(Reconcile, AWaveWaitsForHealth) {
  World world;
  world.git.commit({{"deploy/a.yaml", job("first", "{}")},
                    {"deploy/b.yaml",
                     config_map("second", "1",
                                "{argocd.argoproj.io/sync-wave: '1'}")}});
  world.target.slow.insert("first");
  world.create(kAutomated);
  world.settle(5);
  EXPECT_EQ(world.target.log, (Log{"apply first"}));
  EXPECT_EQ(world.phase(), "Running");
  world.target.slow.clear();
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"apply first", "apply second"}));
}

TEST(Reconcile, AWaveThatNeverGetsHealthyFails) {
  World world;
  world.git.commit({{"deploy/a.yaml", job("first", "{}")},
                    {"deploy/b.yaml",
                     config_map("second", "1",
                                "{argocd.argoproj.io/sync-wave: '1'}")}});
  world.target.slow.insert("first");
  world.create(kByHand);
  world.reconciler->sync(world.record(), {}, me());
  world.settle(1000);
  EXPECT_EQ(world.phase(), "Failed");
  EXPECT_NE(world.record().operation->message.find("in time"),
            std::string::npos);
  EXPECT_EQ(world.target.log, (Log{"apply first"}));
}

TEST(Reconcile, AFailedHookStopsTheSyncAndRunsSyncFail) {
  World world;
  world.git.commit(
      {{"deploy/a.yaml", config_map("a", "1")},
       {"deploy/b.yaml", job("before", "{argocd.argoproj.io/hook: PreSync}")},
       {"deploy/c.yaml", job("alarm", "{argocd.argoproj.io/hook: SyncFail}")}});
  world.target.failing_jobs.insert("before");
  world.create(kByHand);
  world.reconciler->sync(world.record(), {}, me());
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"apply before", "apply alarm"}));
  EXPECT_EQ(world.phase(), "Failed");
  EXPECT_NE(world.record().operation->message.find("exit code 1"),
            std::string::npos);
}

TEST(Reconcile, RetriesWithBackoffAndThenStops) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.target.refused.insert("a");
  world.create("  syncPolicy: {automated: {}, retry: {limit: 2, "
               "backoff: {duration: 10s, factor: 2}}}\n");
  const UnixMillis begin = world.clock.time;
  world.settle(100);
  EXPECT_EQ(world.phase(), "Failed");
  EXPECT_EQ(world.record().operation->attempt, 3);
  EXPECT_GE(world.clock.time - begin, 30'000);
  // The same revision is not tried again, a new one is.
  world.target.refused.clear();
  world.settle();
  EXPECT_TRUE(world.target.log.empty());
  world.git.commit({{"deploy/a.yaml", config_map("a", "2")}});
  world.settle();
  EXPECT_EQ(world.target.value("a"), "2");
}

TEST(Reconcile, RefusesByNameBeforeAnythingChanges) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")},
                    {"deploy/b.yaml",
                     "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
                     "metadata: {name: front}\n"}});
  world.create(kAutomated);
  world.settle();
  EXPECT_TRUE(world.target.log.empty());
  EXPECT_EQ(world.phase(), "Failed");
  EXPECT_EQ(world.record().operation->attempt, 1);
  EXPECT_NE(world.record().operation->message.find(
                "Ingress web/front is not supported here"),
            std::string::npos);
  EXPECT_EQ(world.record().status.health, "Degraded");
}

TEST(Reconcile, RollbackHoldsUntilTheSourceMovesOn) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.create(kAutomated);
  world.settle();
  world.git.commit({{"deploy/a.yaml", config_map("a", "2")}});
  world.settle();
  EXPECT_EQ(world.target.value("a"), "2");
  EXPECT_THROW(world.reconciler->rollback(world.record(), 7, me()), Error);
  world.reconciler->rollback(world.record(), 0, me());
  world.settle();
  EXPECT_EQ(world.target.value("a"), "1");
  EXPECT_EQ(world.record().pin->history_id, 0);
  EXPECT_EQ(world.record().status.sync, "Synced");
  EXPECT_NE(world.record().status.message.find("rolled back"),
            std::string::npos);
  // It is kept at the old revision, also against drift.
  world.target.lose("a");
  world.settle();
  EXPECT_EQ(world.target.value("a"), "1");
  world.git.broken = true;
  world.target.lose("a");
  world.settle();
  EXPECT_EQ(world.target.value("a"), "1");
  world.git.broken = false;
  world.git.commit({{"deploy/a.yaml", config_map("a", "3")}});
  world.settle();
  EXPECT_EQ(world.target.value("a"), "3");
  EXPECT_FALSE(world.record().pin);
}

TEST(Reconcile, ASyncByHandEndsARollback) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.create(kAutomated);
  world.settle();
  world.git.commit({{"deploy/a.yaml", config_map("a", "2")}});
  world.settle();
  world.reconciler->rollback(world.record(), 0, me());
  world.settle();
  world.reconciler->sync(world.record(), {}, me());
  world.settle();
  EXPECT_EQ(world.target.value("a"), "2");
  EXPECT_FALSE(world.record().pin);
}

TEST(Reconcile, HistoryIsBounded) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "0")}});
  world.create(std::string(kAutomated) + "  revisionHistoryLimit: 3\n");
  for (int i = 1; i < 6; ++i) {
    world.git.commit({{"deploy/a.yaml", config_map("a", std::to_string(i))}});
    world.settle();
  }
  const auto history = world.store->history(world.record().id);
  ASSERT_EQ(history.size(), 3u);
  EXPECT_EQ(history[0].id, 4);
}

// The process dies after each single step of a sync in turn; the next one goes
// on and does no step twice.
TEST(Reconcile, AKilledSyncGoesOn) {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 4; ++i) {
    files.emplace_back(
        fmt::format("deploy/{}.yaml", i),
        config_map(fmt::format("m{}", i), "1",
                   fmt::format("{{argocd.argoproj.io/sync-wave: '{}'}}", i)));
  }
  for (int i = 0; i < 4; ++i) {
    World world;
    world.git.commit(files);
    world.create(kAutomated);
    // The step after the kill fails in this process, as if it never came.
    const std::string victim = fmt::format("m{}", i);
    world.reconciler->reconcile("hello");
    ASSERT_EQ(world.phase(), "Running");
    world.target.refused.insert(victim);
    Operation stored = *world.record().operation;
    world.reconciler->prepare_stop();
    EXPECT_THROW(world.reconciler->reconcile("hello"), Error);
    EXPECT_EQ(world.phase(), "Running");
    EXPECT_EQ(world.target.log.size(), static_cast<std::size_t>(i));
    world.target.refused.clear();
    world.start();
    world.settle();
    EXPECT_EQ(world.phase(), "Succeeded");
    EXPECT_EQ(world.target.log,
              (Log{"apply m0", "apply m1", "apply m2", "apply m3"}));
    EXPECT_EQ(world.store->history(world.record().id).size(), 1u);
  }
}

TEST(Reconcile, DeletesInReverseOrder) {
  World world;
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")},
                    {"deploy/b.yaml",
                     config_map("kept", "1",
                                "{argocd.argoproj.io/sync-options: "
                                "Delete=false}")},
                    {"deploy/c.yaml",
                     config_map("late", "1",
                                "{argocd.argoproj.io/sync-wave: '2'}")}});
  world.create(kAutomated);
  world.settle();
  world.target.log.clear();
  world.db.write([&](Transaction& tx) {
    world.store->mark_deleting(tx, world.record().id);
  });
  world.settle();
  EXPECT_EQ(world.target.log, (Log{"remove late", "remove a", "forget"}));
  EXPECT_FALSE(world.store->find("hello"));
}

TEST(Reconcile, ABrokenSourceIsNamed) {
  World world;
  world.git.commit({{"deploy/a.yaml", "a: {"}});
  world.create(kAutomated);
  world.settle();
  EXPECT_NE(world.last_error.find("repository demo/app at c1"),
            std::string::npos)
      << world.last_error;
  EXPECT_NE(world.last_error.find("deploy/a.yaml"), std::string::npos);
  // It is not rendered again until something changes.
  const int trees = world.git.trees_read;
  world.settle();
  EXPECT_EQ(world.git.trees_read, trees);
  world.git.commit({{"deploy/a.yaml", config_map("a", "1")}});
  world.settle();
  EXPECT_EQ(world.record().status.sync, "Synced");
}

TEST(WorkQueue, RunsANameOnceAtATimeAndAgain) {
  std::atomic<int> running = 0, most = 0, runs = 0;
  WorkQueue queue([&](const std::string&)
                      -> std::optional<std::chrono::milliseconds> {
    most = std::max(most.load(), ++running);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    --running;
    if (++runs < 5) return std::chrono::milliseconds(1);
    return std::nullopt;
  });
  queue.start(4);
  queue.add("a");
  EXPECT_TRUE(skerry::test::eventually([&] { return runs == 5; }));
  EXPECT_EQ(most, 1);
  queue.stop();
  queue.add("a");
  EXPECT_EQ(runs, 5);
}

}  // namespace
}  // namespace skerry::cd
