#include "compare/compare.h"

#include <gtest/gtest.h>

#include "compare/text_diff.h"
#include "sample.h"

namespace skerry::cd {
namespace {

using test::application;
using test::manifest;

TEST(TextDiff, ShowsHunksWithContext) {
  EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(unified_diff("a\nb\nc\n", "a\nx\nc\n"),
            "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
  EXPECT_EQ(unified_diff("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(unified_diff("a\n", ""), "@@ -1 +0,0 @@\n-a\n");
}

TEST(TextDiff, SeparatesFarChanges) {
  std::string before, after;
  for (int i = 0; i < 30; ++i) {
    before += fmt::format("{}\n", i);
    after += i == 2 || i == 25 ? fmt::format("x{}\n", i) : fmt::format("{}\n", i);
  }
  const std::string diff = unified_diff(before, after, 1);
  EXPECT_EQ(diff,
            "@@ -2,3 +2,3 @@\n 1\n-2\n+x2\n 3\n"
            "@@ -25,3 +25,3 @@\n 24\n-25\n+x25\n 26\n");
}

Desired desired_of(std::vector<Json> objects) {
  return {std::move(objects), {}, true};
}

std::vector<LiveResource> live_of(const std::vector<Json>& objects) {
  std::vector<LiveResource> result;
  for (const Json& object : objects) result.push_back({key_of(object), object});
  return result;
}

Json deployment(int replicas, const std::string& status = "") {
  return manifest("apiVersion: apps/v1\nkind: Deployment\n"
                  "metadata: {name: web, namespace: web}\n"
                  "spec: {replicas: " + std::to_string(replicas) + "}\n" +
                  status);
}

struct Pair {
  const char* what;
  std::string live, desired;
  bool synced;
};

TEST(Compare, KnowsWhatIsADifference) {
  const std::string head = "apiVersion: v1\nkind: ConfigMap\n";
  const Pair table[] = {
      {"equal", head + "metadata: {name: a}\ndata: {k: v}\n",
       head + "metadata: {name: a}\ndata: {k: v}\n", true},
      {"server fields",
       head + "metadata: {name: a, uid: x, resourceVersion: '3', "
              "creationTimestamp: y, managedFields: [], generation: 2}\n"
              "status: {x: 1}\n",
       head + "metadata: {name: a}\n", true},
      {"null is absent", head + "metadata: {name: a}\ndata: {k: v}\n",
       head + "metadata: {name: a}\ndata: {k: v, z: null}\n", true},
      {"empty labels are absent", head + "metadata: {name: a}\n",
       head + "metadata: {name: a, labels: {}, annotations: {}}\n", true},
      {"1 and 1.0", head + "metadata: {name: a}\nspec: {n: 1}\n",
       head + "metadata: {name: a}\nspec: {n: 1.0}\n", true},
      {"a value", head + "metadata: {name: a}\ndata: {k: v}\n",
       head + "metadata: {name: a}\ndata: {k: w}\n", false},
      {"an extra value", head + "metadata: {name: a}\ndata: {k: v, l: x}\n",
       head + "metadata: {name: a}\ndata: {k: v}\n", false},
      {"a label", head + "metadata: {name: a, labels: {x: y}}\n",
       head + "metadata: {name: a}\n", false},
  };
  const Application app = application();
  for (const Pair& row : table) {
    const Json live = manifest(row.live), desired = manifest(row.desired);
    const Comparison result =
        compare(app, desired_of({desired}), live_of({live}));
    EXPECT_EQ(result.sync == SyncStatus::synced, row.synced) << row.what;
    // Never OutOfSync with an empty diff, nor the other way round.
    EXPECT_EQ(show_diff(app, &live, &desired).diff.empty(), row.synced)
        << row.what;
  }
}

TEST(Compare, IgnoresWhatTheApplicationIgnores) {
  const Application app = application(
      "  ignoreDifferences:\n"
      "  - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}\n");
  const auto same = compare(app, desired_of({deployment(1)}),
                            live_of({deployment(3)}), {});
  EXPECT_EQ(same.sync, SyncStatus::synced);
  const Application plain = application();
  EXPECT_EQ(compare(plain, desired_of({deployment(1)}),
                    live_of({deployment(3)}), {}).sync,
            SyncStatus::out_of_sync);
  EXPECT_EQ(keep_ignored(app, deployment(1), deployment(3))["spec"]["replicas"],
            3);
}

TEST(Compare, FindsMissingExtraAndKept) {
  const Application app = application();
  const Json extra = manifest(test::config_map("old", "x"));
  const Json kept = manifest(test::config_map(
      "kept", "x", "{argocd.argoproj.io/sync-options: Prune=false}"));
  const Json ignored = manifest(test::config_map(
      "ignored", "x",
      "{argocd.argoproj.io/compare-options: IgnoreExtraneous}"));
  const Comparison result =
      compare(app, desired_of({manifest(test::config_map("new", "x"))}),
              live_of({extra, kept, ignored}), {});
  EXPECT_EQ(result.sync, SyncStatus::out_of_sync);
  EXPECT_EQ(result.to_apply, 1u);
  EXPECT_EQ(result.to_prune, 2u);
  EXPECT_EQ(result.health.status, HealthStatus::missing);
  for (const ResourceState& state : result.resources) {
    EXPECT_EQ(state.may_prune, state.key.name != "kept");
    EXPECT_EQ(state.requires_prune,
              state.key.name == "old" || state.key.name == "kept");
  }
}

TEST(Compare, AProblemDegradesTheApplication) {
  const Application app = application();
  const Json object = deployment(1);
  const auto result = compare(app, desired_of({object}), {},
                              {{{key_of(object), "is not possible here"}}, {}});
  EXPECT_EQ(result.health.status, HealthStatus::degraded);
  EXPECT_EQ(result.resources[0].message, "is not possible here");
}

TEST(ShowDiff, NeverShowsASecret) {
  const Json live = manifest(
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
      "data: {same: aGVsbG8=, other: b2xk}\n");
  const Json desired = manifest(
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
      "data: {same: aGVsbG8=, other: bmV3}\n");
  const ShownDiff shown = show_diff(application(), &live, &desired);
  const std::string all = shown.live + shown.desired + shown.diff + show(live);
  for (const char* word : {"aGVsbG8", "b2xk", "bmV3"}) {
    EXPECT_EQ(all.find(word), std::string::npos);
  }
  EXPECT_NE(shown.diff.find("+  other: +++++++++ (changed)"),
            std::string::npos)
      << shown.diff;
  EXPECT_EQ(shown.diff.find("-  same"), std::string::npos);
}

struct HealthRow {
  const char* yaml;
  std::optional<HealthStatus> status;
};

TEST(Health, FollowsEachKind) {
  using enum HealthStatus;
  const HealthRow table[] = {
      {"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", std::nullopt},
      {"{apiVersion: x.io/v1, kind: Thing, metadata: {name: a}}", std::nullopt},
      {"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, "
       "spec: {replicas: 2}, status: {replicas: 2, updatedReplicas: 2, "
       "availableReplicas: 2}}", healthy},
      {"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, "
       "spec: {replicas: 2}, status: {replicas: 2, updatedReplicas: 2, "
       "availableReplicas: 1}}", progressing},
      {"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, "
       "spec: {paused: true}}", suspended},
      {"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, "
       "status: {conditions: [{type: Progressing, status: 'False', "
       "reason: ProgressDeadlineExceeded}]}}", degraded},
      {"{apiVersion: batch/v1, kind: Job, metadata: {name: a}}", progressing},
      {"{apiVersion: batch/v1, kind: Job, metadata: {name: a}, status: "
       "{conditions: [{type: Complete, status: 'True'}]}}", healthy},
      {"{apiVersion: batch/v1, kind: Job, metadata: {name: a}, status: "
       "{conditions: [{type: Failed, status: 'True'}]}}", degraded},
      {"{apiVersion: v1, kind: Pod, metadata: {name: a}, "
       "status: {phase: Failed}}", degraded},
      {"{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, "
       "status: {phase: Pending}}", progressing},
      {"{apiVersion: v1, kind: Service, metadata: {name: a}, "
       "spec: {type: LoadBalancer}}", progressing},
      {"{apiVersion: v1, kind: Service, metadata: {name: a}}", healthy},
  };
  for (const HealthRow& row : table) {
    const auto health = health_of(manifest(row.yaml));
    EXPECT_EQ(health ? std::optional(health->status) : std::nullopt,
              row.status)
        << row.yaml;
  }
}

}  // namespace
}  // namespace skerry::cd
