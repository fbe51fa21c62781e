#include "order.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "sample.h"

namespace skerry::cd {
namespace {

Task task(Action action, Phase phase, int wave, const char* kind,
          const char* name, bool last = false) {
  return {action, phase, wave, {"", kind, "", name}, last};
}

std::vector<std::string> ordered(std::vector<Task> tasks) {
  order_tasks(tasks);
  std::vector<std::string> names;
  for (const Task& t : tasks) names.push_back(t.key.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(Order, PhaseThenWaveThenKindThenName) {
  using enum Action;
  using enum Phase;
  EXPECT_EQ(ordered({task(hook, post_sync, -5, "Job", "post"),
                     task(apply, sync, 0, "Deployment", "b"),
                     task(apply, sync, 0, "Deployment", "a"),
                     task(apply, sync, 0, "Secret", "secret"),
                     task(apply, sync, 0, "Thing", "custom"),
                     task(apply, sync, 0, "Namespace", "ns"),
                     task(apply, sync, -1, "Ingress", "early"),
                     task(hook, pre_sync, 9, "Job", "pre")}),
            (Names{"pre", "early", "ns", "secret", "a", "b", "custom",
                   "post"}));
}

TEST(Order, PrunesInReverse) {
  using enum Action;
  using enum Phase;
  EXPECT_EQ(ordered({task(prune, sync, 0, "Namespace", "wave0-ns"),
                     task(prune, sync, 0, "Deployment", "wave0-deployment"),
                     task(prune, sync, 2, "ConfigMap", "wave2"),
                     task(apply, sync, 0, "ConfigMap", "new"),
                     task(prune, sync, 1, "Secret", "last", true)}),
            (Names{"wave2", "new", "wave0-deployment", "wave0-ns", "last"}));
}

TEST(Resource, ReadsTrackingIds) {
  Json object = test::manifest(test::config_map("a", "b"));
  object["metadata"]["namespace"] = "web";
  set_annotation(object, kTrackingId, tracking_id("hello", key_of(object)));
  EXPECT_EQ(annotation(object, kTrackingId), "hello:/ConfigMap:web/a");
  EXPECT_TRUE(is_tracked_by(object, "hello"));
  EXPECT_FALSE(is_tracked_by(object, "other"));
  object["metadata"]["name"] = "copy";
  EXPECT_FALSE(is_tracked_by(object, "hello"));
  const auto key = parse_key("apps/Deployment:web/x");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->group, "apps");
  EXPECT_EQ(key->namespace_name, "web");
  EXPECT_FALSE(parse_key("nonsense"));
}

Json hook_object(const std::string& annotations) {
  return test::manifest("apiVersion: batch/v1\nkind: Job\nmetadata:\n"
                        "  name: a\n  annotations: " + annotations + "\n");
}

TEST(Hooks, ArgoAndHelmNames) {
  const auto argo = hook_of(
      hook_object("{argocd.argoproj.io/hook: 'PreSync, PostSync', "
                  "argocd.argoproj.io/hook-delete-policy: HookSucceeded}"),
      true);
  ASSERT_TRUE(argo);
  EXPECT_EQ(argo->phases.size(), 2u);
  EXPECT_TRUE(argo->on_success);
  EXPECT_FALSE(argo->before_creation);
  const auto helm = hook_of(
      hook_object("{helm.sh/hook: 'pre-install,pre-upgrade', "
                  "helm.sh/hook-weight: '-3'}"), true);
  ASSERT_TRUE(helm);
  EXPECT_EQ(helm->phases, std::vector<Phase>{Phase::pre_sync});
  EXPECT_TRUE(helm->before_creation);
  EXPECT_EQ(wave_of(hook_object("{helm.sh/hook: x, helm.sh/hook-weight: '-3'}")),
            -3);
  EXPECT_TRUE(hook_of(hook_object("{helm.sh/hook: test}"), true)->skip);
  EXPECT_FALSE(hook_of(hook_object("{helm.sh/hook: pre-install}"), false));
}

TEST(Hooks, RefusesByNameWhatItCannotRun) {
  for (const char* text :
       {"{argocd.argoproj.io/hook: PreDelete}", "{helm.sh/hook: post-delete}",
        "{argocd.argoproj.io/hook: PreSync, "
        "argocd.argoproj.io/hook-delete-policy: Never}"}) {
    EXPECT_THROW(hook_of(hook_object(text), true), Error) << text;
  }
  EXPECT_THROW(wave_of(hook_object("{argocd.argoproj.io/sync-wave: first}")),
               Error);
  EXPECT_THROW(
      resource_options(hook_object(
          "{argocd.argoproj.io/sync-options: 'Prune=false,Delete=confirm'}")),
      Error);
}

}  // namespace
}  // namespace skerry::cd
