#include "operation.h"

#include <gtest/gtest.h>

#include "reconcile/automation.h"
#include "reconcile/sync.h"
#include "sample.h"

namespace skerry::cd {
namespace {

TEST(Operation, SurvivesItsStorage) {
  Operation op;
  op.message = "m";
  op.started = 5;
  op.prune = true;
  op.only = {{"apps", "Deployment", "web", "x"}};
  op.rollback_to = 3;
  op.manifest = {{"spec", 1}};
  op.resolved = {{"1.2", "sha256:x"}};
  op.input = "in";
  op.retry = {7, 100, 200, 3};
  op.attempt = 4;
  op.planned = op.failing = op.hopeless = true;
  op.steps = {{{Action::hook, Phase::post_sync, -2, {"", "Job", "web", "j"},
                false},
               TaskState::running,
               "runs"}};
  EXPECT_EQ(to_json(operation_from_json(to_json(op))), to_json(op));
}

TEST(Operation, BacksOff) {
  const Retry retry{5, 5'000, 60'000, 2};
  EXPECT_EQ(retry_delay_ms(retry, 1), 5'000);
  EXPECT_EQ(retry_delay_ms(retry, 2), 10'000);
  EXPECT_EQ(retry_delay_ms(retry, 10), 60'000);
  EXPECT_EQ(retry_delay_ms({5, 5'000, 60'000, 1}, 1'000'000'000), 5'000);
}

struct Case {
  const char* what;
  const char* policy;
  std::size_t to_apply, to_prune;
  bool same_input;
  const char* phase;  // of the last operation; "": there was none
  bool partial;       // the last was a self-heal
  bool sync, heal;
};

TEST(Automation, FollowsArgosRules) {
  const char* off = "";
  const char* on = "  syncPolicy: {automated: {}}\n";
  const char* prune = "  syncPolicy: {automated: {prune: true}}\n";
  const char* heal = "  syncPolicy: {automated: {selfHeal: true}}\n";
  const Case table[] = {
      {"not automated", off, 1, 0, false, "", false, false, false},
      {"first sync", on, 1, 0, false, "", false, true, false},
      {"new revision", on, 1, 0, false, "Succeeded", false, true, false},
      {"new revision after a failure", on, 1, 0, false, "Failed", false, true,
       false},
      {"drift without selfHeal", on, 1, 0, true, "Succeeded", false, false,
       false},
      {"failed before", on, 1, 0, true, "Failed", false, false, false},
      {"only pruning, prune off", on, 0, 1, false, "Succeeded", false, false,
       false},
      {"only pruning, prune on", prune, 0, 1, false, "Succeeded", false, true,
       false},
      {"drift with selfHeal", heal, 1, 0, true, "Succeeded", false, true, true},
      {"drift again", heal, 1, 0, true, "Succeeded", true, true, true},
      {"a whole sync failed, selfHeal", heal, 1, 0, true, "Failed", false, true,
       false},
      {"a heal failed, selfHeal", heal, 1, 0, true, "Failed", true, true, true},
  };
  for (const Case& row : table) {
    const Application app = test::application(row.policy);
    Comparison comparison;
    comparison.sync = SyncStatus::out_of_sync;
    comparison.to_apply = row.to_apply;
    comparison.to_prune = row.to_prune;
    ResourceState wanted, extra;
    wanted.sync = row.to_apply ? SyncStatus::out_of_sync : SyncStatus::synced;
    comparison.resources = {wanted};
    if (row.to_prune) {
      extra.requires_prune = true;
      comparison.resources.push_back(extra);
    }
    Operation last;
    last.phase = row.phase;
    last.input = row.same_input ? "now" : "before";
    last.automated = true;
    if (row.partial) last.only = {{"", "ConfigMap", "", "x"}};
    const Decision decision =
        decide({app, comparison, *row.phase ? &last : nullptr, "now", 1'000'000,
                0});
    EXPECT_EQ(decision.sync, row.sync) << row.what;
    EXPECT_EQ(decision.heal, row.heal) << row.what;
  }
}

TEST(Automation, NeverEmptiesUnasked) {
  Comparison comparison;
  comparison.sync = SyncStatus::out_of_sync;
  comparison.to_prune = 1;
  ResourceState extra;
  extra.requires_prune = true;
  comparison.resources = {extra};
  const Application careful =
      test::application("  syncPolicy: {automated: {prune: true}}\n");
  EXPECT_FALSE(decide({careful, comparison, nullptr, "now", 0, 0}).sync);
  const Application bold = test::application(
      "  syncPolicy: {automated: {prune: true, allowEmpty: true}}\n");
  EXPECT_TRUE(decide({bold, comparison, nullptr, "now", 0, 0}).sync);
}

TEST(Automation, HealsAtOnceAndThenEverSlower) {
  EXPECT_EQ(heal_delay(0).count(), 0);
  EXPECT_EQ(heal_delay(1).count(), 1'000);
  EXPECT_EQ(heal_delay(2).count(), 3'000);
  EXPECT_EQ(heal_delay(100).count(), 300'000);
}

}  // namespace
}  // namespace skerry::cd
