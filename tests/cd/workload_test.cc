#include "target/podman/workload.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "sample.h"
#include "target/podman/conf.h"
#include "target/podman/jobs.h"
#include "target/podman/kinds.h"
#include "target/podman/replace.h"
#include "target/podman/status.h"

namespace skerry::cd::podman {
namespace {

using test::manifest;

const TargetApp kApp{1, "hello", "demo", "web", "podman://"};

Json deployment(const std::string& container, const std::string& pod = "",
                const std::string& spec = "") {
  return manifest(
      "apiVersion: apps/v1\nkind: Deployment\n"
      "metadata: {name: hello, namespace: web}\nspec:\n" + spec +
      "  template:\n    metadata: {labels: {app: hello}}\n    spec:\n" + pod +
      "      containers:\n      - name: main\n        image: r/hello:1\n" +
      container);
}

std::string service(const std::string& spec) {
  return "apiVersion: v1\nkind: Service\n"
         "metadata: {name: front, namespace: web}\n"
         "spec: {selector: {app: hello}, " + spec + "}\n";
}

Workload plan(const Json& object, std::vector<Json> others = {},
              bool privileged = false) {
  others.push_back(object);
  return plan_workload(kApp, object, others, {privileged});
}

TEST(Workload, ResolvesConfigurationIntoThePod) {
  const Json config = manifest(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: web}\n"
      "data: {GREETING: hi, file.txt: text}\n");
  const Json secret = manifest(
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: web}\n"
      "data: {TOKEN: c2VjcmV0}\nstringData: {PLAIN: p}\n");
  const Workload work = plan(
      deployment("        envFrom: [{configMapRef: {name: c}, prefix: P_}]\n"
                 "        env:\n"
                 "        - {name: TOKEN, valueFrom: {secretKeyRef: {name: s, "
                 "key: TOKEN}}}\n"
                 "        - {name: BOTH, value: '$(P_GREETING) $$(X) $(Y)'}\n"
                 "        - {name: NS, valueFrom: {fieldRef: {fieldPath: "
                 "metadata.namespace}}}\n"
                 "        args: ['--greet=$(P_GREETING)']\n"
                 "        volumeMounts: [{name: v, mountPath: /c}, "
                 "{name: w, mountPath: /s/x, subPath: PLAIN}]\n",
                 "      volumes: [{name: v, configMap: {name: c, items: "
                 "[{key: file.txt, path: f}]}}, {name: w, secret: {secretName: "
                 "s, defaultMode: 256}}]\n"),
      {config, secret});
  const Json& container = work.pod["spec"]["containers"][0];
  std::map<std::string, std::string> env;
  for (const Json& item : container["env"]) {
    env[item["name"].get<std::string>()] = item["value"].get<std::string>();
  }
  EXPECT_EQ(env["P_GREETING"], "hi");
  EXPECT_EQ(env["TOKEN"], "secret");
  EXPECT_EQ(env["BOTH"], "hi $(X) $(Y)");
  EXPECT_EQ(env["NS"], "web");
  EXPECT_EQ(container["args"][0], "--greet=hi");
  EXPECT_EQ(container["imagePullPolicy"], "Never");
  ASSERT_EQ(work.folders.size(), 2u);
  EXPECT_EQ(work.folders[0].files.at("f"), "text");
  EXPECT_EQ(work.folders[1].mode, 0400u);
  EXPECT_EQ(work.folders[1].files.at("PLAIN"), "p");
  EXPECT_EQ(container["volumeMounts"][1]["name"], "w-2");
}

TEST(Workload, AHashFollowsAllThatMakesThePod) {
  const std::string mount =
      "        volumeMounts: [{name: v, mountPath: /c}]\n";
  const std::string volume =
      "      volumes: [{name: v, configMap: {name: c}}]\n";
  const auto with = [&](const std::string& value) {
    return plan(deployment(mount, volume),
                {manifest("apiVersion: v1\nkind: ConfigMap\n"
                          "metadata: {name: c, namespace: web}\n"
                          "data: {k: " + value + "}\n")}).hash;
  };
  EXPECT_EQ(with("a"), with("a"));
  EXPECT_NE(with("a"), with("b"));
  EXPECT_EQ(plan(deployment("")).hash,
            plan(deployment("", "", "  replicas: 3\n")).hash);
  EXPECT_NE(plan(deployment("")).hash,
            plan(deployment("        args: [x]\n")).hash);
}

TEST(Workload, PublishesWhatServicesSay) {
  const std::string ports =
      "        ports: [{name: http, containerPort: 8080}]\n";
  const auto published = [&](const std::string& spec) {
    const Workload work = plan(deployment(ports), {manifest(service(spec))});
    return work.pod["spec"]["containers"][0].value("ports", Json::array());
  };
  const Json node = published(
      "type: NodePort, ports: [{port: 80, targetPort: http, nodePort: 30080}]");
  ASSERT_EQ(node.size(), 1u);
  EXPECT_EQ(node[0]["hostPort"], 30080);
  EXPECT_EQ(node[0]["containerPort"], 8080);
  const Json balancer =
      published("type: LoadBalancer, ports: [{port: 80, targetPort: 8080}]");
  EXPECT_EQ(balancer[0]["hostPort"], 80);
  EXPECT_EQ(published("ports: [{port: 8080}]").size(), 0u);
  EXPECT_EQ(plan(deployment(ports), {manifest(service("ports: [{port: 8080}]"))})
                .aliases,
            std::vector<std::string>{"front"});
  const Workload translated = plan(
      deployment(ports), {manifest(service("ports: [{port: 80, targetPort: http}]"))});
  ASSERT_EQ(translated.notices.size(), 1u);
  EXPECT_NE(translated.notices.begin()->second.front().find("not on 80"),
            std::string::npos);
  // Without a nodePort: one of Kubernetes' range, always the same.
  const Json chosen = published("type: NodePort, ports: [{port: 8080}]");
  EXPECT_GE(chosen[0]["hostPort"], 30'000);
  EXPECT_LE(chosen[0]["hostPort"], 32'767);
  EXPECT_EQ(chosen, published("type: NodePort, ports: [{port: 8080}]"));
}

struct Refusal {
  std::string container, pod, spec, message;
};

TEST(Workload, RefusesByPathWhatPodmanWouldPassOver) {
  const Refusal table[] = {
      {"        lifecycle: {preStop: {}}\n", "", "",
       "spec.template.spec.containers[0].lifecycle is not supported by the "
       "podman target"},
      {"        imagePullPolicy: Sometimes\n", "", "",
       "imagePullPolicy must be Always, IfNotPresent or Never, not Sometimes"},
      {"", "      nodeSelector: {kubernetes.io/os: windows}\n", "",
       "kubernetes.io/os is linux, not windows"},
      {"", "      nodeSelector: {kubernetes.io/arch: s390x}\n", "", "s390x"},
      {"", "      terminationGracePeriodSeconds: 86400\n", "",
       "terminationGracePeriodSeconds must be 0 to 3600"},
      {"", "      setHostnameAsFQDN: true\n", "", "setHostnameAsFQDN"},
      {"", "      affinity: x\n      unheardOf: {}\n", "", "unheardOf"},
      {"", "", "  strategy: {type: Canary}\n", "strategy.type Canary"},
      {"", "", "  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}\n",
       "strategy.rollingUpdate"},
      {"", "", "  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}\n",
       "are both 0"},
      {"", "", "  strategy: {rollingUpdate: {maxSurge: many}}\n",
       "maxSurge must be a number or a percentage"},
      {"        volumeMounts: [{name: x, mountPath: /x}]\n", "", "",
       "the pod has no volume x"},
      {"        env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: "
       "k}}}]\n", "", "", "ConfigMap c with the key k is not among"},
      {"        env: [{name: A, valueFrom: {fieldRef: {fieldPath: "
       "status.podIP}}}]\n", "", "", "fieldPath status.podIP"},
      {"        resources: {limits: {nvidia.com/gpu: 1}}\n", "", "",
       "resources.limits.nvidia.com/gpu"},
      {"        securityContext: {privileged: true}\n", "", "",
       "privileged needs the setting cd.podman_allow_privileged"},
      {"        securityContext: {capabilities: {add: [SYS_ADMIN]}}\n", "", "",
       "capabilities.add needs the setting"},
      {"        securityContext: {runAsNonRoot: true, runAsUser: 0}\n", "", "",
       "runAsNonRoot contradicts"},
      {"        ports: [{containerPort: 1, protocol: SCTP}]\n", "", "",
       "protocol SCTP"},
      {"", "      hostNetwork: true\n", "", "hostNetwork needs the setting"},
      {"", "      volumes: [{name: v, hostPath: {path: /}}]\n", "",
       "hostPath needs the setting"},
      {"", "      volumes: [{name: v, projected: {}}]\n", "", "projected"},
      {"", "      volumes: [{name: v, emptyDir: {medium: Memory}}]\n", "",
       "emptyDir.medium"},
      {"", "      volumes: [{name: v, persistentVolumeClaim: {claimName: x}}]\n",
       "", "the claim x is not among"},
      {"", "      restartPolicy: Never\n", "", "restartPolicy must be Always"},
      {"", "", "  paused: true\n", "paused"},
      {"        ports: [{containerPort: 1, hostPort: 1}]\n", "",
       "  replicas: 2\n", "only one pod can own a port"},
  };
  for (const Refusal& row : table) {
    try {
      plan(deployment(row.container, row.pod, row.spec));
      ADD_FAILURE() << "accepted: " << row.message;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid);
      EXPECT_NE(error.message().find(row.message), std::string::npos)
          << error.message();
    }
  }
}

std::vector<std::string> sentences(const Workload& work) {
  std::vector<std::string> all;
  for (const auto& [key, some] : work.notices) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// What one machine has nothing for and a pod runs without.
TEST(Workload, TellsWhatHasNoEffect) {
  const Refusal table[] = {
      {"", "      affinity: {nodeAffinity: {}}\n", "", "affinity"},
      {"", "      tolerations: [{operator: Exists}]\n", "", "tolerations"},
      {"", "      topologySpreadConstraints: [{maxSkew: 1}]\n", "",
       "topologySpreadConstraints"},
      {"", "      priorityClassName: high\n", "", "priorityClassName"},
      {"", "      schedulerName: own\n", "", "schedulerName"},
      {"", "      nodeSelector: {disk: ssd}\n", "", "nodeSelector disk"},
      {"", "      serviceAccountName: robot\n", "", "no token"},
      {"", "      automountServiceAccountToken: true\n", "", "no token"},
      {"", "      imagePullSecrets: [{name: x}]\n", "", "imagePullSecrets"},
      {"", "      enableServiceLinks: true\n", "", "enableServiceLinks"},
      {"", "      dnsPolicy: Default\n", "", "dnsPolicy Default"},
      {"", "      securityContext: {fsGroup: 1}\n", "", "fsGroup"},
      {"", "      volumes: [{name: v, emptyDir: {sizeLimit: 1Gi}}]\n", "",
       "emptyDir v"},
      {"        resources: {limits: {ephemeral-storage: 1Gi}}\n", "", "",
       "ephemeral-storage"},
      {"        livenessProbe: {tcpSocket: {port: 1}}\n", "", "",
       "livenessProbe of container main is not run"},
      {"        terminationMessagePolicy: FallbackToLogsOnError\n", "", "",
       "termination messages"},
      {"", "", "  revisionHistoryLimit: 3\n", "revisionHistoryLimit"},
      {"", "", "  progressDeadlineSeconds: 60\n", "progressDeadlineSeconds"},
  };
  for (const Refusal& row : table) {
    const auto told = sentences(plan(deployment(row.container, row.pod,
                                                row.spec)));
    ASSERT_EQ(told.size(), 1u) << row.message;
    EXPECT_NE(told[0].find(row.message), std::string::npos) << told[0];
  }
  EXPECT_TRUE(sentences(plan(deployment(
                            "        resources: {}\n        livenessProbe: "
                            "null\n",
                            "      affinity: {}\n      tolerations: []\n"
                            "      nodeSelector: {kubernetes.io/os: linux}\n"
                            "      serviceAccountName: default\n"
                            "      imagePullSecrets: []\n"
                            "      dnsPolicy: ClusterFirst\n"
                            "      securityContext: {}\n")))
                  .empty());
}

TEST(Kinds, TellOrRefuse) {
  const auto review = [](const std::string& head, const std::string& more) {
    return review_remembered(
        manifest(head + "\nmetadata: {name: x, namespace: web}\n" + more));
  };
  const char* const told[][2] = {
      {"apiVersion: v1\nkind: ServiceAccount", ""},
      {"apiVersion: rbac.authorization.k8s.io/v1\nkind: Role", "rules: []"},
      {"apiVersion: policy/v1\nkind: PodDisruptionBudget", "spec: {}"},
      {"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler", "spec: {}"},
      {"apiVersion: v1\nkind: Service",
       "spec: {externalTrafficPolicy: Local}"},
      {"apiVersion: v1\nkind: PersistentVolumeClaim",
       "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: "
       "1Gi}}}"},
      {"apiVersion: v1\nkind: PersistentVolumeClaim",
       "spec: {storageClassName: fast}"},
  };
  for (const auto& row : told) {
    EXPECT_EQ(review(row[0], row[1]).size(), 1u) << row[0] << row[1];
  }
  const char* const refused[][2] = {
      {"apiVersion: networking.k8s.io/v1\nkind: Ingress", ""},
      {"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy", ""},
      {"apiVersion: apps/v1\nkind: StatefulSet", ""},
      {"apiVersion: example.org/v1\nkind: Thing", ""},
      {"apiVersion: v1\nkind: Service", "spec: {type: ExternalName}"},
      {"apiVersion: v1\nkind: Service",
       "spec: {loadBalancerSourceRanges: [10.0.0.0/8]}"},
      {"apiVersion: v1\nkind: PersistentVolumeClaim",
       "spec: {volumeMode: Block}"},
      {"apiVersion: v1\nkind: PersistentVolumeClaim", "spec: {dataSource: {}}"},
  };
  for (const auto& row : refused) {
    EXPECT_THROW(review(row[0], row[1]), Error) << row[0] << row[1];
  }
  EXPECT_TRUE(review("apiVersion: v1\nkind: ConfigMap", "").empty());
  EXPECT_TRUE(review("apiVersion: v1\nkind: Service",
                     "spec: {type: ClusterIP, internalTrafficPolicy: Cluster, "
                     "ipFamilies: [IPv4]}")
                  .empty());
}

std::string steps(int replicas, const Rollout& rollout, int missing,
                  int stale) {
  std::vector<std::string> fresh;
  std::set<std::string> olds;
  for (int i = 0; i < missing; ++i) fresh.push_back(fmt::format("n{}", i));
  for (int i = 0; i < stale; ++i) olds.insert(fmt::format("o{}", i));
  std::string text;
  for (const RolloutStep& step :
       rollout_steps(replicas, rollout, fresh, olds, replicas - missing)) {
    text += (step.start ? "+" : "-") + step.pod + " ";
  }
  return text;
}

TEST(Rollout, KeepsToItsBounds) {
  EXPECT_EQ(steps(1, {false, 1, 0}, 1, 1), "+n0 -o0 ");
  EXPECT_EQ(steps(3, {false, 1, 0}, 3, 3), "+n0 -o0 +n1 -o1 +n2 -o2 ");
  EXPECT_EQ(steps(3, {false, 0, 1}, 3, 3), "-o0 +n0 -o1 +n1 -o2 +n2 ");
  EXPECT_EQ(steps(2, {false, 2, 0}, 2, 2), "+n0 +n1 -o0 -o1 ");
  EXPECT_EQ(steps(2, {true, 1, 0}, 2, 2), "-o0 -o1 +n0 +n1 ");
  EXPECT_EQ(steps(2, {false, 1, 0}, 2, 0), "+n0 +n1 ");
  EXPECT_EQ(steps(0, {false, 1, 0}, 0, 2), "-o0 -o1 ");
  EXPECT_EQ(steps(1, {false, 1, 0}, 1, 4), "-o0 -o1 -o2 +n0 -o3 ");
}

TEST(Rollout, FollowsTheStrategy) {
  const auto rollout = [](const std::string& strategy, int replicas) {
    return plan(deployment("", "", fmt::format("  replicas: {}\n{}", replicas,
                                               strategy)))
        .rollout;
  };
  const Rollout usual = rollout("", 8);
  EXPECT_EQ(usual.surge, 2);
  EXPECT_EQ(usual.unavailable, 2);
  EXPECT_EQ(rollout("", 1).surge, 1);
  EXPECT_EQ(rollout("", 1).unavailable, 0);
  EXPECT_TRUE(rollout("  strategy: {type: Recreate}\n", 2).recreate);
  const Rollout own = rollout(
      "  strategy: {rollingUpdate: {maxSurge: 0%, maxUnavailable: 50%}}\n", 4);
  EXPECT_EQ(own.surge, 0);
  EXPECT_EQ(own.unavailable, 2);
}

TEST(Jobs, CarryTheirRetriesAndTheirTime) {
  const auto job = [](const std::string& spec) {
    return plan(manifest("apiVersion: batch/v1\nkind: Job\n"
                         "metadata: {name: j, namespace: web}\nspec:\n" +
                         spec +
                         "  template: {spec: {restartPolicy: Never, "
                         "containers: [{name: m, image: i}]}}\n"));
  };
  EXPECT_EQ(job("").retries, 6);
  EXPECT_EQ(job("").ttl, -1);
  const Workload own =
      job("  backoffLimit: 2\n  ttlSecondsAfterFinished: 60\n");
  EXPECT_EQ(own.pod["metadata"]["labels"]["skerry.retries"], "2");
  EXPECT_EQ(own.pod["metadata"]["labels"]["skerry.ttl"], "60");
  for (const char* spec :
       {"  backoffLimit: -1\n", "  backoffLimit: many\n",
        "  ttlSecondsAfterFinished: -1\n", "  completions: 2\n",
        "  suspend: true\n", "  completionMode: Indexed\n",
        "  activeDeadlineSeconds: 5\n", "  podFailurePolicy: {}\n"}) {
    EXPECT_THROW(job(spec), Error) << spec;
  }
  EXPECT_EQ(retry_delay(0).count(), 10);
  EXPECT_EQ(retry_delay(1).count(), 20);
  EXPECT_EQ(retry_delay(60).count(), 360);
}

TEST(Workload, KeysOfConfigMapsAreNoPaths) {
  for (const char* key : {"../x", "a/b", "..", ""}) {
    Json config = manifest(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: web}\n");
    config["data"][key] = "x";
    EXPECT_THROW(plan(deployment("", "      volumes: [{name: v, configMap: "
                                     "{name: c}}]\n"),
                      {config}),
                 Error)
        << key;
  }
}

// Members of the wrong type are refused or passed over, never a crash.
TEST(Workload, BearsManifestsOfTheWrongShape) {
  const char* const services[] = {"spec: text", "spec: [1]", "spec: null",
                                  "spec: {selector: [a], ports: {}}"};
  for (const char* spec : services) {
    plan(deployment(""),
         {manifest(std::string("apiVersion: v1\nkind: Service\n"
                               "metadata: {name: s, namespace: web}\n") +
                   spec)});
  }
  plan(manifest("{apiVersion: v1, kind: Pod, metadata: {name: p, labels: [x]}, "
                "spec: {containers: [{name: m, image: i}]}}"));
  for (const char* spec : {"text", "[1]", "{template: x}",
                           "{template: {spec: {containers: {}}}}",
                           "{template: {spec: {containers: [1]}}}"}) {
    EXPECT_THROW(
        plan(manifest(std::string("apiVersion: apps/v1\nkind: Deployment\n"
                                  "metadata: {name: d}\nspec: ") + spec)),
        Error)
        << spec;
  }
}

TEST(Workload, PrivilegesNeedTheSetting) {
  const Json object =
      deployment("        securityContext: {privileged: true}\n",
                 "      volumes: [{name: v, hostPath: {path: /srv}}]\n");
  EXPECT_THROW(plan(object), Error);
  const Workload work = plan(object, {}, true);
  EXPECT_EQ(work.pod["spec"]["volumes"][0]["hostPath"]["path"], "/srv");
}

TEST(Status, CountsRunningPods) {
  Json object = deployment("", "", "  replicas: 2\n");
  set_annotation(object, kTrackingId,
                 tracking_id("hello", key_of(object)));
  const std::string owner = tracking_id("hello", key_of(object));
  const auto container = [&](const char* pod, const char* state,
                             const char* image) {
    return ContainerState{pod, "main", state, image, 1, "hello", owner};
  };
  const auto live = [&](std::vector<ContainerState> containers) {
    return live_resources(kApp, {object}, containers);
  };
  EXPECT_TRUE(live({}).empty());
  const auto both = live({container("a", "running", "r/hello:1"),
                          container("b", "running", "r/hello:1")});
  ASSERT_EQ(both.size(), 1u);
  EXPECT_EQ(both[0].object["spec"]["replicas"], 2);
  EXPECT_EQ(both[0].object["status"]["availableReplicas"], 2);
  const auto one = live({container("a", "running", "r/hello:1"),
                         container("b", "exited", "r/hello:1")});
  EXPECT_EQ(one[0].object["spec"]["replicas"], 1);
  const auto other = live({container("a", "running", "r/hello:2"),
                           container("b", "running", "r/hello:1")});
  EXPECT_EQ(other[0].object["spec"]["template"]["spec"]["containers"][0]
                           ["image"],
            "r/hello:2");
  // Of another application, or of nobody remembered.
  auto stranger = container("a", "running", "r/hello:1");
  stranger.app = "other";
  EXPECT_TRUE(live({stranger}).empty());
  auto orphan = container("z", "running", "r/x");
  orphan.owner = "hello:apps/Deployment:web/gone";
  const auto found = live({orphan});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].key.name, "gone");
}

TEST(Conf, ChoosesTheRuntime) {
  Machine machine{.unified_cgroups = false, .systemd = false, .crun = true,
                  .runc = true, .netavark = true, .open_files = 20'000,
                  .processes = 100};
  const std::string hybrid = containers_conf(machine, "", "/d", "/r");
  EXPECT_NE(hybrid.find("runtime = \"runc\""), std::string::npos);
  EXPECT_NE(hybrid.find("nofile=20000:20000"), std::string::npos);
  EXPECT_NE(hybrid.find("cgroup_manager = \"cgroupfs\""), std::string::npos);
  machine.unified_cgroups = machine.systemd = true;
  const std::string unified = containers_conf(machine, "", "/d", "/r");
  EXPECT_NE(unified.find("runtime = \"crun\""), std::string::npos);
  EXPECT_NE(unified.find("cgroup_manager = \"systemd\""), std::string::npos);
  EXPECT_NE(containers_conf(machine, "kata", "/d", "/r").find("\"kata\""),
            std::string::npos);
}

}  // namespace
}  // namespace skerry::cd::podman
