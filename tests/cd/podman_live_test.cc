// The podman target with the real podman, in a data folder of its own. The
// image holds one static program that every podman installation has:
// catatonit, which waits for ever (-P), or starts and fails.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "core/os/file.h"
#include "core/store/digest.h"
#include "core/text/encoding.h"
#include "target/podman/conf.h"
#include "target/podman/podman.h"
#include "world.h"

namespace skerry::cd {
namespace {

namespace fs = std::filesystem;

class NoImages : public ImageAccess {
 public:
  std::optional<PullAccess> pull_access(std::string_view) override {
    return std::nullopt;
  }
};

http::Identity me() {
  http::Identity who;
  who.name = "me";
  return who;
}

const char* const kSpec =
    "  source: {repoURL: demo/app, path: deploy}\n"
    "  destination: {server: 'podman://', namespace: web}\n"
    "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n";

std::string config(const std::string& value) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
         "data: {file: '" + value + "'}\n";
}

std::string deployment(int replicas, const std::string& more = "") {
  return fmt::format(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: hello}}\n"
      "spec:\n  replicas: {}\n  selector: {{matchLabels: {{app: hello}}}}\n"
      "  template:\n    metadata: {{labels: {{app: hello}}}}\n"
      "    spec:\n      terminationGracePeriodSeconds: 1\n"
      "      volumes: [{{name: c, configMap: {{name: c}}}}, "
      "{{name: t, emptyDir: {{}}}}]\n"
      "      containers:\n      - name: main\n"
      "        image: localhost/wait:1\n"
      "        args: [-P]\n"
      "        volumeMounts: [{{name: c, mountPath: /etc/c}}, "
      "{{name: t, mountPath: /tmp}}]\n{}",
      replicas, more);
}

std::string job(const std::string& name, const std::string& argument) {
  return "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: " + name +
         "\n  annotations: {argocd.argoproj.io/hook: PreSync}\n"
         "spec:\n  backoffLimit: 0\n  template:\n    spec:\n      restartPolicy: Never\n"
         "      containers: [{name: main, image: 'localhost/wait:1', args: [" +
         argument + "]}]\n";
}

class Machine : public test::World {
 public:
  Machine() {
    std::vector<Targets::Scheme> schemes;
    schemes.push_back(
        {"podman://",
         make_podman_target(scratch.path(), processes, *store, images,
                            [this] { return podman_settings; },
                            [this] { ++changes; })});
    podman_targets = std::make_unique<Targets>(std::move(schemes), [] {
      return std::string();
    });
    reconciler = std::make_unique<Reconciler>(
        services, *store, *sources, *podman_targets, policy,
        [] { return std::chrono::milliseconds(1000); });
    const TargetApp nobody{0, "x", "demo", "web", "podman://"};
    podman_targets->at("podman://").fingerprint(nobody);
    import_image();
  }
  ~Machine() {
    podman_targets->stop();
    run({"pod", "rm", "-f", "-a", "-t", "0"});
    run({"network", "rm", "-f",
         "skerry-" + podman::instance_of(scratch / "podman") + "-demo-web"});
    reconciler.reset();
    remove_tree(podman::run_folder_of(scratch / "podman"));
  }

  CommandResult run(std::vector<std::string> arguments) {
    Command command;
    command.argv = {(scratch / "podman/podman").native()};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    return processes.run(command);
  }

  void import_image() {
    const fs::path root = scratch / "root";
    fs::create_directories(root);
    fs::copy_file("/usr/bin/catatonit", root / "wait");
    Command tar;
    tar.argv = {"tar", "-C", root.native(), "-cf",
                (scratch / "image.tar").native(), "."};
    ASSERT_TRUE(processes.run(tar).ok());
    const auto result = run({"import", "--change", "ENTRYPOINT [\"/wait\"]",
                             (scratch / "image.tar").native(),
                             "localhost/wait:1"});
    ASSERT_TRUE(result.ok()) << result.error_output;
  }

  void create_application() {
    const Application app =
        parse_application(test::application_yaml(kSpec));
    db.write([&](Transaction& tx) { store->create(tx, app, 0, "me"); });
  }

  // Looks, with podman's time between, until a look finds nothing to do.
  void follow() {
    for (int i = 0; i < 300; ++i) {
      const auto again = reconciler->reconcile("hello");
      if (!again) return;
      clock.time += again->count();
      std::this_thread::sleep_for(std::min(*again, std::chrono::milliseconds(50)));
    }
    ADD_FAILURE() << "it never comes to rest";
  }

  std::set<std::string> running() {
    std::set<std::string> names;
    const auto out = run({"ps", "--filter", "label=skerry.app=hello",
                          "--format", "{{.Names}}"}).output;
    std::string_view rest = out;
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      names.emplace(rest.substr(0, end));
      rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    }
    return names;
  }

  bool heals() {
    return skerry::test::eventually([&] {
      follow();
      return running().size() == 1;
    });
  }

  NoImages images;
  PodmanSettings podman_settings{{"podman", "", "", std::chrono::minutes(1)}, {}, ""};
  std::atomic<int> changes = 0;
  std::unique_ptr<Targets> podman_targets;
};

TEST(PodmanTarget, RunsChangesHealsAndRemoves) {
  Machine machine;
  machine.git.commit({{"deploy/c.yaml", config("one")},
                      {"deploy/d.yaml", deployment(2)}});
  machine.create_application();
  machine.follow();
  ASSERT_EQ(machine.record().status.sync, "Synced")
      << machine.record().status.message;
  EXPECT_EQ(machine.record().status.health, "Healthy");
  const auto first = machine.running();
  EXPECT_EQ(first.size(), 2u);

  // A ConfigMap that a pod mounts replaces the pod.
  machine.git.commit({{"deploy/c.yaml", config("two")},
                      {"deploy/d.yaml", deployment(1)}});
  machine.follow();
  const auto second = machine.running();
  ASSERT_EQ(second.size(), 1u) << machine.record().status.message;
  EXPECT_FALSE(first.contains(*second.begin()));

  // A pod that is removed, or a container that is killed, comes back.
  EXPECT_TRUE(machine.run({"rm", "-f", "-t", "0", *second.begin()}).ok());
  EXPECT_TRUE(machine.heals());
  EXPECT_TRUE(machine.run({"kill", *machine.running().begin()}).ok());
  EXPECT_TRUE(machine.heals());
  EXPECT_TRUE(machine.run({"pod", "rm", "-f", "-a", "-t", "0"}).ok());
  EXPECT_TRUE(machine.heals());

  machine.reconciler->rollback(machine.record(), 0, me());
  machine.follow();
  EXPECT_EQ(machine.running(), first) << machine.record().status.message;

  machine.db.write([&](Transaction& tx) {
    machine.store->mark_deleting(tx, machine.record().id);
  });
  machine.follow();
  EXPECT_TRUE(machine.running().empty());
  EXPECT_TRUE(fs::is_empty(machine.scratch / "podman/pods"));
}

TEST(PodmanTarget, RunsHooksToTheirEnd) {
  Machine machine;
  machine.git.commit({{"deploy/c.yaml", config("one")},
                      {"deploy/d.yaml", deployment(1)},
                      {"deploy/j.yaml", job("good", "--version")}});
  machine.create_application();
  machine.follow();
  EXPECT_EQ(machine.phase(), "Succeeded")
      << machine.record().operation->message;
  EXPECT_EQ(machine.running().size(), 1u);
  machine.git.commit({{"deploy/c.yaml", config("two")},
                      {"deploy/d.yaml", deployment(1)},
                      {"deploy/j.yaml", job("bad", "/nonexistent")}});
  const auto before = machine.running();
  for (int i = 0; i < 40 && machine.phase() != "Failed"; ++i) {
    const auto again = machine.reconciler->reconcile("hello");
    if (machine.record().operation->attempt > 1) break;
    if (again) machine.clock.time += again->count();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_NE(machine.record().operation->message.find("the hook failed"),
            std::string::npos)
      << machine.record().operation->message;
  EXPECT_EQ(machine.running(), before);
}

bool within(std::chrono::seconds time, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

std::string plain_job(const std::string& argument, const std::string& spec) {
  return "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n" +
         spec +
         "  template:\n    spec:\n      restartPolicy: Never\n"
         "      containers: [{name: main, image: 'localhost/wait:1', args: [" +
         argument + "]}]\n";
}

TEST(PodmanTarget, TriesAJobAgain) {
  Machine machine;
  machine.git.commit(
      {{"deploy/j.yaml", plain_job("/nonexistent", "  backoffLimit: 1\n")}});
  machine.create_application();
  const auto health_is = [&](const std::string& health) {
    machine.follow();
    return machine.record().status.health == health;
  };
  EXPECT_TRUE(skerry::test::eventually([&] {
    return health_is("Progressing") &&
           machine.record().status.message.find("tried again") !=
               std::string::npos;
  })) << machine.record().status.message;
  std::string tried;
  EXPECT_TRUE(within(
      std::chrono::seconds(60), [&] {
        for (const auto& pod :
             fs::directory_iterator(machine.scratch / "podman/pods")) {
          if (fs::exists(pod.path() / "retries")) {
            tried = read_file(pod.path() / "retries");
          }
        }
        return health_is("Degraded");
      }))
      << machine.record().status.message;
  EXPECT_EQ(tried, "1");
  EXPECT_EQ(machine.record().status.sync, "Synced");
}

TEST(PodmanTarget, PutsAFinishedJobAway) {
  Machine machine;
  machine.git.commit({{"deploy/j.yaml",
                       plain_job("--version", "  ttlSecondsAfterFinished: 1\n")}});
  machine.create_application();
  const auto pods = [&] {
    return machine.run({"pod", "ps", "-q"}).output;
  };
  EXPECT_TRUE(within(
      std::chrono::seconds(30), [&] {
        machine.follow();
        return pods().empty() && machine.record().status.health == "Healthy";
      }));
  EXPECT_EQ(machine.store->history(machine.record().id).size(), 1u);
  // It is not run again, neither by a self-heal nor by a sync.
  machine.reconciler->sync(machine.record(), {}, me());
  machine.follow();
  EXPECT_EQ(machine.record().operation->initiated_by, "me");
  EXPECT_EQ(machine.record().status.sync, "Synced");
  EXPECT_EQ(machine.record().status.health, "Healthy");
  EXPECT_EQ(pods(), "");
  EXPECT_EQ(machine.record().operation->steps[0].message, "unchanged");
}

TEST(PodmanTarget, RemovesWhatItPulledAndNothingElse) {
  Machine machine;
  machine.git.commit({{"deploy/c.yaml", config("one")},
                      {"deploy/d.yaml", deployment(1)}});
  machine.create_application();
  machine.follow();
  ASSERT_EQ(machine.running().size(), 1u);
  for (const char* name : {"old", "needed", "by-hand"}) {
    ASSERT_TRUE(machine.run({"tag", "localhost/wait:1",
                             fmt::format("localhost/{}:1", name)}).ok());
  }
  for (const char* name : {"localhost/old:1", "localhost/needed:1",
                           "localhost/wait:1", "localhost/vanished:1"}) {
    write_file_atomically(
        machine.scratch / "podman/pulled" / digest_of(name).hex, name);
  }
  machine.podman_targets->at("podman://").tidy({"localhost/needed:1"});
  const auto there = [&](const char* name) {
    return machine.run({"image", "exists", name}).exit_code == 0;
  };
  EXPECT_FALSE(there("localhost/old:1"));
  EXPECT_TRUE(there("localhost/needed:1"));
  EXPECT_TRUE(there("localhost/by-hand:1"));
  EXPECT_TRUE(there("localhost/wait:1"));  // a container runs it
  EXPECT_FALSE(fs::exists(machine.scratch / "podman/pulled" /
                          digest_of("localhost/vanished:1").hex));
  EXPECT_EQ(machine.running().size(), 1u);
}

TEST(PodmanTarget, KeepsTheOldPodsWhenTheNewOnesCannotStart) {
  Machine machine;
  const std::string port = "        ports: [{containerPort: 1, hostPort: 39187}]\n";
  machine.git.commit({{"deploy/c.yaml", config("one")},
                      {"deploy/d.yaml", deployment(1, port)}});
  machine.create_application();
  machine.follow();
  const auto before = machine.running();
  ASSERT_EQ(before.size(), 1u) << machine.record().status.message;
  machine.git.commit(
      {{"deploy/c.yaml", config("one")},
       {"deploy/d.yaml",
        deployment(1, port + "        command: [/nonexistent]\n")}});
  for (int i = 0; i < 10; ++i) {
    machine.reconciler->reconcile("hello");
    const Record record = machine.record();
    if (record.operation->attempt > 1 || record.operation->phase == "Failed") {
      break;
    }
  }
  EXPECT_EQ(machine.running(), before);
  EXPECT_NE(machine.record().operation->message.find("nonexistent"),
            std::string::npos)
      << machine.record().operation->message;
}

TEST(PodmanTarget, SaysWhyItCannot) {
  test::World world;
  PodmanSettings settings{{"no-such-podman", "", "", std::chrono::minutes(1)},
                          {}, ""};
  NoImages images;
  const auto target = make_podman_target(
      world.scratch.path(), world.processes, *world.store, images,
      [&] { return settings; }, [] {});
  EXPECT_EQ(skerry::test::code_of([&] {
              target->fingerprint({1, "a", "demo", "web", "podman://"});
            }),
            ErrorCode::unavailable);
  EXPECT_NE(target->health().find("is not installed"), std::string::npos);
}

}  // namespace
}  // namespace skerry::cd
